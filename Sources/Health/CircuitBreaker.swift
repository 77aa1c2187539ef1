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
  /// Whether the phase is closed, for those who only look: most breakers are, and a lock costs more than all
  /// else that routing asks of one. Written under the lock.
  private let closed = Atomic(true)
  /// Whether an answer has opened or closed it since `takeMove` was last asked.
  private let hasMoved = Atomic(false)

  package init(policy: BreakerPolicy = BreakerPolicy()) {
    state = Mutex(CircuitBreakerState(policy: policy))
  }

  /// Whether every attempt is let through. Takes no lock; right at some moment during the call.
  package var isClosed: Bool { closed.load(ordering: .relaxed) }

  private func change<Value>(_ body: (inout CircuitBreakerState) -> Value) -> Value {
    state.withLock { state in
      let value = body(&state)
      closed.store(state.phase == .closed, ordering: .relaxed)
      return value
    }
  }

  /// A permit for one attempt, or nil while the breaker is open or its trials are all taken.
  package func tryAcquirePermit(now: MonotonicTime) -> Permit? {
    guard let generation = change({ $0.acquire(now: now) }) else { return nil }
    return Permit(breaker: self, generation: generation)
  }

  /// How the breaker stands at `now`. Changes nothing.
  package func snapshot(now: MonotonicTime) -> CircuitSnapshot {
    state.withLock { $0.snapshot(now: now) }
  }

  /// Closes the breaker and forgets every failure; answers still on their way are ignored.
  package func reset() {
    change { $0.reset() }
  }

  /// Takes up a state kept on disk, its `retryAt` already on this process's clock.
  package func restore(_ snapshot: CircuitSnapshot, now: MonotonicTime) {
    change { $0.restore(snapshot, now: now) }
  }

  /// Goes by `policy` from the next event on; a wait that has begun keeps its end.
  package func adopt(_ policy: BreakerPolicy) {
    state.withLock { $0.policy = policy }
  }

  fileprivate func settle(
    _ answer: CircuitBreakerState.Answer, generation: UInt64, now: MonotonicTime
  ) -> Bool {
    let (opened, isMoved) = change { state in
      let before = state.generation
      let opened = state.settle(answer, generation: generation, now: now)
      return (opened, state.generation != before)
    }
    if isMoved { hasMoved.store(true, ordering: .relaxed) }
    return opened
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
    _ = answer(.success, now: now)
  }

  /// The provider failed; enough of these in a row open the breaker. Returns whether this one did.
  @discardableResult
  package consuming func fail(reason: FailureClass, now: MonotonicTime) -> Bool {
    answer(.failure(reason), now: now)
  }

  /// The provider failed in a way that trying again will not mend: the breaker opens at once. Returns
  /// whether it did: a late answer from before the breaker's last change opens nothing.
  @discardableResult
  package consuming func open(reason: FailureClass, now: MonotonicTime) -> Bool {
    answer(.opening(reason), now: now)
  }

  /// The attempt says nothing about the provider: the caller's mistake, a hang-up, a 429.
  package consuming func cancel() {
    // The deinit does it.
  }

  private mutating func answer(_ answer: CircuitBreakerState.Answer, now: MonotonicTime) -> Bool {
    isAnswered = true
    return breaker.settle(answer, generation: generation, now: now)
  }

  deinit {
    guard !isAnswered else { return }
    // A cancelled attempt moves no wait, so the time of it does not matter.
    _ = breaker.settle(.cancelled, generation: generation, now: .distantFuture)
  }
}
