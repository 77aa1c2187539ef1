import GatewayTypes
import Health
import Routing
import Testing

@Suite("Walk")
struct WalkTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  /// Two providers, the first with `retries`, whose contexts hold 1,000 and `secondWindow` tokens.
  private func walk(retries: Int = 0, secondWindow: Int? = nil, deadline: Duration = .seconds(60)) -> Walk {
    let prices = Prices(input: Money(picodollars: 1), output: Money(picodollars: 1))
    let dearer = Prices(input: Money(picodollars: 9), output: Money(picodollars: 9))
    let roster = Roster(candidates: [
      Candidate(
        id: ProviderID("first"), name: "first", model: "m", prices: prices, contextWindow: 1_000,
        retries: retries),
      Candidate(
        id: ProviderID("second"), name: "second", model: "m", prices: dearer, contextWindow: secondWindow),
    ])
    let plan = Router.plan(RoutingRequest(inputTokens: 10, outputTokens: 10), roster: roster) { _ in
      ProviderStanding()
    }
    return Walk(plan, roster: roster, deadline: start + deadline)
  }

  @Test("asks the plan's providers in order, each once, and then nobody")
  func order() {
    var walk = walk()
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .attempt(index: 1))
    walk.note(.notAsked, now: start, random: 0)
    #expect(walk.next(now: start) == .exhausted)
  }

  @Test(
    "a failure that may pass is tried again as often as the provider's retries say, after a wait",
    arguments: [FailureClass.transient, .timeout, .malformedResponse])
  func retries(failure: FailureClass) {
    var walk = walk(retries: 2)
    for bound: Duration in [.milliseconds(100), .milliseconds(200)] {
      #expect(walk.next(now: start) == .attempt(index: 0))
      walk.note(.failed(failure, retryAfter: nil), now: start, random: .max)
      #expect(walk.next(now: start) == .wait(until: start + bound))
    }
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.failed(failure, retryAfter: nil), now: start, random: .max)
    #expect(walk.next(now: start) == .attempt(index: 1))
  }

  @Test(
    "what another try does not mend goes to the next provider at once",
    arguments: [FailureClass.credential, .quotaExceeded, .modelNotFound, .contextTooLong, .rateLimited])
  func fallback(failure: FailureClass) {
    var walk = walk(retries: 5)
    walk.note(.failed(failure, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .attempt(index: 1))
  }

  @Test("a 429 that names a time is waited for when it fits the deadline, else the next one is asked")
  func retryAfter() {
    var patient = walk(retries: 1)
    patient.note(.failed(.rateLimited, retryAfter: .seconds(5)), now: start, random: 0)
    #expect(patient.next(now: start) == .wait(until: start + .seconds(5)))
    #expect(patient.next(now: start + .seconds(5)) == .attempt(index: 0))

    var hurried = walk(retries: 1, deadline: .seconds(4))
    hurried.note(.failed(.rateLimited, retryAfter: .seconds(5)), now: start, random: 0)
    #expect(hurried.next(now: start) == .attempt(index: 1))
  }

  @Test("a request that a provider refuses goes to nobody else")
  func refusal() {
    var walk = walk(retries: 5)
    walk.note(.failed(.invalidRequest, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .refused)
    #expect(walk.next(now: start + .seconds(100)) == .refused)
  }

  @Test(
    "a request too long for one context goes to a larger or an unknown one only",
    arguments: [(1_000, false), (999, false), (1_001, true), (nil, true)] as [(Int?, Bool)])
  func contextTooLong(secondWindow: Int?, isAsked: Bool) {
    var walk = walk(secondWindow: secondWindow)
    walk.note(.failed(.contextTooLong, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == (isAsked ? .attempt(index: 1) : .exhausted))
  }

  @Test("past the deadline nobody is asked, whoever is left")
  func deadline() {
    var walk = walk(deadline: .seconds(1))
    #expect(walk.next(now: start + .milliseconds(999)) == .attempt(index: 0))
    #expect(walk.next(now: start + .seconds(1)) == .outOfTime)
  }

  @Test("a plan of nobody is exhausted from the start")
  func empty() {
    let roster = Roster(candidates: [])
    let plan = Router.plan(RoutingRequest(inputTokens: 1, outputTokens: 1), roster: roster) { _ in
      ProviderStanding()
    }
    var walk = Walk(plan, roster: roster, deadline: start + .seconds(1))
    #expect(walk.next(now: start) == .exhausted)
  }
}
