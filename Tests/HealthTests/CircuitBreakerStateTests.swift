import GatewayTypes
import Testing

@testable import Health

/// One step of a breaker's life. Permits are known by the order they were given in, from 0.
enum BreakerStep: Sendable {
  case wait(Double)
  /// Takes a permit and expects one, or none.
  case acquire(Bool)
  case succeed(Int)
  case fail(Int)
  case open(Int)
  case cancel(Int)
  case expect(CircuitStatus)
  case expectRetry(in: Double)
  case reset
}

struct BreakerStory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var trials = 1
  let steps: [BreakerStep]

  init(_ title: String, trials: Int = 1, _ steps: [BreakerStep]) {
    testDescription = title
    self.trials = trials
    self.steps = steps
  }
}

private let opened: [BreakerStep] = [
  .acquire(true), .fail(0), .acquire(true), .fail(1), .acquire(true), .fail(2),
]

@Suite("Circuit breaker state")
struct CircuitBreakerStateTests {
  static let stories: [BreakerStory] = [
    BreakerStory("a new breaker is closed", [.expect(.closed), .acquire(true)]),
    BreakerStory(
      "two failures leave it closed",
      [.acquire(true), .fail(0), .acquire(true), .fail(1), .expect(.closed), .acquire(true)]),
    BreakerStory("three failures open it", opened + [.expect(.open), .acquire(false), .expectRetry(in: 60)]),
    BreakerStory(
      "a success between failures starts the count anew",
      [
        .acquire(true), .fail(0), .acquire(true), .fail(1), .acquire(true), .succeed(2), .acquire(true),
        .fail(3), .acquire(true), .fail(4), .expect(.closed), .acquire(true), .fail(5), .expect(.open),
      ]),
    BreakerStory(
      "a cancelled attempt neither counts nor breaks the row",
      [
        .acquire(true), .fail(0), .acquire(true), .cancel(1), .acquire(true), .fail(2), .acquire(true),
        .cancel(3), .expect(.closed), .acquire(true), .fail(4), .expect(.open),
      ]),
    BreakerStory("one wrong key opens it", [.acquire(true), .open(0), .expect(.open), .acquire(false)]),
    BreakerStory(
      "it is open until the very end of the wait",
      opened + [
        .wait(59.999), .acquire(false), .expect(.open), .wait(0.001), .expect(.halfOpen), .acquire(true),
      ]),
    BreakerStory(
      "an open breaker lets one trial through after the wait",
      opened + [.wait(60), .acquire(true), .expect(.halfOpen), .acquire(false), .acquire(false)]),
    BreakerStory(
      "looking at it does not begin the trial",
      opened + [.wait(60), .expect(.halfOpen), .expect(.halfOpen), .acquire(true)]),
    BreakerStory(
      "a trial that succeeds closes it",
      opened + [.wait(60), .acquire(true), .succeed(3), .expect(.closed), .acquire(true), .acquire(true)]),
    BreakerStory(
      "after closing it takes three failures again",
      opened + [
        .wait(60), .acquire(true), .succeed(3), .acquire(true), .fail(4), .acquire(true), .fail(5),
        .expect(.closed),
      ]),
    BreakerStory(
      "a trial that fails opens it for twice as long",
      opened + [
        .wait(60), .acquire(true), .fail(3), .expectRetry(in: 120), .wait(119), .acquire(false), .wait(1),
        .acquire(true),
      ]),
    BreakerStory(
      "the wait doubles up to its most",
      opened + [
        .wait(60), .acquire(true), .fail(3), .wait(120), .acquire(true), .fail(4), .expectRetry(in: 240),
        .wait(240), .acquire(true), .fail(5), .expectRetry(in: 480), .wait(480), .acquire(true), .fail(6),
        .expectRetry(in: 600), .wait(600), .acquire(true), .fail(7), .expectRetry(in: 600),
      ]),
    BreakerStory(
      "a success brings the wait back to its first length",
      opened + [
        .wait(60), .acquire(true), .fail(3), .wait(120), .acquire(true), .succeed(4), .acquire(true),
        .open(5),
        .expectRetry(in: 60),
      ]),
    BreakerStory(
      "a trial that is cancelled frees its place",
      opened + [.wait(60), .acquire(true), .cancel(3), .expect(.halfOpen), .acquire(true), .acquire(false)]),
    BreakerStory(
      "a wrong key in a trial doubles the wait",
      opened + [.wait(60), .acquire(true), .open(3), .expectRetry(in: 120)]),
    BreakerStory(
      "a late success from before the opening changes nothing",
      [.acquire(true), .acquire(true), .acquire(true), .acquire(true), .fail(0), .fail(1), .fail(2)]
        + [.succeed(3), .expect(.open), .expectRetry(in: 60)]),
    BreakerStory(
      "a late failure from before the opening does not lengthen the wait",
      [
        .acquire(true), .acquire(true), .acquire(true), .acquire(true), .fail(0), .fail(1), .fail(2),
        .wait(30),
      ]
        + [.fail(3), .expectRetry(in: 30)]),
    BreakerStory(
      "a late success does not end a trial of others",
      [
        .acquire(true), .acquire(true), .acquire(true), .acquire(true), .fail(0), .fail(1), .fail(2),
        .wait(60),
      ]
        + [.acquire(true), .succeed(3), .expect(.halfOpen), .acquire(false)]),
    BreakerStory(
      "a late cancellation does not free a trial of others",
      [
        .acquire(true), .acquire(true), .acquire(true), .acquire(true), .fail(0), .fail(1), .fail(2),
        .wait(60),
      ]
        + [.acquire(true), .cancel(3), .acquire(false)]),
    BreakerStory(
      "as many trials as allowed are in flight at a time", trials: 2,
      opened + [
        .wait(60), .acquire(true), .acquire(true), .acquire(false), .cancel(3), .acquire(true),
        .acquire(false),
      ]),
    BreakerStory(
      "the second trial's success after the first one's failure is late", trials: 2,
      opened + [.wait(60), .acquire(true), .acquire(true), .fail(3), .succeed(4), .expect(.open)]),
    BreakerStory(
      "the second trial's failure after the first one's success is late", trials: 2,
      opened + [.wait(60), .acquire(true), .acquire(true), .succeed(3), .fail(4), .expect(.closed)]),
    BreakerStory("reset closes it", opened + [.reset, .expect(.closed), .acquire(true)]),
    BreakerStory(
      "answers from before a reset are ignored",
      [
        .acquire(true), .acquire(true), .acquire(true), .reset, .fail(0), .fail(1), .fail(2),
        .expect(.closed),
      ]),
  ]

