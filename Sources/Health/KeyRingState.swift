package import GatewayTypes

/// The rules of a provider's several keys, without a clock or a lock: whose turn it is, and which are set
/// aside for how long.
///
/// Keys are used in turn. One that the provider refuses (401, 403, out of money) is set aside for the
/// breaker's cooldown, and for twice as long each further time until it has worked again; one that met a
/// 429 until the time that the provider named. While another key is live neither is the provider's
/// failure.
package struct KeyRingState: Sendable {
  /// What a failed attempt with one of the keys means.
  package enum Verdict: Hashable, Sendable {
    /// The key is set aside and another one is live: the same provider is to be asked with that at once.
    case asksWithAnotherKey
    /// The key is set aside and none is live, one of them because of a 429: the provider is free again then.
    case held(until: MonotonicTime)
    /// No key is to blame, or all of them are: the failure is the provider's.
    case isTheProviders
  }

  private struct Key {
    /// Refused until then; a time that has passed is one of a key that has not worked since.
    var refusedUntil: MonotonicTime?
    /// How long it stays aside when it is refused the next time.
    var cooldown: Duration
    var hold = RetryAfterHold()

    func returnsAt(_ now: MonotonicTime) -> MonotonicTime {
      max(refusedUntil ?? now, hold.heldUntil(now: now) ?? now, now)
    }
  }

  package var policy: BreakerPolicy
  private var keys: [Key]
  /// The key whose turn is next.
  private var turn = 0

  /// `count` keys, all of them live.
  package init(count: Int, policy: BreakerPolicy = BreakerPolicy()) {
    precondition(count > 0, "a ring has keys")
    self.policy = policy
    keys = Array(repeating: Key(cooldown: policy.cooldown), count: count)
  }

  package var count: Int { keys.count }

  /// How many keys are not set aside.
  package func liveCount(now: MonotonicTime) -> Int {
    keys.count { $0.returnsAt(now) <= now }
  }

  /// The index of the key to use: of the live ones in turn, else the one that is the first to come back,
  /// as its provider's breaker may let a trial through before that.
  package mutating func next(now: MonotonicTime) -> Int {
    var best = turn
    for step in keys.indices {
      let index = (turn + step) % keys.count
      guard keys[index].returnsAt(now) > now else {
        best = index
        break
      }
      if keys[index].returnsAt(now) < keys[best].returnsAt(now) { best = index }
    }
    turn = (best + 1) % keys.count
    return best
  }

  /// Notes that the key `index` has brought an answer.
  package mutating func noteSuccess(_ index: Int) {
    keys[index].refusedUntil = nil
    keys[index].cooldown = policy.cooldown
    keys[index].hold.noteSuccess()
  }

  /// Notes that an attempt with the key `index` has failed.
  package mutating func note(
    _ failure: FailureClass, retryAfter: Duration?, key index: Int, now: MonotonicTime
  ) -> Verdict {
    switch failure.effect {
    case .opensBreaker: refuse(index, now: now)
    case .setsAside: keys[index].hold.hold(retryAfter: retryAfter, now: now)
    case .countsAsFailure, .none: return .isTheProviders
    }
    guard liveCount(now: now) == 0 else { return .asksWithAnotherKey }
    let isHeld = keys.contains { $0.hold.heldUntil(now: now) != nil && $0.refusedUntil ?? now <= now }
    let first = keys.reduce(MonotonicTime.distantFuture) { min($0, $1.returnsAt(now)) }
    return isHeld ? .held(until: first) : .isTheProviders
  }

  private mutating func refuse(_ index: Int, now: MonotonicTime) {
    // Of requests that were under way together only the first counts, or a burst would double the wait.
    if let end = keys[index].refusedUntil, now < end { return }
    let hasFailedBefore = keys[index].refusedUntil != nil
    let cooldown =
      hasFailedBefore ? min(keys[index].cooldown * 2, policy.maxCooldown) : policy.cooldown
    keys[index].cooldown = cooldown
    keys[index].refusedUntil = now + cooldown
  }

  /// Gives the keys that were refused another chance.
  package mutating func forgetRefusals() {
    for index in keys.indices {
      keys[index].refusedUntil = nil
      keys[index].cooldown = policy.cooldown
    }
  }

  /// Ends what a 429 began.
  package mutating func endHolds() {
    for index in keys.indices { keys[index].hold = RetryAfterHold() }
  }
}
