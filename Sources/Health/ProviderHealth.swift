package import GatewayTypes
import Synchronization

/// The health of one provider: may it be called now, and how has it done. May be used from any thread.
///
/// ```
/// guard let permit = health.acquire(tokens: 900, now: now) else { … next provider … }
/// permit.answer(.success(latency: …, timeToFirstToken: …, usage: …), now: later)
/// ```
/// Two locks: the breaker's, and one around everything else. Under them is arithmetic only, and who only looks
/// passes both by while nothing is in the way.
package final class ProviderHealth: Sendable {
  /// Permits are taken through `acquire`; whatever opens or closes it otherwise is followed by a `change`.
  let breaker: CircuitBreaker
  let published = PublishedStanding()
  private let state: Mutex<ProviderHealthState>
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

  /// Everything that may change the state goes through here, and what opens or closes the breaker comes here
  /// after it: so what is published is never behind for longer than that takes.
  func change<Value>(_ body: (inout ProviderHealthState) -> Value) -> Value {
    state.withLock { state in
      let value = body(&state)
      published.publish(breaker.isClosed ? state.clearStanding : nil)
      return value
    }
  }

  /// Whether a request of about `tokens` may be sent now, and what a request of its `kind` is expected to
  /// take. Takes nothing.
  @inline(__always)
  package func standing(tokens: Int = 0, kind: RequestKind = .unknown, now: MonotonicTime) -> ProviderStanding
  {
    published.standing(tokens: tokens, kind: kind, now: now)
      ?? lockedStanding(tokens: tokens, kind: kind, now: now)
  }

  /// The same, when what is published does not tell.
  @inline(never)
  func lockedStanding(tokens: Int, kind: RequestKind, now: MonotonicTime) -> ProviderStanding {
    let circuit = breaker.isClosed ? nil : breaker.snapshot(now: now)
    return change { $0.standing(circuit: circuit, tokens: tokens, kind: kind, now: now) }
  }

  /// Counts the length of a whole answer to a request of `kind`. One that is `cut` would have been longer.
  package func learn(answerTokens: Int, isCut: Bool, kind: RequestKind, now: MonotonicTime) {
    state.withLock { state in
      state.learn(answerTokens: answerTokens, isCut: isCut, kind: kind, now: now)
      published.publish(state.answers[kind], of: kind)
    }
  }

  /// Takes the right to make one attempt of about `tokens`, in and out; nil when something stands in the
  /// way, which `standing` names.
  package func acquire(tokens: Int, now: MonotonicTime) -> AttemptPermit? {
    // When the limiter refuses, the breaker's permit is dropped and its trial is free again.
    guard let circuit = breaker.tryAcquirePermit(now: now) else { return nil }
    let acquiredAt = change { $0.acquire(tokens: tokens, hasPlace: false, now: now) }
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
    let acquiredAt = change { $0.acquire(tokens: tokens, hasPlace: true, now: now) }
    guard let acquiredAt else { return nil }
    ticket.use()
    return AttemptPermit(health: self, circuit: circuit, acquiredAt: acquiredAt, tokens: tokens)
  }

  /// How the breaker stands at `now`.
  package func circuit(now: MonotonicTime) -> CircuitSnapshot { breaker.snapshot(now: now) }

  /// Whether nothing but its limit of attempts at a time stands in the way.
  package func isBusy(tokens: Int, now: MonotonicTime) -> Bool {
    standing(tokens: tokens, now: now).unavailability == .concurrencyLimitReached
  }

  /// Joins the queue for a place at a provider that is at its limit; nil when the queue is full.
  ///
  /// `wake` is called on any thread when the turn has come. A ticket may have its place from the start.
  package func joinQueue(wake: @escaping @Sendable () -> Void) -> QueueTicket? {
    guard let number = change({ $0.join(wake: wake) }) else { return nil }
    return QueueTicket(health: self, number: number)
  }

  func hasPlace(_ number: UInt64) -> Bool {
    state.withLock { $0.hasPlace(number) }
  }

  func leave(_ number: UInt64) {
    let wake = change { $0.leave(number) }
    wake?()
  }

  /// The time within which `perThousand` of a thousand of its answers came, or the first tokens of its
  /// streams; nil with fewer than `minSamples`, or where the policy does not have it measured.
  package func quantile(perThousand: Int, ofFirstToken: Bool, minSamples: Int) -> Duration? {
    state.withLock {
      $0.quantile(perThousand: perThousand, ofFirstToken: ofFirstToken, minSamples: minSamples)
    }
  }

  /// What is to be told of an attempt that the request's own deadline ended after `duration`, before its first
  /// token where `isStream`: a timeout if the provider had as long as its answers take, and otherwise nothing,
  /// as of a caller who has left. So nobody takes a provider away from others by waiting too short.
  package func outcome(
    ofDeadlineAfter duration: Duration, isStream: Bool, usage: TokenUsage?
  ) -> AttemptOutcome {
    let usual = state.withLock { $0.usualTime(isStream: isStream) } ?? Self.timeForUnknown
    return duration >= usual ? .failure(.timeout, retryAfter: nil, usage: usage) : .cancelled(usage: usage)
  }

  /// What a provider of which no answer is known is given: less than any model takes.
  private static let timeForUnknown: Duration = .milliseconds(100)

  /// Everything there is to show.
  package func report(now: MonotonicTime) -> ProviderReport {
    let circuit = breaker.snapshot(now: now)
    return change { $0.report(circuit: circuit, now: now) }
  }

  /// Sets the provider down, or up again, by hand.
  package func setDown(_ isDown: Bool) {
    change { $0.isDown = isDown }
  }

  /// Closes the breaker and forgets the failures behind the penalty.
  package func resetBreaker() {
    breaker.reset()
    change { $0.resetFailures() }
    noteChange()
  }

  /// Ends holds and cooldowns and empties the rate limits' windows.
  package func resetCooldowns() {
    change { $0.resetCooldowns() }
    noteChange()
  }

  /// Sets all counts and averages to nothing; what is in flight stays counted as in flight.
  package func resetUsage() {
    change { state in
      state.resetUsage()
      for kind in RequestKind.all { published.publish(state.answers[kind], of: kind) }
    }
    noteChange()
  }

  /// Goes by `policy` from now on. What is known is kept, except in a window whose own numbers changed.
  package func adopt(_ policy: HealthPolicy) {
    breaker.adopt(policy.breaker)
    let wakes = change { $0.adopt(policy) }
    for wake in wakes { wake() }
  }

  /// Fills the rolling windows with a past attempt read from the ledger; call in order of time. `failed` is
  /// nil for one that says nothing of the provider. The breaker and the counts are restored by themselves.
  package func replay(failed: Bool?, tokens: Int, at time: MonotonicTime) {
    change { $0.replay(failed: failed, tokens: tokens, at: time) }
  }

  /// Notes the end of an attempt everywhere but in the breaker, which it `opened` or not.
  func settle(
    _ outcome: AttemptOutcome, opened: Bool, acquiredAt: MonotonicTime, tokens: Int, now: MonotonicTime
  ) {
    let (isSetAside, wake) = change {
      $0.settle(outcome, opened: opened, acquiredAt: acquiredAt, reserved: tokens, now: now)
    }
    wake?()
    // The breaker was answered before.
    if breaker.takeMove() || isSetAside { noteChange() }
  }
}
