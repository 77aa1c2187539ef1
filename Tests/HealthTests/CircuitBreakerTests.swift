import GatewayTypes
import Health
import Synchronization
import Testing

/// Counts the trials that several threads hold at a time.
private final class TrialCount: Sendable {
  let out = Atomic(0)
  let most = Atomic(0)
  let taken = Atomic(0)

  func begin() {
    let (_, now) = out.add(1, ordering: .sequentiallyConsistent)
    most.max(now, ordering: .relaxed)
    taken.add(1, ordering: .relaxed)
  }

  func end() {
    out.subtract(1, ordering: .sequentiallyConsistent)
  }
}

@Suite("Circuit breaker")
struct CircuitBreakerTests {
  private static func openBreaker(trials: Int, at now: MonotonicTime) -> CircuitBreaker {
    let breaker = CircuitBreaker(policy: BreakerPolicy(failureThreshold: 1, halfOpenTrials: trials))
    breaker.tryAcquirePermit(now: now)?.fail(reason: .timeout, now: now)
    return breaker
  }

  @Test("a permit that is dropped unanswered frees its trial and counts as nothing")
  func dropsPermits() throws {
    var clock = HandClock()
    let breaker = Self.openBreaker(trials: 1, at: clock.now)
    clock.advance(.seconds(60))
    func attemptThatThrows() throws {
      guard let permit = breaker.tryAcquirePermit(now: clock.now) else { return }
      #expect(!breaker.snapshot(now: clock.now).acceptsAttempt)
      _ = permit
      throw CancellationError()
    }
    #expect(throws: CancellationError.self) { try attemptThatThrows() }
    #expect(breaker.snapshot(now: clock.now).acceptsAttempt)
    #expect(breaker.snapshot(now: clock.now).status == .halfOpen)
    breaker.tryAcquirePermit(now: clock.now)?.succeed(now: clock.now)
    #expect(breaker.snapshot(now: clock.now).status == .closed)
  }

  @Test("a permit's answers do what they say")
  func answers() {
    let now = HandClock().now
    let breaker = CircuitBreaker()
    breaker.tryAcquirePermit(now: now)?.fail(reason: .timeout, now: now)
    breaker.tryAcquirePermit(now: now)?.fail(reason: .timeout, now: now)
    #expect(breaker.snapshot(now: now).consecutiveFailures == 2)
    breaker.tryAcquirePermit(now: now)?.cancel()
    #expect(breaker.snapshot(now: now).consecutiveFailures == 2)
    breaker.tryAcquirePermit(now: now)?.succeed(now: now)
    #expect(breaker.snapshot(now: now).consecutiveFailures == 0)
    breaker.tryAcquirePermit(now: now)?.open(reason: .credential, now: now)
    #expect(breaker.snapshot(now: now).status == .open)
    #expect(breaker.snapshot(now: now).reason?.circuitReason == "auth")
    if breaker.tryAcquirePermit(now: now) != nil { Issue.record("an open breaker gave a permit") }
  }

  @Test("two threads never hold more trials than allowed", arguments: [1, 2, 3])
  func hammer(trials: Int) async {
    let breaker = Self.openBreaker(trials: trials, at: seconds(0))
    let count = TrialCount()
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<2 {
        group.addTask { @concurrent in
          for round in 0..<20_000 {
            guard let permit = breaker.tryAcquirePermit(now: seconds(60)) else { continue }
            count.begin()
            // Held for a few rounds by one of them, so that the other runs into it.
            if (round + worker) % 3 == 0 { for _ in 0..<20 { _ = breaker.snapshot(now: seconds(60)) } }
            count.end()
            permit.cancel()
          }
        }
      }
    }
    #expect(count.most.load(ordering: .relaxed) <= trials)
    #expect(count.taken.load(ordering: .relaxed) > 0)
    #expect(breaker.snapshot(now: seconds(60)).acceptsAttempt)
  }

  @Test("a new policy holds from the next event on")
  func adopts() {
    let now = HandClock().now
    let breaker = CircuitBreaker()
    breaker.adopt(BreakerPolicy(failureThreshold: 1, cooldown: .seconds(5)))
    breaker.tryAcquirePermit(now: now)?.fail(reason: .timeout, now: now)
    #expect(breaker.snapshot(now: now).retryAt == now + .seconds(5))
  }
}
