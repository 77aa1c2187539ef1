import Accounting
import GatewayTypes
import Health
import Routing
import Testing

@testable import Decisions

private let plannedAt = MonotonicTime(nanoseconds: 1_000_000_000)
private let endedAt = MonotonicTime(nanoseconds: 1_212_000_000)
private let deadline = MonotonicTime(nanoseconds: 61_000_000_000)
private let time = Timestamp(millisecondsSince1970: 1_764_103_150_212)

/// Four providers of which the last cannot do tools.
private let heading = DecisionHeading(
  candidates: (0..<4).map { index in
    var prices = Prices(
      input: Money(picodollars: 1_000_000) * (index + 1), output: Money(picodollars: 2_000_001),
      requestFee: Money(picodollars: Int128(index)))
    if index == 1 {
      prices = Prices(
        prices.tokens, tiers: [.init(above: 100, tokens: TokenPrices(input: .dollar, output: .zero))])
    }
    return Candidate(
      id: ProviderID("p\(index)"), name: "p\(index)", model: "m\"\(index)", prices: prices,
      priority: index % 2, contextWindow: index == 2 ? 8_192 : nil, intents: [IntentSet(.education)],
      qualityScore: 0.25, latency: index == 0 ? .milliseconds(200) : nil,
      weightThousandths: [3_000, 1_000, 500, 0][index],
      capabilities: index == 3 ? [.chat] : [.chat, .streaming])
  }, limits: [CallLimits(requestsPerMinute: 60), CallLimits(), CallLimits(tokensPerMinute: 9), CallLimits()],
  policy: RoutingPolicy(intentBoost: 0.5))

private let roster = Roster(candidates: heading.candidates)

private func line(
  _ request: RoutingRequest, _ plan: RoutePlan, id: String = "req_1", attempts: [(Int, String, Duration)] = []
) -> [UInt8] {
  var bytes: [UInt8] = []
  DecisionLine(request, plan, isStrategyAsked: true, plannedAt: plannedAt, deadline: deadline).append(
    to: &bytes, id: id, heading: heading.line.key, time: time, endedAt: endedAt, attemptCount: attempts.count
  ) { (attempts[$0].0, attempts[$0].1, attempts[$0].2) }
  return bytes
}

@Suite("DecisionLine")
struct DecisionLineTests {
  @Test("a line is one object with the documented keys")
  func shape() {
    let request = RoutingRequest(
      model: .named("f\"\n"), intent: .education, inputTokens: 9, inputTokenBound: 300, outputTokens: 400,
      maxCost: Money(picodollars: 5), budgetLeft: Money(picodollars: -1), allowedModels: ["p0", "p1", "p2"])
    var planned = request
    (planned.model, planned.maxCost, planned.budgetLeft) = (.any, nil, nil)
    let plan = Router.plan(planned, roster: roster, policy: heading.policy) { index in
      guard index == 0 else {
        return ProviderStanding(
          isPenalized: true, isOnTrial: index == 1,
          answer: index == 2 ? ExpectedAnswer(exactly: 200) : ExpectedAnswer())
      }
      return ProviderStanding(
        unavailability: .circuitOpen(.timeout), retryAt: plannedAt + .nanoseconds(1_000_001))
    }
    let bytes = line(request, plan, attempts: [(2, "success", .milliseconds(212))])
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"""
        {"t":1764103150212,"i":"req_1","r":"\#(key)","w":212,"d":60000,"m":"f\u0022\u000a","s":"cost","f":1,"n":"education","in":9,"ib":300,"o":400,"k":16,"mc":5,"bl":-1,"c":[[2,427000202,-1,3,200],[1,818000400,-1,7]],"x":[[0,809000400,200000000,0,11,2,0,2],[3,836000403,-1,0,1,0,0,-1]],"a":[[2,"success",212]]}

        """#)
  }

