package import GatewayTypes
import Synchronization

/// The health of one provider: may it be called now, and how has it done. May be used from any thread.
///
/// ```
/// guard let permit = health.acquire(tokens: 900, now: now) else { … next provider … }
/// permit.answer(.success(latency: …, timeToFirstToken: …, usage: …), now: later)
/// ```
/// Two locks: the breaker's, and one around everything else. Under them is arithmetic only.
package final class ProviderHealth: Sendable {
  /// For its snapshot and to restore it; permits are taken through `acquire`.
  package let breaker: CircuitBreaker
  private let state: Mutex<ProviderHealthState>

  package init(policy: HealthPolicy = HealthPolicy()) {
    breaker = CircuitBreaker(policy: policy.breaker)
    state = Mutex(ProviderHealthState(policy: policy))
  }

  /// Whether a request of about `tokens` may be sent now, and how the provider ranks. Takes nothing.
  package func standing(tokens: Int = 0, now: MonotonicTime) -> ProviderStanding {
    let circuit = breaker.snapshot(now: now)
    return state.withLock { $0.standing(circuit: circuit, tokens: tokens, now: now) }
  }

  /// Takes the right to make one attempt of about `tokens`, in and out; nil when something stands in the
  /// way, which `standing` names.
  package func acquire(tokens: Int, now: MonotonicTime) -> AttemptPermit? {
    // When the limiter refuses, the breaker's permit is dropped and its trial is free again.
    guard let circuit = breaker.tryAcquirePermit(now: now) else { return nil }
    let acquiredAt = state.withLock { $0.acquire(tokens: tokens, hasPlace: false, now: now) }
    guard let acquiredAt else { return nil }
    return AttemptPermit(health: self, circuit: circuit, acquiredAt: acquiredAt, tokens: tokens)
  }

  /// As `acquire(tokens:now:)`, with the place that a `ticket` of the queue, where there is one, has been
  /// promised; when something else stands in the way, the place goes to the next.
  package func acquire(
    tokens: Int, now: MonotonicTime, with ticket: consuming QueueTicket?
  ) -> AttemptPermit? {
    guard let ticket else { return acquire(tokens: tokens, now: now) }
    precondition(ticket.hasPlace, "who has no place yet waits")
    guard let circuit = breaker.tryAcquirePermit(now: now) else { return nil }
    let acquiredAt = state.withLock { $0.acquire(tokens: tokens, hasPlace: true, now: now) }
    guard let acquiredAt else { return nil }
    ticket.use()
    return AttemptPermit(health: self, circuit: circuit, acquiredAt: acquiredAt, tokens: tokens)
  }

  /// Whether nothing but its limit of attempts at a time stands in the way.
  package func isBusy(tokens: Int, now: MonotonicTime) -> Bool {
    standing(tokens: tokens, now: now).unavailability == .concurrencyLimitReached
  }

  /// Joins the queue for a place at a provider that is at its limit; nil when the queue is full.
  ///
  /// `wake` is called on any thread when the turn has come. A ticket may have its place from the start.
  package func joinQueue(wake: @escaping @Sendable () -> Void) -> QueueTicket? {
    guard let number = state.withLock({ $0.join(wake: wake) }) else { return nil }
    return QueueTicket(health: self, number: number)
  }

  func hasPlace(_ number: UInt64) -> Bool {
    state.withLock { $0.hasPlace(number) }
  }

  func leave(_ number: UInt64) {
    let wake = state.withLock { $0.leave(number) }
    wake?()
  }

  /// The time within which `perThousand` of a thousand of its answers came, or the first tokens of its
  /// streams; nil with fewer than `minSamples`, or where the policy does not have it measured.
  package func quantile(perThousand: Int, ofFirstToken: Bool, minSamples: Int) -> Duration? {
    state.withLock {
      $0.quantile(perThousand: perThousand, ofFirstToken: ofFirstToken, minSamples: minSamples)
    }
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
  }

  /// Ends holds and cooldowns and empties the rate limits' windows.
  package func resetCooldowns() {
    state.withLock { $0.resetCooldowns() }
  }

  /// Sets all counts and averages to nothing; what is in flight stays counted as in flight.
  package func resetUsage() {
    state.withLock { $0.resetUsage() }
  }

  /// Goes by `policy` from now on. What is known is kept, except in a window whose own numbers changed.
  package func adopt(_ policy: HealthPolicy) {
    breaker.adopt(policy.breaker)
    let wakes = state.withLock { $0.adopt(policy) }
    for wake in wakes { wake() }
  }

  /// Takes up the counts kept on disk.
  package func restore(counts: AttemptCounts) {
    state.withLock { $0.counts = counts }
  }

  /// Takes up a token cooldown kept on disk.
  package func restore(coolingUntil time: MonotonicTime) {
    state.withLock { $0.cooldown?.restore(coolingUntil: time) }
  }

  /// Fills the rolling windows with a past attempt read from the ledger; call in order of time. The
  /// breaker and the counts since the start are restored by themselves.
  package func replay(failed: Bool, tokens: Int, at time: MonotonicTime) {
    state.withLock { $0.replay(failed: failed, tokens: tokens, at: time) }
  }

  /// Notes the end of an attempt everywhere but in the breaker.
  func settle(_ outcome: AttemptOutcome, acquiredAt: MonotonicTime, tokens: Int, now: MonotonicTime) {
    let wake = state.withLock {
      $0.settle(outcome, acquiredAt: acquiredAt, reserved: tokens, now: now)
    }
    wake?()
  }
}
