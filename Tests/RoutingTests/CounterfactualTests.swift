import GatewayTypes
import Health
import Testing

@testable import Routing

/// A situation with short names for what a test changes.
private func situation(
  _ request: RoutingRequest, _ candidates: [Candidate], limits: [Int: CallLimits] = [:],
  standings: [Int: ProviderStanding] = [:], boost: Double = 0.5
) -> Counterfactual {
  Counterfactual(
    request: request, roster: Roster(candidates: candidates), policy: RoutingPolicy(intentBoost: boost),
    limits: candidates.indices.map { limits[$0] ?? CallLimits() },
    standings: candidates.indices.map { standings[$0] ?? ProviderStanding() })
}

private func micro(_ count: Int) -> Money { Money(picodollars: 1_000_000) * count }

private let later = MonotonicTime(nanoseconds: 5_000_000_000)

@Suite("Counterfactual")
struct CounterfactualTests {
  @Test("cost: the price of the larger part, to the last picodollar")
  func price() throws {
    let candidates = [provider("a", input: 2, output: 2), provider("b", input: 5, output: 1)]
    let now = situation(request(input: 100, output: 100), candidates)
    #expect(now.changes(choosing: 0) == [])
    // a costs 400; b's output 100 of that, so 300 are left for its input, and a tie goes to a.
    #expect(now.changes(choosing: 1) == [.inputPrice(atMost: Money(picodollars: 2_999_999))])
    let output = situation(
      request(input: 10, output: 1000), [provider("a"), provider("b", input: 1, output: 9)])
    #expect(output.changes(choosing: 1) == [.outputPrice(atMost: Money(picodollars: 999_999))])
  }

  @Test("cost: both prices where one alone does not do, the fee where it is the most")
  func severalPrices() {
    let both = situation(
      request(input: 100, output: 100),
      [provider("a", input: 1, output: 1), provider("b", input: 9, output: 9)])
    #expect(both.changes(choosing: 1) == [.tokenPrice(atMost: Money(picodollars: 999_999))])
    var charging = provider("b", input: 1, output: 0)
    charging.prices.requestFee = micro(900)
    let fee = situation(request(input: 100, output: 100), [provider("a", input: 2, output: 2), charging])
    #expect(fee.changes(choosing: 1) == [.requestFee(atMost: Money(picodollars: 299_999_999))])
  }

  @Test("a long request changes the price of its own tier")
  func tier() throws {
    var tiered = provider("b", input: 1, output: 1)
    tiered.prices = Prices(
      tiered.prices.tokens, tiers: [.init(above: 50, tokens: TokenPrices(input: micro(9), output: micro(1)))])
    let now = situation(request(input: 100, output: 100), [provider("a", input: 2, output: 2), tiered])
    #expect(now.changes(choosing: 1) == [.inputPrice(atMost: Money(picodollars: 2_999_999))])
  }

  @Test("a tie is decided by priority, with the file's order behind it")
  func tie() {
    let tied = situation(
      request(), [provider("b", priority: 3), provider("a", priority: 2), provider("c", priority: 3)])
    #expect(tied.changes(choosing: 0) == [.priority(atMost: 2)])
    #expect(tied.changes(choosing: 2) == [.priority(atMost: 1)])
    // Nothing is cheaper than free.
    let free = situation(request(), [provider("a", input: 0, output: 0), provider("b", input: 1, output: 0)])
    #expect(free.changes(choosing: 1) == [.inputPrice(atMost: .zero), .priority(atMost: -1)])
  }

  @Test("speed: what was observed, else what the file says")
  func speed() {
    let candidates = [provider("a", milliseconds: 100), provider("b", milliseconds: 300), provider("c")]
    let standing = ProviderStanding(latency: LatencyAverage(nanoseconds: 250_000_000))
    let now = situation(request(nil, .speed), candidates, standings: [1: standing])
    #expect(now.changes(choosing: 1) == [.observedLatency(atMostNanoseconds: 99_999_999)])
    #expect(now.changes(choosing: 2) == [.configuredLatency(atMostMilliseconds: 99)])
  }