  private var key: String {
    let digits = String(heading.line.key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test("a heading is read back as it was")
  func headingReadBack() throws {
    let read = try #require(DecisionHeading(line: heading.line.line.dropLast()))
    #expect(read.line == heading.line)
    #expect(read.candidates.map(\.prices) == heading.candidates.map(\.prices))
    #expect(read.limits == heading.limits)
    #expect(read.candidates.map(\.weightThousandths) == [3_000, 1_000, 500, 0])
    #expect(read.policy == heading.policy)
    var candidates = heading.candidates
    candidates[0].priority = 9
    let other = DecisionHeading(candidates: candidates, limits: heading.limits, policy: heading.policy)
    #expect(other.line.key != heading.line.key)
  }

  @Test(
    "any plan is read back, and planned again it is the same", arguments: RankingStrategy.allCases, 1...60)
  func readBack(strategy: RankingStrategy, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    // How long answers are is learned of each model as it is in the gateway.
    func learned() -> ExpectedAnswer {
      var length = AnswerLength()
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        length.record(tokens: .random(in: 0...3_000, using: &random), isCut: false, now: plannedAt)
      }
      return length.expectation(now: plannedAt)
    }
    let reasons: [Unavailability?] = [
      nil, nil, nil, .setDown, .circuitOpen(nil), .circuitOpen(.credential), .trialsTaken,
      .heldAfterRateLimit, .coolingDown, .requestLimitReached, .tokenLimitReached, .aboveTokenLimit,
      .concurrencyLimitReached,
    ]
    let standings = heading.candidates.map { _ in
      var standing = ProviderStanding(
        unavailability: reasons.randomElement(using: &random)!, isPenalized: Bool.random(using: &random),
        isOnTrial: Bool.random(using: &random))
      if standing.unavailability != nil { standing.retryAt = plannedAt + .milliseconds(1500) }
      if Bool.random(using: &random) {
        standing.latency.record(
          latency: .milliseconds(Int64.random(in: 100...900, using: &random)),
          timeToFirstToken: Bool.random(using: &random) ? .milliseconds(90) : nil, outputTokens: 50)
      }
      if Bool.random(using: &random) {
        standing.idleNanoseconds = .random(in: 0...3_600_000_000_000, using: &random)
      }
      standing.answer = learned()
      return standing
    }
    let request = RoutingRequest(
      strategy: strategy,
      intent: Intent.allCases.randomElement(using: &random)!,
      inputTokens: .random(in: 0...200, using: &random),
      outputTokens: .random(in: 0...900, using: &random), usualAnswer: learned(),
      maxOutputTokens: [nil, nil, 200].randomElement(using: &random)!,
      choiceCount: .random(in: 1...3, using: &random),
      needs: Bool.random(using: &random) ? [.chat] : [.chat, .streaming],
      maxCost: [nil, Money(picodollars: 900_000_000)].randomElement(using: &random)!,
      budgetLeft: [nil, Money(picodollars: 90_000_000)].randomElement(using: &random)!,
      allowedModels: Bool.random(using: &random) ? ["*"] : ["p0", "p3"],
      warmProvider: [nil, 0, 1, 2, 3].randomElement(using: &random)!,
      random: strategy == .weighted ? random.next() : 0)
    var unbounded: [Int: UnboundedCost] = [:]
    if Int.random(in: 0...3, using: &random) == 0 {
      unbounded[.random(in: 0...3, using: &random)] = UnboundedCost.allCases.randomElement(using: &random)!
    }
    let plan = Router.plan(request, roster: roster, policy: heading.policy) { standings[$0] }
      .leavingOut { unbounded[$0].map { .unbounded($0) } }
    let bytes = line(request, plan, attempts: plan.order.map { ($0.index, "timeout", .milliseconds(5)) })
    let decision = try #require(Decision(line: bytes.dropLast(), heading: heading))

    #expect(decision.id == "req_1" && decision.time == time && decision.isStrategyAsked)
    #expect(decision.deadline == .seconds(60))
    #expect(decision.plannedAt.nanoseconds == (time.millisecondsSince1970 - 212) * 1_000_000)
    // All are candidates, so the indices are the same; the clock is another.
    let clock = decision.plannedAt - plannedAt
    let ranked = plan.order.map { decided($0, strategy) }
    let leftOut = plan.leftOut.map {
      DecidedCandidate(
        index: $0.index, expected: $0.expected, isPenalized: $0.isPenalized,
        idleNanoseconds: strategy == .speed ? $0.idleNanoseconds : 0, reason: $0.reason,
        retryAt: $0.retryAt.map { $0 + clock })
    }
    #expect(decision.candidates == ranked + leftOut)
    #expect(decision.attempts.map(\.provider) == plan.order.map { roster.candidates[$0.index].id })
    let again = decision.counterfactual.plan()
    // Idle time is kept where it counts; all else is exact.
    #expect(again.order.map(\.index) == plan.order.map(\.index))
    #expect(again.order.map { decided($0, strategy) } == ranked)
    #expect(again.leftOut.map(\.expected) == plan.leftOut.map(\.expected))
    #expect(again.leftOut.map(\.reason) == plan.leftOut.map(\.reason))
    #expect(again.leftOut.map(\.retryAt) == leftOut.map(\.retryAt))
  }

  /// As a line keeps it: idle time only where it counts.
  private func decided(_ ranked: RankedCandidate, _ strategy: RankingStrategy) -> DecidedCandidate {
    DecidedCandidate(
      index: ranked.index, expected: ranked.expected, isBoosted: ranked.isBoosted,
      isPenalized: ranked.isPenalized, isOnTrial: ranked.isOnTrial, isWarm: ranked.isWarm,
      sharePerMillion: ranked.sharePerMillion,
      idleNanoseconds: strategy == .speed ? ranked.idleNanoseconds : 0)
  }

  @Test(
    "chance decides again as it did, though some of the file's providers were no candidates",
    arguments: 1...50)
  func drawnAmongSome(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var candidates = (0..<40).map { index in
      Candidate(
        id: ProviderID("p\(index)"), name: "p\(index)", model: index % 3 == 0 ? "a" : "b", prices: .free,
        weightThousandths: .random(in: 1...5_000, using: &random))
    }
    candidates[39].model = "a"
    let heading = DecisionHeading(
      candidates: candidates, limits: candidates.map { _ in CallLimits() }, policy: RoutingPolicy())
    let request = RoutingRequest(
      model: .named("a"), strategy: .weighted, inputTokens: 1, outputTokens: 1,
      warmProvider: seed % 2 == 0 ? 39 : nil, random: random.next())
    let plan = Router.plan(request, roster: Roster(candidates: candidates)) { _ in ProviderStanding() }
    let decision = try #require(Decision(line: line(request, plan).dropLast(), heading: heading))
    let again = decision.counterfactual.plan()
    #expect(
      again.order.map { decision.roster.candidates[$0.index].id }
        == plan.order.map { candidates[$0.index].id })
    #expect(again.order.map(\.isWarm) == plan.order.map(\.isWarm))
    #expect(again.order.map(\.sharePerMillion) == plan.order.map(\.sharePerMillion))
    // Whoever came second would have been first with some weight more, and not with a little less.
    let second = again.order[1].index
    guard seed % 2 == 1 else {
      #expect(decision.counterfactual.changes(choosing: second)?.first == .withoutStickiness)
      return
    }
    let changes = try #require(decision.counterfactual.changes(choosing: second))
    guard case .weight(let enough) = changes.last else {
      Issue.record("more weight puts it first: \(changes)")
      return
    }
    let before = decision.counterfactual.applying(
      .weight(atLeastThousandths: enough - 1), to: second)
    #expect(before.plan().order.first?.index == again.order[0].index)
  }

