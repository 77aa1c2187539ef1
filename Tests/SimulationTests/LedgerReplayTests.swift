import Accounting
import Configuration
import Fleet
import GatewayTypes
import Health
import Routing
import Testing

@testable import Simulation

@Suite("LedgerReplay")
struct LedgerReplayTests {
  private let log: ReplayLog

  init() throws {
    log = try ReplayLog()
  }

  @Test("a request that goes elsewhere costs that provider's prices on the tokens that it used, exactly")
  func money() throws {
    for number in 0..<10 {
      try log.write(
        "r\(number)", endedAt: number * 100, provider: "a", input: 100 + number, cost: 333 + number)
    }
    let replay = try LedgerReplay(
      ledger: log.path, under: ReplayLog.file([("a", 3, 3), ("b", 2, 5)]))
    #expect(replay.requestCount == 10 && replay.movedCount == 10 && replay.undecidedCount == 10)
    #expect(replay.requests("a") == [10, 0] && replay.requests("b") == [0, 10])
    // 2 × (100 + … + 109) + 5 × 100, where 3,375 was paid.
    #expect(replay.newCost("b") == 2 * 1_045 + 500)
    #expect(replay.difference == Money(picodollars: 2_590 - 3_375))
    #expect(replay.table().contains("difference: -0.000000000785 USD, saved"))
    #expect(replay.json().contains(#""difference_usd":"-0.000000000785""#))
  }

