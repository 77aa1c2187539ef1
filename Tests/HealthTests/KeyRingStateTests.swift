import GatewayTypes
import Testing

@testable import Health

@Suite("Key ring")
struct KeyRingStateTests {
  private static let policy = BreakerPolicy(cooldown: .seconds(60), maxCooldown: .seconds(200))

  private func ring(_ count: Int) -> KeyRingState { KeyRingState(count: count, policy: Self.policy) }

  @Test("keys are used in turn")
  func turns() {
    var ring = ring(3)
    let now = HandClock().now
    #expect((0..<7).map { _ in ring.next(now: now) } == [0, 1, 2, 0, 1, 2, 0])
  }

  @Test(
    "a refused key is passed over for the cooldown, and the others go on in turn",
    arguments: [FailureClass.credential, .quotaExceeded])
  func refused(failure: FailureClass) {
    var ring = ring(3)
    var clock = HandClock()
    let verdict = ring.note(failure, retryAfter: nil, key: 1, now: clock.now)
    #expect(verdict == .asksWithAnotherKey)
    #expect(ring.liveCount(now: clock.now) == 2)
    #expect((0..<4).map { _ in ring.next(now: clock.now) } == [0, 2, 0, 2])
    clock.advance(.seconds(60))
    #expect(ring.liveCount(now: clock.now) == 3)
    #expect((0..<3).map { _ in ring.next(now: clock.now) } == [0, 1, 2])
  }

  @Test("each further refusal doubles the wait up to the longest, and an answer starts anew")
  func doubling() {
    var ring = ring(2)
    var clock = HandClock()
    for wait in [60, 120, 200, 200] {
      _ = ring.note(.credential, retryAfter: nil, key: 0, now: clock.now)
      clock.advance(.seconds(wait) - .nanoseconds(1))
      #expect(ring.liveCount(now: clock.now) == 1, "\(wait)")
      clock.advance(.nanoseconds(1))
      #expect(ring.liveCount(now: clock.now) == 2, "\(wait)")
    }
    ring.noteSuccess(0)
    _ = ring.note(.credential, retryAfter: nil, key: 0, now: clock.now)
    clock.advance(.seconds(60))
    #expect(ring.liveCount(now: clock.now) == 2)
  }

  @Test("refusals of requests that were under way together count once")
  func burst() {
    var ring = ring(2)
    var clock = HandClock()
    for _ in 0..<5 { _ = ring.note(.credential, retryAfter: nil, key: 0, now: clock.now) }
    clock.advance(.seconds(60))
    #expect(ring.liveCount(now: clock.now) == 2)
  }

  @Test("the refusal of the last live key is the provider's")
  func lastKey() {
    var ring = ring(2)
    let now = HandClock().now
    #expect(ring.note(.credential, retryAfter: nil, key: 0, now: now) == .asksWithAnotherKey)
    #expect(ring.note(.quotaExceeded, retryAfter: nil, key: 1, now: now) == .isTheProviders)
    #expect(ring.liveCount(now: now) == 0)
  }

  @Test("429 sets a key aside until the time it names, and the last one the provider until the first is back")
  func rateLimited() {
    var ring = ring(2)
    var clock = HandClock()
    #expect(
      ring.note(.rateLimited, retryAfter: .seconds(30), key: 0, now: clock.now) == .asksWithAnotherKey)
    #expect(ring.next(now: clock.now) == 1)
    #expect(ring.next(now: clock.now) == 1)
    let back = clock.now + .seconds(30)
    #expect(ring.note(.rateLimited, retryAfter: .seconds(90), key: 1, now: clock.now) == .held(until: back))
    clock.advance(.seconds(30))
    #expect(ring.liveCount(now: clock.now) == 1)
    #expect(ring.next(now: clock.now) == 0)
  }

  @Test("a provider whose keys are partly refused and partly held is held, not broken")
  func mixed() {
    var ring = ring(2)
    let now = HandClock().now
    _ = ring.note(.rateLimited, retryAfter: .seconds(30), key: 0, now: now)
    let verdict = ring.note(.credential, retryAfter: nil, key: 1, now: now)
    #expect(verdict == .held(until: now + .seconds(30)))
  }

  @Test("without a live key the one that is the first to come back has its turn: a trial needs one")
  func trial() {
    var ring = ring(2)
    var clock = HandClock()
    _ = ring.note(.credential, retryAfter: nil, key: 1, now: clock.now)
    clock.advance(.seconds(10))
    _ = ring.note(.credential, retryAfter: nil, key: 0, now: clock.now)
    #expect((0..<3).map { _ in ring.next(now: clock.now) } == [1, 1, 1])
  }

  @Test(
    "other failures have nothing to do with the key",
    arguments: [
      FailureClass.transient, .timeout, .malformedResponse, .modelNotFound, .invalidRequest, .contextTooLong,
    ])
  func others(failure: FailureClass) {
    var ring = ring(2)
    let now = HandClock().now
    #expect(ring.note(failure, retryAfter: .seconds(9), key: 0, now: now) == .isTheProviders)
    #expect(ring.liveCount(now: now) == 2)
  }

  @Test("a reset gives refused keys another chance, or ends the holds")
  func reset() {
    var ring = ring(3)
    let now = HandClock().now
    _ = ring.note(.credential, retryAfter: nil, key: 0, now: now)
    _ = ring.note(.rateLimited, retryAfter: .seconds(9), key: 1, now: now)
    ring.forgetRefusals()
    #expect(ring.liveCount(now: now) == 2)
    ring.endHolds()
    #expect(ring.liveCount(now: now) == 3)
  }

  @Test("a key set aside is no failure of the provider")
  func health() {
    let now = HandClock().now
    let health = ProviderHealth(policy: HealthPolicy(breaker: BreakerPolicy(failureThreshold: 1)))
    health.acquire(tokens: 1, now: now)?.answer(.keySetAside(.credential), now: now)
    health.acquire(tokens: 1, now: now)?.answer(.keySetAside(.rateLimited), now: now)
    let report = health.report(now: now)
    #expect(report.circuit.status == .closed)
    #expect(!report.standing.isPenalized)
    #expect(report.standing.unavailability == nil)
    #expect((report.counts.failures, report.counts.rateLimited) == (1, 1))
    #expect(report.inFlight == 0)
  }
}