  @Test("of many candidates 32 are kept, the first ones, and the number of the others")
  func many() throws {
    let candidates = (0..<100).map { index in
      Candidate(
        id: ProviderID("p\(index)"), name: "p\(index)", model: "m",
        prices: Prices(input: Money(picodollars: Int128(index)), output: .zero), isEnabled: index < 20)
    }
    let heading = DecisionHeading(
      candidates: candidates, limits: candidates.map { _ in CallLimits() }, policy: RoutingPolicy())
    let request = RoutingRequest(inputTokens: 1_000_000, outputTokens: 1)
    let plan = Router.plan(request, roster: Roster(candidates: candidates)) { _ in ProviderStanding() }
    let decision = try #require(Decision(line: line(request, plan).dropLast(), heading: heading))
    #expect(decision.candidates.count { $0.reason == nil } == 20 && decision.candidates.count == 32)
    #expect(decision.omittedCount == 68)
  }

  @Test("a line and a heading with any bytes changed are read, explained, or refused", arguments: 1...10)
  func changed(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let plan = Router.plan(
      RoutingRequest(inputTokens: 1, outputTokens: 1), roster: roster
    ) { _ in ProviderStanding() }
    let whole = line(RoutingRequest(inputTokens: 1, outputTokens: 1), plan, attempts: [(1, "timeout", .zero)])
    let pieces: [[UInt8]] = [
      "9", "-", "999999999999999999", "-9000000000000000000", "null", "[", "]", "\"", ",",
    ].map { Array($0.utf8) }
    func change(_ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = Int.random(in: place..<min(place + 3, bytes.count), using: &random)
        bytes.replaceSubrange(place..<end, with: pieces.randomElement(using: &random)!)
      }
      return bytes
    }
    for _ in 0..<300 {
      let read = DecisionHeading(line: change(heading.line.line.dropLast())) ?? heading
      guard let decision = Decision(line: change(whole.dropLast()), heading: read) else { continue }
      #expect(!decision.text().isEmpty)
    }
  }

  @Test("what is no decision is nil, wherever a line is cut")
  func garbled() {
    let plan = Router.plan(
      RoutingRequest(inputTokens: 1, outputTokens: 1), roster: roster
    ) { _ in ProviderStanding() }
    let bytes = line(RoutingRequest(inputTokens: 1, outputTokens: 1), plan).dropLast()
    #expect(Decision(line: Array(bytes), heading: heading) != nil)
    for end in 0..<bytes.count { #expect(Decision(line: Array(bytes[..<end]), heading: heading) == nil) }
    let beyond = String(decoding: bytes, as: UTF8.self).replacing("\"c\":[[0", with: "\"c\":[[7")
    #expect(Decision(line: Array(beyond.utf8), heading: heading) == nil)
  }
}

/// Random numbers that are the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
