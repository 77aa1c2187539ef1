import GatewayTypes
import Health
import Routing
import Testing

@Suite("Router: the expected cost of this request")
struct ExpectationTests {
  private static let micro = Money(picodollars: 1_000_000)

  /// How a provider stands whose last `count` answers of the kind had so many tokens.
  private static func standing(answers tokens: Int, count: Int = 10) -> ProviderStanding {
    let health = ProviderHealth()
    let now = MonotonicTime(nanoseconds: 0)
    for _ in 0..<count { health.learn(answerTokens: tokens, isCut: false, kind: .unknown, now: now) }
    return health.standing(kind: .unknown, now: now)
  }

  private static func plan(
    _ candidates: [Candidate], _ standings: [ProviderStanding], guess: Int = 400, bound: Int? = nil,
    choices: Int = 1, maxCost: Money? = nil
  ) -> RoutePlan {
    let request = RoutingRequest(
      inputTokens: 0, outputTokens: guess, maxOutputTokens: bound, choiceCount: choices, maxCost: maxCost)
    return Router.plan(request, roster: Roster(candidates: candidates)) { standings[$0] }
  }

  @Test("a model that says much is dearer than its price")
  func verbose() {
    let candidates = [provider("verbose", output: 2), provider("short", output: 5)]
    let none = [ProviderStanding(), ProviderStanding()]
    #expect(Self.plan(candidates, none).order.map(\.index) == [0, 1])
    let known = [Self.standing(answers: 2000), Self.standing(answers: 300)]
    // The guess still counts one part in 1,024, and ratios are cut to such parts.
    let plan = Self.plan(candidates, known)
    #expect(plan.order.map(\.index) == [1, 0])
    #expect(plan.order.map(\.expected.outputTokens) == [300, 1997])
    #expect(plan.order[0].expectedCost == Self.micro * 1500)
  }

  @Test(
    "an answer is bounded by the caller, by the model, and is made as often as asked",
    arguments: [
      (nil, nil, 1, 2000), (100, nil, 1, 100), (nil, 150, 1, 150), (100, 50, 1, 50), (100, nil, 3, 300),
      (nil, nil, 2, 4000), (9000, 9000, 1, 2000),
    ] as [(Int?, Int?, Int, Int)])
  func bounds(bound: Int?, modelBound: Int?, choices: Int, expected: Int) {
    let standing = ProviderStanding()
    let plan = Self.plan(
      [provider("p", maxOutput: modelBound)], [standing], guess: 2000, bound: bound, choices: choices)
    #expect(plan.order[0].expected.outputTokens == expected)
  }

  @Test("models that are alike stay in the file's order, whichever of them has been asked")
  func alike() {
    let now = MonotonicTime(nanoseconds: 0)
    var all = AnswerLength()
    let asked = ProviderHealth()
    let candidates = [provider("first"), provider("asked")]
    func order() -> [Int] {
      var request = RoutingRequest(inputTokens: 0, outputTokens: 400)
      request.usualAnswer = all.expectation(now: now)
      let standing = asked.standing(now: now)
      let plan = Router.plan(request, roster: Roster(candidates: candidates)) {
        $0 == 0 ? ProviderStanding() : standing
      }
      return plan.order.map(\.index)
    }
    for tokens in [60, 70, 60, 60, 50, 60, 60, 70, 60, 80, 60, 60, 40, 60] {
      // Somebody else's are a little longer.
      all.record(tokens: tokens, isCut: false, now: now)
      all.record(tokens: tokens + 2, isCut: false, now: now)
      asked.learn(answerTokens: tokens, isCut: false, kind: .unknown, now: now)
      #expect(order() == [0, 1])
    }
    // One that says a tenth of what others say is worth a change.
    for _ in 1...30 { all.record(tokens: 600, isCut: false, now: now) }
    #expect(order() == [1, 0])
  }

  @Test("one long answer does not starve a cheap provider for ever")
  func recovers() {
    let health = ProviderHealth()
    let start = MonotonicTime(nanoseconds: 0)
    let candidates = [provider("cheap", output: 2), provider("dear", output: 5)]
    health.learn(answerTokens: 20_000, isCut: false, kind: .unknown, now: start)
    var hours = 0
    while true {
      let now = start + .seconds(3600) * hours
      let standings = [health.standing(now: now), ProviderStanding()]
      guard Self.plan(candidates, standings).order[0].index == 1, hours < 100 else { break }
      hours += 1
    }
    #expect((1...6).contains(hours))
  }

  @Test("what a request may cost is held against what is expected of the model")
  func maxCost() {
    let candidates = [provider("p", output: 1)]
    let limit = Self.micro * 500
    #expect(Self.plan(candidates, [ProviderStanding()], maxCost: limit).order.count == 1)
    let refused = Self.plan(candidates, [Self.standing(answers: 1000, count: 20)], maxCost: limit)
    #expect(refused.leftOut[0].reason == .aboveMaxCost(expected: Self.micro * 998, maximum: limit))
    #expect(
      Self.plan(candidates, [Self.standing(answers: 1000)], bound: 100, maxCost: limit).order.count == 1)
  }

  @Test("a request that is too long for a small context goes to a larger one")
  func context() {
    let candidates = [
      provider("small", window: 100), provider("large", input: 9, window: 1000),
      provider("unknown", input: 99),
    ]
    let request = RoutingRequest(inputTokens: 500, outputTokens: 10)
    let plan = Router.plan(request, roster: Roster(candidates: candidates)) { _ in ProviderStanding() }
    #expect(plan.order.map(\.index) == [1, 2])
    #expect(plan.leftOut.map(\.reason) == [.contextTooSmall(inputTokens: 500, contextWindow: 100)])
  }
}
