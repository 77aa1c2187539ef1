import GatewayTypes
import Health
import Routing
import Testing

@Suite("Walk")
struct WalkTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  /// Two providers, the first with `retries` and `keys`, whose contexts hold 1,000 and `secondWindow` tokens;
  /// those at the indices `busy` serve as many as they may.
  private func walk(
    retries: Int = 0, keys: Int = 1, secondWindow: Int? = nil, busy: Set<Int> = [],
    deadline: Duration = .seconds(60)
  ) -> Walk {
    let prices = Prices(input: Money(picodollars: 1), output: Money(picodollars: 1))
    let dearer = Prices(input: Money(picodollars: 9), output: Money(picodollars: 9))
    let roster = Roster(candidates: [
      Candidate(
        id: ProviderID("first"), name: "first", model: "m", prices: prices, contextWindow: 1_000,
        retries: retries, keyCount: keys),
      Candidate(
        id: ProviderID("second"), name: "second", model: "m", prices: dearer, contextWindow: secondWindow),
    ])
    let plan = Router.plan(RoutingRequest(inputTokens: 10, outputTokens: 10), roster: roster) { index in
      ProviderStanding(unavailability: busy.contains(index) ? .concurrencyLimitReached : nil)
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

  // MARK: Several keys

  @Test(
    "a provider that refuses a key is asked at once with the next one, each key once, and no retry counts")
  func keys() {
    var walk = walk(retries: 1, keys: 3)
    for _ in 0..<2 {
      #expect(walk.next(now: start) == .attempt(index: 0))
      walk.note(.keySetAside(.credential), now: start, random: 0)
    }
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .wait(until: start))
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.keySetAside(.credential), now: start, random: 0)
    #expect(walk.next(now: start) == .attempt(index: 1), "no key has two turns")
  }

  // MARK: Queue

  @Test("a busy provider is passed over, and waited for when nobody else has answered")
  func busyLast() {
    var walk = walk(busy: [0])
    #expect(walk.next(now: start) == .attempt(index: 1))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .queue(index: 0))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .exhausted)
  }

  @Test("when all are busy the best one is waited for, and the next where that has no room")
  func allBusy() {
    var walk = walk(busy: [0, 1])
    #expect(walk.next(now: start) == .queue(index: 0))
    walk.note(.notAsked, now: start, random: 0)
    #expect(walk.next(now: start) == .queue(index: 1))
    walk.note(.busy, now: start, random: 0)
    #expect(walk.next(now: start) == .exhausted)
  }

  @Test("one that turns out to be busy is waited for at the end")
  func turnsOutBusy() {
    var walk = walk()
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.busy, now: start, random: 0)
    #expect(walk.next(now: start) == .attempt(index: 1))
    walk.note(.failed(.timeout, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .queue(index: 0))
  }

  @Test("a retry after a wait in the queue waits for a place again")
  func retryInQueue() {
    var walk = walk(retries: 1, busy: [0, 1])
    #expect(walk.next(now: start) == .queue(index: 0))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .wait(until: start))
    #expect(walk.next(now: start) == .queue(index: 0))
  }

  // MARK: Two at once

  @Test("the second is the one that would be next, and has no other turn")
  func second() {
    var walk = walk(retries: 1)
    #expect(walk.next(now: start) == .attempt(index: 0))
    #expect(walk.second?.index == 1)
    walk.takeSecond()
    #expect(walk.second == nil)
    walk.noteSecond(.failed(.transient, retryAfter: nil), index: 1)
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .wait(until: start))
    #expect(walk.next(now: start) == .attempt(index: 0))
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .exhausted)
  }

  @Test("nobody is taken from a queue to be the second")
  func secondInQueue() {
    var walk = walk(busy: [0, 1])
    #expect(walk.next(now: start) == .queue(index: 0))
    #expect(walk.second == nil)
    var single = self.walk(busy: [1])
    #expect(single.next(now: start) == .attempt(index: 0))
    #expect(single.second == nil)
  }

  @Test("a second that refuses the request ends the way")
  func secondRefuses() {
    var walk = walk()
    _ = walk.next(now: start)
    walk.takeSecond()
    walk.noteSecond(.failed(.invalidRequest, retryAfter: nil), index: 1)
    walk.note(.failed(.transient, retryAfter: nil), now: start, random: 0)
    #expect(walk.next(now: start) == .refused)
  }
}
