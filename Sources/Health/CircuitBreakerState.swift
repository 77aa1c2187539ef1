package import GatewayTypes

/// The rules of a circuit breaker, without a clock or a lock: an event goes in, the state changes.
///
/// Closed lets every attempt through and opens after `failureThreshold` consecutive failures. Open lets
/// none through until the wait is over. Half-open lets `halfOpenTrials` through at a time: a success
/// closes, a failure opens again for twice as long.
///
/// Each change of phase begins a new generation. An attempt carries the generation it began in, and an
/// answer from an older one is ignored: what a slow request met two phases ago says nothing about now.
package struct CircuitBreakerState: Sendable {
  /// Where the breaker stands.
  package enum Phase: Hashable, Sendable {
    case closed
    /// No attempt until then. Past that time the breaker waits for the next attempt to turn half-open.
    case open(until: MonotonicTime)
    /// `trials` attempts are in flight.
    case halfOpen(trials: Int)
  }

  /// What became of an attempt.
  package enum Answer: Hashable, Sendable {
    case success
    case failure(FailureClass)
    /// A failure that no second try will mend, such as a wrong key: opens without counting.
    case opening(FailureClass)
    /// Says nothing about the provider; frees the trial.
    case cancelled
  }

  package var policy: BreakerPolicy
  package private(set) var phase = Phase.closed
  package private(set) var generation: UInt64 = 0
  package private(set) var consecutiveFailures = 0
  package private(set) var reason: FailureClass?
  private var currentCooldown: Duration

  package init(policy: BreakerPolicy) {
    self.policy = policy
    currentCooldown = policy.cooldown
  }

  /// Lets an attempt through and returns the generation it belongs to, or nil: open, or all trials taken.
  package mutating func acquire(now: MonotonicTime) -> UInt64? {
    switch phase {
    case .closed:
      return generation
    case .open(let until):
      guard now >= until else { return nil }
      enter(.halfOpen(trials: 1))
      return generation
    case .halfOpen(let trials):
      guard trials < policy.halfOpenTrials else { return nil }
      phase = .halfOpen(trials: trials + 1)
      return generation
    }
  }

  /// Takes the answer of an attempt that began in `generation`. Returns whether it opened the breaker.
  @discardableResult
  package mutating func settle(_ answer: Answer, generation: UInt64, now: MonotonicTime) -> Bool {
    guard generation == self.generation else { return false }
    switch answer {
    case .success:
      succeed()
      return false
    case .failure(let failure):
      consecutiveFailures += 1
      guard phase != .closed || consecutiveFailures >= policy.failureThreshold else { return false }
      open(failure, now: now)
      return true
    case .opening(let failure):
      consecutiveFailures += 1
      open(failure, now: now)
      return true
    case .cancelled:
      if case .halfOpen(let trials) = phase { phase = .halfOpen(trials: trials - 1) }
      return false
    }
  }

  private mutating func succeed() {
    consecutiveFailures = 0
    guard phase != .closed else { return }
    enter(.closed)
    reason = nil
    currentCooldown = policy.cooldown
  }

  private mutating func open(_ failure: FailureClass, now: MonotonicTime) {
    let failedTrial = phase != .closed
    currentCooldown = failedTrial ? min(currentCooldown * 2, policy.maxCooldown) : policy.cooldown
    reason = failure
    enter(.open(until: now + currentCooldown))
  }

  private mutating func enter(_ next: Phase) {
    phase = next
    generation += 1
  }

  /// How the breaker stands at `now`. Changes nothing.
  package func snapshot(now: MonotonicTime) -> CircuitSnapshot {
    var snapshot = CircuitSnapshot(
      status: .closed, reason: reason, consecutiveFailures: consecutiveFailures,
      currentCooldown: currentCooldown, acceptsAttempt: true)
    switch phase {
    case .closed:
      break
    case .open(let until) where now < until:
      snapshot.status = .open
      snapshot.retryAt = until
      snapshot.acceptsAttempt = false
    case .open:
      snapshot.status = .halfOpen
    case .halfOpen(let trials):
      snapshot.status = .halfOpen
      snapshot.acceptsAttempt = trials < policy.halfOpenTrials
    }
    return snapshot
  }

  /// Closes the breaker and forgets every failure; answers still on their way are ignored.
  package mutating func reset() {
    enter(.closed)
    consecutiveFailures = 0
    reason = nil
    currentCooldown = policy.cooldown
  }

  /// Takes up a state kept on disk. One that was half-open waits for its next trial.
  ///
  /// `retryAt` must already be on this process's clock.
  package mutating func restore(_ snapshot: CircuitSnapshot, now: MonotonicTime) {
    reset()
    consecutiveFailures = snapshot.consecutiveFailures
    switch snapshot.status {
    case .closed:
      return
    case .open:
      // A clock that was set back meanwhile must not make the wait longer than any.
      phase = .open(until: min(snapshot.retryAt ?? now, now + policy.maxCooldown))
    case .halfOpen:
      phase = .open(until: now)
    }
    reason = snapshot.reason
    currentCooldown = min(max(snapshot.currentCooldown, policy.cooldown), policy.maxCooldown)
  }
}
