package import GatewayTypes
import Synchronization

/// Decides whether a provider may be called, from how its last calls went. May be used from any thread.
///
/// A permit is taken before an attempt and answered after it:
/// ```
/// guard let permit = breaker.tryAcquirePermit(now: now) else { … next provider … }
/// permit.succeed(now: later)
/// ```
package final class CircuitBreaker: Sendable {
  private let state: Mutex<CircuitBreakerState>
  /// Whether an answer has opened or closed it since `takeMove` was last asked.
  private let hasMoved = Atomic(false)

  package init(policy: BreakerPolicy = BreakerPolicy()) {
    state = Mutex(CircuitBreakerState(policy: policy))
  }

  /// A permit for one attempt, or nil while the breaker is open or its trials are all taken.
  package func tryAcquirePermit(now: MonotonicTime) -> Permit? {
    guard let generation = state.withLock({ $0.acquire(now: now) }) else { return nil }
    return Permit(breaker: self, generation: generation)
  }

  /// How the breaker stands at `now`. Changes nothing.
  package func snapshot(now: MonotonicTime) -> CircuitSnapshot {
    state.withLock { $0.snapshot(now: now) }
  }

  /// Closes the breaker and forgets every failure; answers still on their way are ignored.
  package func reset() {
    state.withLock { $0.reset() }
  }

  /// Takes up a state kept on disk, its `retryAt` already on this process's clock.
  package func restore(_ snapshot: CircuitSnapshot, now: MonotonicTime) {
    state.withLock { $0.restore(snapshot, now: now) }
  }

  /// Goes by `policy` from the next event on; a wait that has begun keeps its end.
  package func adopt(_ policy: BreakerPolicy) {
    state.withLock { $0.policy = policy }
  }

  fileprivate func settle(
    _ answer: CircuitBreakerState.Answer, generation: UInt64, now: MonotonicTime
  ) {
    let isMoved = state.withLock { state in
      let before = state.generation
      state.settle(answer, generation: generation, now: now)
      return state.generation != before
    }
    if isMoved { hasMoved.store(true, ordering: .relaxed) }
  }

  /// Whether an answer has opened or closed it since this was last asked. A load as a rule.
  func takeMove() -> Bool {
    hasMoved.load(ordering: .relaxed) && hasMoved.exchange(false, ordering: .relaxed)
  }
}

/// The right to make one attempt, to be answered once with how it went.
///
/// Dropping it unanswered is the same as `cancel()`, so a thrown error never keeps a trial taken.
package struct Permit: ~Copyable, Sendable {
  private let breaker: CircuitBreaker
  private let generation: UInt64
  private var isAnswered = false

  fileprivate init(breaker: CircuitBreaker, generation: UInt64) {
    self.breaker = breaker
    self.generation = generation
  }

  /// The provider answered.
  package consuming func succeed(now: MonotonicTime) {
    answer(.success, now: now)
  }

  /// The provider failed; enough of these in a row open the breaker.
  package consuming func fail(reason: FailureClass, now: MonotonicTime) {
    answer(.failure(reason), now: now)
  }

  /// The provider failed in a way that trying again will not mend: the breaker opens at once.
  package consuming func open(reason: FailureClass, now: MonotonicTime) {
    answer(.opening(reason), now: now)
  }

  /// The attempt says nothing about the provider: the caller's mistake, a hang-up, a 429.
  package consuming func cancel() {
    // The deinit does it.
  }

  private mutating func answer(_ answer: CircuitBreakerState.Answer, now: MonotonicTime) {
    isAnswered = true
    breaker.settle(answer, generation: generation, now: now)
  }

  deinit {
    guard !isAnswered else { return }
    // A cancelled attempt moves no wait, so the time of it does not matter.
    breaker.settle(.cancelled, generation: generation, now: .distantFuture)
  }
}
