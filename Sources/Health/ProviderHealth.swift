package import GatewayTypes
import Synchronization

/// The health of one provider: may it be called now, and how has it done. May be used from any thread.
///
/// ```
/// guard let permit = health.acquire(tokens: 900, now: now) else { … next provider … }
/// permit.answer(.success(latency: …, timeToFirstToken: …, usage: …), now: later)
/// ```
/// Two locks: the breaker's, which is passed by while it is closed, and one around everything else. Under
/// them is arithmetic only.
package final class ProviderHealth: Sendable {
  /// For its snapshot and to restore it; permits are taken through `acquire`.
  package let breaker: CircuitBreaker
  let state: Mutex<ProviderHealthState>
  private let observer = Mutex<(@Sendable () -> Void)?>(nil)

  package init(policy: HealthPolicy = HealthPolicy()) {
    breaker = CircuitBreaker(policy: policy.breaker)
    state = Mutex(ProviderHealthState(policy: policy))
  }

  /// Has `observer` called, on whatever thread, when the breaker opens or closes, when the provider is set
  /// aside, and when that is reset: what must not wait for the next look at what is kept.
  package func onChange(_ observer: @escaping @Sendable () -> Void) {
    self.observer.withLock { $0 = observer }
  }

  private func noteChange() {
    // Not called under the lock.
    observer.withLock { $0 }?()
  }

  /// Whether a request of about `tokens` may be sent now, and what a request of its `kind` is expected to
  /// take. Takes nothing.
  package func standing(tokens: Int = 0, kind: RequestKind = .unknown, now: MonotonicTime) -> ProviderStanding
  {
    let circuit = breaker.isClosed ? nil : breaker.snapshot(now: now)
    return state.withLock { $0.standing(circuit: circuit, tokens: tokens, kind: kind, now: now) }
  }

  /// Counts the length of a whole answer to a request of `kind`. One that is `cut` would have been longer.
  package func learn(answerTokens: Int, isCut: Bool, kind: RequestKind, now: MonotonicTime) {
    state.withLock { $0.learn(answerTokens: answerTokens, isCut: isCut, kind: kind, now: now) }
  }

  /// Takes the right to make one attempt of about `tokens`, in and out; nil when something stands in the
  /// way, which `standing` names.
  package func acquire(tokens: Int, now: MonotonicTime) -> AttemptPermit? {
    // When the limiter refuses, the breaker's permit is dropped and its trial is free again.
    guard let circuit = breaker.tryAcquirePermit(now: now) else { return nil }
    guard let acquiredAt = state.withLock({ $0.acquire(tokens: tokens, now: now) }) else { return nil }
    return AttemptPermit(health: self, circuit: circuit, acquiredAt: acquiredAt, tokens: tokens)
  }

  /// Everything there is to show.
  package func report(now: MonotonicTime) -> ProviderReport {
    let circuit = breaker.snapshot(now: now)
    return state.withLock { $0.report(circuit: circuit, now: now) }
  }

  /// Sets the provider down, or up again, by hand.
  package func setDown(_ isDown: Bool) {
    state.withLock { $0.isDown = isDown }
  }

  /// Closes the breaker and forgets the failures behind the penalty.
  package func resetBreaker() {
    breaker.reset()
    state.withLock { $0.resetFailures() }
    noteChange()
  }

  /// Ends holds and cooldowns and empties the rate limits' windows.
  package func resetCooldowns() {
    state.withLock { $0.resetCooldowns() }
    noteChange()
  }

  /// Sets all counts and averages to nothing; what is in flight stays counted as in flight.
  package func resetUsage() {
    state.withLock { $0.resetUsage() }
    noteChange()
  }

  /// Goes by `policy` from now on. What is known is kept, except in a window whose own numbers changed.
  package func adopt(_ policy: HealthPolicy) {
    breaker.adopt(policy.breaker)
    state.withLock { $0.adopt(policy) }
  }

  /// Fills the rolling windows with a past attempt read from the ledger; call in order of time. `failed` is
  /// nil for one that says nothing of the provider. The breaker and the counts are restored by themselves.
  package func replay(failed: Bool?, tokens: Int, at time: MonotonicTime) {
    state.withLock { $0.replay(failed: failed, tokens: tokens, at: time) }
  }

  /// Notes the end of an attempt everywhere but in the breaker, which it `opened` or not.
  func settle(
    _ outcome: AttemptOutcome, opened: Bool, acquiredAt: MonotonicTime, tokens: Int, now: MonotonicTime
  ) {
    let isSetAside = state.withLock {
      $0.settle(outcome, opened: opened, acquiredAt: acquiredAt, reserved: tokens, now: now)
    }
    // The breaker was answered before.
    if breaker.takeMove() || isSetAside { noteChange() }
  }
}
