import GatewayTypes
import Testing

@testable import Health

@Suite("KeptHealth")
struct KeptHealthTests {
  private static let policy = HealthPolicy(
    breaker: BreakerPolicy(failureThreshold: 1, cooldown: .seconds(60), maxCooldown: .seconds(600)),
    cooldown: CooldownPolicy(tokens: 10, duration: .seconds(300)))

  private func troubled(now: MonotonicTime) -> ProviderHealth {
    let health = ProviderHealth(policy: Self.policy)
    // All at once: one that is set aside takes no second attempt.
    let permits = (0..<3).map { _ in Box(health.acquire(tokens: 0, now: now)) }
    let usage = TokenUsage(uncachedInput: 50, output: 1)
    permits[0].answer(.success(latency: .seconds(2), timeToFirstToken: nil, usage: usage), now: now)
    permits[1].answer(.failure(.rateLimited, retryAfter: .seconds(90)), now: now)
    permits[2].answer(.failure(.credential, retryAfter: nil), now: now)
    return health
  }

  /// Holds a permit, which cannot be in an array.
  private final class Box {
    private var permit: AttemptPermit?
    init(_ permit: consuming AttemptPermit?) { self.permit = permit }
    func answer(_ outcome: AttemptOutcome, now: MonotonicTime) { permit.take()?.answer(outcome, now: now) }
  }

  @Test("what is kept comes back as it was")
  func identity() {
    let now = HandClock().now
    let kept = troubled(now: now).kept(now: now)
    #expect(kept.circuit.status == .open && kept.circuit.reason == .credential)
    #expect(kept.heldUntil == now + .seconds(90))
    #expect(kept.coolingUntil == now + .seconds(300))
    #expect(kept.counts.answered == 3 && kept.latencyCount == 1)
    let other = ProviderHealth(policy: Self.policy)
    other.restore(kept, now: now)
    #expect(other.kept(now: now) == kept)
    #expect(other.refuses(now: now))
  }

  @Test("a clock that was set back makes no wait longer than any")
  func clamped() {
    let now = HandClock().now
    let later = now + .seconds(1_000_000)
    var kept = troubled(now: now).kept(now: now)
    (kept.circuit.retryAt, kept.heldUntil, kept.coolingUntil) = (later, later, later)
    let health = ProviderHealth(policy: Self.policy)
    health.restore(kept, now: now)
    let clamped = health.kept(now: now)
    #expect(clamped.circuit.retryAt == now + .seconds(600))
    #expect(clamped.heldUntil == now + RetryAfterHold.longestAskedHold)
    #expect(clamped.coolingUntil == now + .seconds(300))
  }

  @Test("changes that must outlive a crash are told at once, others not")
  func changes() {
    let now = HandClock().now
    let count = Counter()
    let health = ProviderHealth(policy: Self.policy)
    health.onChange { count.add() }
    func attempt(_ outcome: AttemptOutcome) { health.acquire(tokens: 0, now: now)?.answer(outcome, now: now) }
    attempt(.success(latency: .seconds(1), timeToFirstToken: nil, usage: TokenUsage(output: 1)))
    attempt(.callerFault)
    #expect(count.value == 0)
    attempt(.failure(.rateLimited, retryAfter: .seconds(1)))
    #expect(count.value == 1)
    health.resetCooldowns()
    #expect(count.value == 2)
    attempt(.failure(.timeout, retryAfter: nil))
    #expect(count.value == 3)
    health.resetBreaker()
    #expect(count.value == 4)
    attempt(.success(latency: .seconds(1), timeToFirstToken: nil, usage: TokenUsage(output: 100)))
    #expect(count.value == 5)
  }

  private final class Counter: @unchecked Sendable {
    // @unchecked: the test calls on one thread.
    private(set) var value = 0
    func add() { value += 1 }
  }
}

extension ProviderHealth {
  fileprivate func refuses(now: MonotonicTime) -> Bool {
    guard let permit = acquire(tokens: 0, now: now) else { return true }
    permit.answer(.callerFault, now: now)
    return false
  }
}