  @Test("goes through its story", arguments: stories)
  func goesThroughItsStory(_ story: BreakerStory) {
    var clock = HandClock()
    var state = CircuitBreakerState(policy: BreakerPolicy(halfOpenTrials: story.trials))
    var permits: [UInt64] = []
    for (number, step) in story.steps.enumerated() {
      switch step {
      case .wait(let time): clock.advance(.seconds(time))
      case .acquire(let isExpected):
        let generation = state.acquire(now: clock.now)
        #expect((generation != nil) == isExpected, "step \(number)")
        if let generation { permits.append(generation) }
      case .succeed(let permit): state.settle(.success, generation: permits[permit], now: clock.now)
      case .fail(let permit): state.settle(.failure(.timeout), generation: permits[permit], now: clock.now)
      case .open(let permit): state.settle(.opening(.credential), generation: permits[permit], now: clock.now)
      case .cancel(let permit): state.settle(.cancelled, generation: permits[permit], now: clock.now)
      case .expect(let status): #expect(state.snapshot(now: clock.now).status == status, "step \(number)")
      case .expectRetry(let time):
        #expect(state.snapshot(now: clock.now).retryAt == clock.now + .seconds(time), "step \(number)")
      case .reset: state.reset()
      }
    }
  }

  @Test("names what opened it, until it closes")
  func namesTheReason() {
    var clock = HandClock()
    var state = CircuitBreakerState(policy: BreakerPolicy(failureThreshold: 1))
    state.settle(.failure(.malformedResponse), generation: 0, now: clock.now)
    #expect(state.snapshot(now: clock.now).reason == .malformedResponse)
    #expect(state.snapshot(now: clock.now).consecutiveFailures == 1)
    clock.advance(.seconds(60))
    let trial = state.acquire(now: clock.now)
    state.settle(.success, generation: trial ?? 0, now: clock.now)
    #expect(state.snapshot(now: clock.now).reason == nil)
    #expect(state.snapshot(now: clock.now).consecutiveFailures == 0)
  }

  @Test("takes up what it was before a restart")
  func restores() {
    let clock = HandClock()
    var state = CircuitBreakerState(policy: BreakerPolicy())
    let kept = CircuitSnapshot(
      status: .open, reason: .credential, retryAt: clock.now + .seconds(100), consecutiveFailures: 4,
      currentCooldown: .seconds(240), acceptsAttempt: false)
    state.restore(kept, now: clock.now)
    #expect(state.snapshot(now: clock.now) == kept)

    state.restore(
      CircuitSnapshot(status: .halfOpen, currentCooldown: .seconds(60), acceptsAttempt: false), now: clock.now
    )
    #expect(state.snapshot(now: clock.now).status == .halfOpen)
    #expect(state.acquire(now: clock.now) != nil)

    state.restore(
      CircuitSnapshot(
        status: .closed, consecutiveFailures: 2, currentCooldown: .seconds(60), acceptsAttempt: true),
      now: clock.now)
    state.settle(.failure(.timeout), generation: state.generation, now: clock.now)
    #expect(state.snapshot(now: clock.now).status == .open)
  }

  @Test("every reason shown is read back", arguments: FailureClass.allCases)
  func readsReasonsBack(_ failure: FailureClass) {
    #expect(FailureClass(circuitReason: failure.circuitReason) == failure)
  }

  @Test("a reason that is none of ours is refused", arguments: ["", "AUTH", "credentials", "quota "])
  func refusesOtherReasons(_ text: String) {
    #expect(FailureClass(circuitReason: text) == nil)
  }
}