  @Test("quality: the score that passes the best, as far as scores go")
  func quality() {
    let now = situation(
      request(nil, .quality), [provider("a", quality: 0.8), provider("b", priority: -1, quality: 0.5)])
    #expect(now.changes(choosing: 1) == [.quality(atLeast: 800_000)])
    let after = situation(request(nil, .quality), [provider("a", quality: 0.8), provider("b", quality: 0.5)])
    #expect(after.changes(choosing: 1) == [.quality(atLeast: 800_001)])
    let top = situation(request(nil, .quality), [provider("a", quality: 100), provider("b", quality: 50)])
    #expect(top.changes(choosing: 1) == [.quality(atLeast: 100_000_000), .priority(atMost: -1)])
  }

  @Test("weighted: the weight that the draw needs, to the last thousandth")
  func weight() throws {
    var drawn = request(nil, .weighted)
    let candidates = (0..<5).map { provider("p\($0)") }
    for random in 1...40 as ClosedRange<UInt64> {
      drawn.random = random &* 0x9E37_79B9_7F4A_7C15
      let now = situation(drawn, candidates)
      let order = now.plan().order.map(\.index)
      for index in order.dropFirst() {
        let changes = try #require(now.changes(choosing: index))
        guard case .weight(let enough) = try #require(changes.first) else {
          Issue.record("\(changes)")
          continue
        }
        #expect(changes.count == 1 && enough > 1_000)
        #expect(now.applying(changes, to: index).plan().order.first?.index == index)
        let less = now.applying(.weight(atLeastThousandths: enough - 1), to: index)
        #expect(less.plan().order.first?.index == order[0])
      }
    }
  }

  @Test("a warm provider gives way first, and then the rank counts")
  func warm() {
    var warm = request()
    warm.warmProvider = 1
    let now = situation(
      warm, [provider("a", input: 2), provider("b", input: 9), provider("c", input: 3, output: 2)])
    #expect(now.changes(choosing: 1) == [])
    #expect(now.changes(choosing: 0) == [.withoutStickiness])
    #expect(now.changes(choosing: 2)?.first == .withoutStickiness && now.changes(choosing: 2)?.count == 2)
  }

  @Test("speed: idle time counts on both sides")
  func idle() {
    let observed = ProviderStanding(latency: LatencyAverage(nanoseconds: 300_000_000))
    var idle = observed
    idle.idleNanoseconds = LatencyAverage.fadingNanoseconds
    idle.latency = LatencyAverage(nanoseconds: 900_000_000)
    // After ten minutes without a request 900 ms count as 450.
    let now = situation(
      request(nil, .speed), [provider("a"), provider("b")], standings: [0: observed, 1: idle])
    #expect(now.changes(choosing: 1) == [.observedLatency(atMostNanoseconds: 599_999_999)])
  }

  @Test("a provider at which nothing bounds the cost has no change, and the others are as without it")
  func unbounded() {
    let now = Counterfactual(
      request: request(budgetLeft: .dollar), roster: Roster(candidates: [provider("a"), provider("b")]),
      policy: RoutingPolicy(), limits: [CallLimits(), CallLimits()],
      standings: [ProviderStanding(), ProviderStanding()], unbounded: [0: .image])
    #expect(now.plan().leftOut.map(\.reason) == [.unbounded(.image)])
    #expect(now.changes(choosing: 1) == [])
    #expect(now.changes(choosing: 0) == nil)
  }

  @Test("a boost counts on both sides")
  func boost() {
    let candidates = [
      provider("a", input: 3, output: 3, specialties: ["code"]), provider("b", input: 2, output: 2),
    ]
    let now = situation(request(intent: .codeGeneration), candidates)
    // a counts 300 of 600; b would have to cost less than that.
    #expect(now.changes(choosing: 1) == [.inputPrice(atMost: Money(picodollars: 999_999))])
    let free = [
      provider("a", input: 0, output: 0, specialties: ["code"]), provider("b", input: 0, output: 0),
    ]
    let none = situation(request(intent: .codeGeneration), free)
    #expect(none.changes(choosing: 1) == [.preferredFor(.codeGeneration), .priority(atMost: -1)])
  }

  @Test("a penalty is lifted first, and then the rank counts")
  func penalty() {
    let penalized = ProviderStanding(isPenalized: true)
    let dear = situation(
      request(), [provider("a", input: 2, output: 2), provider("b", input: 3, output: 2)],
      standings: [1: penalized])
    #expect(
      dear.changes(choosing: 1) == [.noPenalty, .inputPrice(atMost: Money(picodollars: 1_999_999))])
    let cheap = situation(request(), [provider("a", input: 2), provider("b")], standings: [1: penalized])
    #expect(cheap.changes(choosing: 1) == [.noPenalty])
  }

  @Test(
    "what stands in the way of the cheapest is taken away",
    arguments: [
      (.requestLimitReached, [.requestsPerMinute(atLeast: 101)]),
      (.tokenLimitReached, [.wait(until: later)]), (.coolingDown, [.wait(until: later)]),
      (.heldAfterRateLimit, [.wait(until: later)]), (.circuitOpen(.timeout), [.wait(until: later)]),
      (.aboveTokenLimit, [.tokensPerMinute(atLeast: 100)]),
      (.concurrencyLimitReached, [.concurrency(atLeast: 8)]), (.setDown, [.setUp]),
    ] as [(Unavailability, [RoutingChange])])
  func health(reason: Unavailability, changes: [RoutingChange]) {
    let standing = ProviderStanding(unavailability: reason, retryAt: later)
    let limits = CallLimits(requestsPerMinute: 100, tokensPerMinute: 50, concurrency: 7)
    let now = situation(
      request(), [provider("a"), provider("b", input: 9)], limits: [0: limits], standings: [0: standing])
    #expect(now.changes(choosing: 0) == changes)
    #expect(now.changes(choosing: 1) == [])
  }

  @Test("a bound of the request lets in the one in between as well")
  func bounds() {
    let candidates = [
      provider("a", input: 3, output: 3), provider("b", input: 2, output: 2),
      provider("c", input: 1, output: 1),
    ]
    let alone = situation(request(maxCost: micro(100)), candidates)
    #expect(alone.plan().order.isEmpty)
    #expect(alone.changes(choosing: 2) == [.maxCost(atLeast: micro(200))])
    // With 600 allowed the cheaper two are in before it.
    #expect(
      alone.changes(choosing: 0) == [
        .maxCost(atLeast: micro(600)), .tokenPrice(atMost: Money(picodollars: 1_000_000)),
      ])
    let broke = situation(request(budgetLeft: micro(99)), candidates)
    #expect(broke.changes(choosing: 2) == [.budgetLeft(atLeast: micro(100))])
    let small = situation(request(), [provider("a", window: 100), provider("b", input: 9)])
    #expect(small.changes(choosing: 0) == [.contextWindow(atLeast: 101)])
    let off = situation(request(), [provider("a", enabled: false), provider("b", input: 9)])
    #expect(off.changes(choosing: 0) == [.enabled])
    let locked = situation(request(allowed: ["b"]), [provider("a"), provider("b", input: 9)])
    #expect(locked.changes(choosing: 0) == [.allowedForKey])
    let tools = situation(
      request(needs: [.chat, .tools]),
      [provider("a"), provider("b", input: 9, capabilities: [.chat, .tools])])
    #expect(tools.changes(choosing: 0) == [.without(.tools)])
    let embeddings = situation(request(needs: [.embeddings]), [provider("a")])
    #expect(embeddings.changes(choosing: 0) == nil)
  }

  @Test(
    "in any situation the changes choose the provider, and the last of them by a hair", arguments: 1...200)
  func anySituation(seed: Int) throws {
    var random = SeededGenerator(seed: seed)
    let candidates = (0..<Int.random(in: 2...8, using: &random)).map { index in
      provider(
        "p\(index)", input: .random(in: 0...5, using: &random), output: .random(in: 0...5, using: &random),
        priority: .random(in: 0...2, using: &random), window: [nil, 50, 5000].randomElement(using: &random)!,
        maxOutput: [nil, 20].randomElement(using: &random)!,
        specialties: Bool.random(using: &random) ? ["code"] : [],
        quality: Double(Int.random(in: 0...4, using: &random)) / 4,
        milliseconds: [nil, 10, 200].randomElement(using: &random)!,
        enabled: Int.random(in: 0...9, using: &random) > 0)
    }
    let reasons: [Unavailability?] = [nil, nil, nil, nil, .setDown, .coolingDown, .requestLimitReached]
    var standings: [Int: ProviderStanding] = [:]
    for index in candidates.indices {
      var standing = ProviderStanding(
        unavailability: reasons.randomElement(using: &random)!, isPenalized: Bool.random(using: &random))
      if Bool.random(using: &random) {
        standing.latency = LatencyAverage(nanoseconds: .random(in: 0...300_000_000, using: &random))
      }
      standings[index] = standing
    }
    let now = situation(
      request(
        nil, RankingStrategy.allCases.randomElement(using: &random)!,
        intent: [.general, .codeGeneration].randomElement(using: &random)!,
        input: .random(in: 0...200, using: &random), output: .random(in: 0...200, using: &random),
        maxCost: [nil, micro(500)].randomElement(using: &random)!,
        budgetLeft: [nil, micro(300)].randomElement(using: &random)!),
      candidates, standings: standings, boost: [1, 0.5, 0.333].randomElement(using: &random)!)
    for index in candidates.indices {
      let changes = try #require(now.changes(choosing: index), "p\(index) can always be made the first")
      let changed = changes.reduce(now) { $0.applying($1, to: index) }
      #expect(changed.plan().order.first?.index == index)
      guard let last = changes.last, let weaker = last.weakened else { continue }
      let missed = changes.dropLast().reduce(now) { $0.applying($1, to: index) }.applying(weaker, to: index)
      #expect(missed.plan().order.first?.index != index, "\(last) is the last bound that does")
    }
  }
}