  @Test("under the file it was decided by, nothing moves and nothing costs more")
  func same() throws {
    let file = ReplayLog.file([("a", 3, 3), ("b", 2, 5)])
    for number in 0..<10 {
      let request = RoutingRequest(inputTokens: 100, outputTokens: 10)
      log.decide(
        "r\(number)", endedAt: number * 100, latency: 50, request, under: file,
        attempts: [("b", "success", 50)])
      try log.write("r\(number)", endedAt: number * 100, latency: 50, provider: "b", cost: 250)
    }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.movedCount == 0 && replay.undecidedCount == 0)
    #expect(replay.difference == .zero)
    #expect(replay.requests("b") == [10, 10])
  }

  @Test("a user stays where the prompts are warm, for as long as routing.sticky says")
  func sticky() throws {
    // b is cheaper, but takes one request a minute; the second of ada's requests goes where the first went.
    for (number, user) in ["bob", "ada", "ada", "eve"].enumerated() {
      try log.write("r\(number)", endedAt: number * 40_000, provider: "a", cost: 330, user: user)
    }
    func replay(sticky: Duration?) throws -> LedgerReplay {
      try LedgerReplay(
        ledger: log.path,
        under: ReplayLog.file([("a", 3, 3), ("b", 2, 3)]) {
          $0.providers[1].rateLimitRequestsPerMinute = 1
          $0.routing.sticky = sticky
        })
    }
    #expect(try replay(sticky: nil).requests("a") == [4, 2])
    #expect(try replay(sticky: .seconds(600)).requests("a") == [4, 2])
    #expect(try replay(sticky: nil).limitHits("b") == [0, 2])
    #expect(try replay(sticky: .seconds(600)).limitHits("b") == [0, 1])
  }

  @Test("weights share the requests out, by their ids, as the gateway draws")
  func weighted() throws {
    var random = SplitMix(state: 7)
    var drawn = 0
    let file = ReplayLog.file([("a", 1, 1), ("b", 1, 1)]) {
      $0.routing.strategy = .weighted
      $0.providers[0].weightThousandths = 3_000
    }
    for number in 0..<400 {
      let id = "req_" + String(random.next() >> 4 | 1 << 59, radix: 16) + "00000000"
      try log.write(id, endedAt: number * 100, provider: "a", cost: 110)
      let request = RoutingRequest(
        strategy: .weighted, inputTokens: 1, outputTokens: 1, random: RoutingRequest.drawBits(of: id))
      let plan = Router.plan(request, roster: Roster(file)) { _ in ProviderStanding() }
      if plan.order.first?.index == 0 { drawn += 1 }
    }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect((260...340).contains(drawn))
    #expect(replay.requests("a") == [400, drawn])
  }

  @Test("how long answers are is learned of each model as the replay goes")
  func learned() throws {
    // b costs less by the token and, in this log, says three times as much: so it is the dearer one.
    for number in 0..<40 {
      let isA = number.isMultiple(of: 2)
      let id = "r\(number)"
      let model = isA ? "a" : "b"
      let file = ReplayLog.file([("a", 0, 3), ("b", 0, 2)])
      log.decide(
        id, endedAt: number * 1_000, RoutingRequest(model: .named(model), inputTokens: 1, outputTokens: 400),
        under: file, attempts: [(model, "success", 10)])
      try log.write(
        id, endedAt: number * 1_000, provider: model, output: isA ? 100 : 300, cost: isA ? 300 : 600)
    }
    try log.write("free", endedAt: 60_000, provider: "b", output: 100, cost: 200)
    let replay = try LedgerReplay(ledger: log.path, under: ReplayLog.file([("a", 0, 3), ("b", 0, 2)]))
    #expect(replay.requests("a") == [20, 21] && replay.requests("b") == [21, 20])
  }

  @Test("a limit of requests a minute holds in any minute of the log's clock, and its hits are counted")
  func requestLimit() throws {
    for (number, second) in [0, 1, 2, 3, 4, 61, 62, 63].enumerated() {
      try log.write("r\(number)", endedAt: second * 1_000, provider: "b", cost: 500)
    }
    let file = ReplayLog.file([("a", 1, 1), ("b", 2, 5)]) { $0.providers[0].rateLimitRequestsPerMinute = 2 }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    // The requests of seconds 0, 1, and those of 61 and 62, when these have left the window.
    #expect(replay.requests("a") == [0, 4] && replay.requests("b") == [8, 4])
    #expect(replay.limitHits("a") == [0, 4])
  }

  @Test("requests under way count for max_concurrency until they end")
  func concurrency() throws {
    let file = ReplayLog.file([("a", 1, 1), ("b", 2, 5)]) { $0.providers[0].maxConcurrency = 1 }
    // Decided at 0, 500, 1,000 and 1,500 ms, each taking a second.
    for number in 0..<4 {
      try log.write(
        "r\(number)", endedAt: 1_000 + number * 500, latency: 1_000, provider: "a", cost: 110)
    }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.requests("a") == [4, 2] && replay.requests("b") == [0, 2])
    #expect(replay.limitHits("a") == [0, 2])
  }

  @Test("requests are decided in the order in which they came, not that in which they ended")
  func order() throws {
    let file = ReplayLog.file([("a", 1, 1), ("b", 2, 5)]) { $0.providers[0].rateLimitRequestsPerMinute = 1 }
    // The slow one came first, so the place under the limit is its.
    try log.write("quick", endedAt: 2_000, latency: 100, provider: "b", input: 7, cost: 64)
    try log.write("slow", endedAt: 5_000, latency: 5_000, provider: "b", input: 1_000, cost: 2_050)
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.newCost("a") == 1_010 && replay.newCost("b") == 64)
  }

  @Test("a failure of the log fails again, and the request falls to the next")
  func failure() throws {
    let file = ReplayLog.file([("a", 1, 1), ("b", 2, 5)])
    let request = RoutingRequest(inputTokens: 100, outputTokens: 10)
    log.decide(
      "r", endedAt: 3_000, latency: 3_000, request, under: file,
      attempts: [("a", "timeout", 2_000), ("b", "success", 1_000)])
    try log.write(
      "r", endedAt: 3_000, latency: 3_000, provider: "b", cost: 250, fallbacks: ["a"])
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.requests("b") == [1, 1] && replay.requests("a") == [0, 0])
    #expect(replay.movedCount == 0 && replay.difference == .zero)
  }

  @Test(
    "others meet a failing provider as well, for half a minute or until it answers; then its breaker opens")
  func outage() throws {
    let old = ReplayLog.file([("a", 1, 1), ("b", 2, 5)])
    let new = ReplayLog.file([("c", 0, 1), ("a", 1, 1), ("b", 2, 5)]) {
      $0.providers[0].disabledReason = "off"
      $0.routing.penaltyThreshold = 1
    }
    func fail(_ id: String, at milliseconds: Int) throws {
      log.decide(
        id, endedAt: milliseconds, RoutingRequest(inputTokens: 100, outputTokens: 10), under: old,
        attempts: [("a", "transient", 0), ("b", "success", 0)])
      try log.write(id, endedAt: milliseconds, provider: "b", cost: 250, fallbacks: ["a"])
    }
    func direct(_ id: String, at milliseconds: Int, to provider: String = "b") throws {
      log.decide(
        id, endedAt: milliseconds, RoutingRequest(inputTokens: 100, outputTokens: 10), under: old,
        attempts: [(provider, "success", 0)])
      try log.write(id, endedAt: milliseconds, provider: provider, cost: 250)
    }
    try fail("f", at: 0)
    // Sent to b in the log; the replay tries a, which is down.
    try direct("d1", at: 1_000)
    // More than half a minute later a is taken to be up again.
    try direct("d2", at: 31_001)
    // It fails again; with those after it that is three in a row.
    try fail("g", at: 40_000)
    try direct("d3", at: 41_000)
    try direct("d4", at: 42_000)
    // The breaker is open for a minute, whatever the provider could do by now.
    try direct("d5", at: 75_000)
    try direct("d6", at: 103_000)
    let replay = try LedgerReplay(ledger: log.path, under: new)
    #expect(replay.requests("a") == [0, 2])
    #expect(replay.requests("b") == [8, 6])
  }

  @Test("what the request asked for is asked again; the strategy of the file only where it asked for none")
  func asked() throws {
    let old = ReplayLog.file([("a", 1, 1), ("b", 2, 5)])
    let new = ReplayLog.file([("a", 1, 1), ("b", 2, 5)]) {
      $0.routing.strategy = .quality
      $0.providers[1].qualityScore = 0.9
    }
    let cheapest = RoutingRequest(strategy: .cost, inputTokens: 100, outputTokens: 10)
    for (id, isAsked) in [("asked", true), ("file", false)] {
      log.decide(
        id, endedAt: 0, cheapest, under: old, isStrategyAsked: isAsked, attempts: [("a", "success", 0)])
      try log.write(id, endedAt: 0, provider: "a", cost: 110)
    }
    let named = RoutingRequest(model: .named("b"), inputTokens: 100, outputTokens: 10)
    log.decide("named", endedAt: 0, named, under: old, attempts: [("b", "success", 0)])
    try log.write("named", endedAt: 0, provider: "b", cost: 250)
    let bound = RoutingRequest(
      strategy: .cost, inputTokens: 100, outputTokens: 10, maxCost: Money(picodollars: 200))
    log.decide("bound", endedAt: 0, bound, under: old, attempts: [("a", "success", 0)])
    try log.write("bound", endedAt: 0, provider: "a", cost: 110)
    let replay = try LedgerReplay(ledger: log.path, under: new)
    #expect(replay.requests("a") == [3, 2] && replay.requests("b") == [1, 2])
    // b does not exist under this file: nobody can be asked.
    let gone = try LedgerReplay(ledger: log.path, under: ReplayLog.file([("a", 1, 1)]))
    #expect(gone.nobody.new.requests == 1 && gone.requests("a") == [3, 3])
  }

  @Test("a key may ask what the file lets it ask")
  func keys() throws {
    try log.write("r", endedAt: 0, provider: "a", cost: 110, key: "team")
    let file = ReplayLog.file([("a", 1, 1), ("b", 2, 5)]) {
      var key = ClientKeyConfiguration(name: "team", key: Secret("12345678"))
      key.models = ["m-b"]
      $0.keys = [key]
    }
    #expect(try LedgerReplay(ledger: log.path, under: file).requests("b") == [0, 1])
  }

  @Test("what cannot be decided again stands on both sides; what nobody answered is estimated")
  func kept() throws {
    try log.write(
      "crashed", endedAt: 0, provider: "a", input: 0, output: 0, cost: 9_999, status: .unknown)
    try log.write("cached", endedAt: 1, provider: nil, input: 5, output: 5, cost: 0, status: .cached)
    let old = ReplayLog.file([("a", 1, 1)]) { $0.providers[0].disabledReason = "off" }
    log.decide(
      "refused", endedAt: 2, RoutingRequest(inputTokens: 100, outputTokens: 10), under: old, attempts: [])
    try log.write("refused", endedAt: 2, provider: nil, input: 0, output: 0, cost: 0, status: .error)
    try log.write("gone", endedAt: 3, provider: "a", cost: 110, status: .cancelled)
    let replay = try LedgerReplay(ledger: log.path, under: ReplayLog.file([("b", 2, 5)]))
    #expect(replay.keptCount == 2 && replay.estimatedCount == 1)
    #expect(replay.rows[ProviderID("a")]?.new.cost == Money(picodollars: 9_999))
    // One estimated from the expected tokens, and one that its caller left.
    #expect(replay.newCost("b") == 2 * 250)
    #expect(replay.nobody.old.requests == 2 && replay.nobody.new.requests == 1)
    #expect(replay.total.old.requests == 4 && replay.total.new.requests == 4)
  }

  @Test("a line with any numbers that the ledger takes is replayed")
  func hugeNumbers() throws {
    let most = 1_000_000_000_000_000
    try log.write("early", endedAt: 0, latency: most, provider: "a", input: most, output: most, cost: 1)
    try log.write(
      "late", endedAt: 250_000_000_000_000, latency: most, provider: "a", input: 0, output: 0, cost: 0)
    try log.write("later", endedAt: 250_000_000_000_001, provider: "b", input: most, cost: most)
    let file = ReplayLog.file([("a", 1_000_000_000, 1_000_000_000), ("b", 2, 5)]) {
      $0.providers[0].rateLimitTokensPerMinute = most
      $0.providers[1].rateLimitTokensPerMinute = 1
    }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.requestCount == 3 && replay.total.new.requests == 3)
  }

  @Test("only what ended between two times is replayed")
  func times() throws {
    for number in 0..<10 { try log.write("r\(number)", endedAt: number * 1_000, provider: "a", cost: 110) }
    let replay = try LedgerReplay(
      ledger: log.path, under: ReplayLog.file([("a", 1, 1)]), since: ReplayLog.time(3_000),
      until: ReplayLog.time(7_000))
    #expect(replay.requestCount == 4)
  }

  @Test(
    "any traffic comes to the same sums as counted by hand, and each request is counted once",
    arguments: 1...20)
  func anyTraffic(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let file = ReplayLog.file([("a", 3, 1), ("b", 2, 9), ("c", 4, 4)]) { file in
      file.providers[0].rateLimitRequestsPerMinute = 30
      file.providers[1].maxConcurrency = 3
    }
    var now = 0
    var costs = 0
    var usages: [TokenUsage] = []
    for number in 0..<500 {
      now += .random(in: 0...500, using: &random)
      let (input, output) = (
        Int.random(in: 0...1_000, using: &random), Int.random(in: 1...300, using: &random)
      )
      let provider = ["a", "b", "c"].randomElement(using: &random)!
      let latency = Int.random(in: 0...5_000, using: &random)
      let cost = Int.random(in: 0...5_000, using: &random)
      costs += cost
      usages.append(TokenUsage(uncachedInput: input, output: output))
      if Bool.random(using: &random) {
        log.decide(
          "r\(number)", endedAt: now, latency: latency,
          RoutingRequest(inputTokens: input, outputTokens: 100), under: file,
          attempts: [(provider, "success", latency)])
      }
      try log.write(
        "r\(number)", endedAt: now, latency: latency, provider: provider, input: input, output: output,
        cost: cost)
    }
    let replay = try LedgerReplay(ledger: log.path, under: file)
    #expect(replay.requestCount == 500)
    #expect(replay.total.old.cost == Money(picodollars: Int128(costs)))
    #expect(replay.total.new.requests == 500 && replay.nobody.new.requests == 0)
    // No sum of a provider is beyond what its prices make of all tokens, and together they are in between.
    let bounds = file.providers.map { provider in usages.map { provider.prices.cost(of: $0) } }
    let least = usages.indices.reduce(Money.zero) { sum, index in
      sum + (bounds.map { $0[index] }.min() ?? .zero)
    }
    let most = usages.indices.reduce(Money.zero) { sum, index in
      sum + (bounds.map { $0[index] }.max() ?? .zero)
    }
    #expect(replay.total.new.cost >= least && replay.total.new.cost <= most)
    #expect(replay.difference == replay.total.new.cost - replay.total.old.cost)
    // The same log gives the same replay.
    let again = try LedgerReplay(ledger: log.path, under: file)
    #expect(again.rows == replay.rows && again.movedCount == replay.movedCount)
  }
}