extension RoutingChange {
  /// One step short of the change; nil where there are no steps.
  fileprivate var weakened: RoutingChange? {
    let step = Money(picodollars: 1)
    switch self {
    case .inputPrice(let price): return .inputPrice(atMost: price + step)
    case .outputPrice(let price): return .outputPrice(atMost: price + step)
    case .tokenPrice(let price): return .tokenPrice(atMost: price + step)
    case .requestFee(let fee): return .requestFee(atMost: fee + step)
    case .priority(let priority): return .priority(atMost: priority + 1)
    case .quality(let millionths): return .quality(atLeast: millionths - 1)
    case .configuredLatency(let milliseconds): return .configuredLatency(atMostMilliseconds: milliseconds + 1)
    case .observedLatency(let nanoseconds): return .observedLatency(atMostNanoseconds: nanoseconds + 1)
    case .contextWindow(let tokens): return .contextWindow(atLeast: tokens - 1)
    case .maxCost(let cost): return .maxCost(atLeast: cost - step)
    case .budgetLeft(let left): return .budgetLeft(atLeast: left - step)
    case .weight(let thousandths): return .weight(atLeastThousandths: thousandths - 1)
    case .noPenalty, .withoutStickiness, .preferredFor, .wait, .setUp, .requestsPerMinute, .tokensPerMinute,
      .concurrency,
      .enabled, .allowedForKey, .without:
      return nil
    }
  }
}
