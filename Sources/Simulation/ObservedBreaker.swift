internal import Configuration
internal import GatewayTypes

/// What a provider's breaker must be like, from its calls alone.
struct ObservedBreaker {
  enum Ending {
    case answered, failed
    /// Neither: it frees a trial.
    case saysNothing
  }

  private let policy: BreakerConfiguration
  /// Nil while closed.
  private var closedUntil: Int64?
  private var isOnTrial = false
  private var trials = 0
  private var failures = 0
  private var wait: Int64
  /// Counts the changes: an answer to a call from before the last one says nothing.
  private var epoch = 0

  init(_ policy: BreakerConfiguration) {
    self.policy = policy
    wait = policy.cooldown.wholeNanoseconds
  }

  /// Whether calls pass freely.
  var isClosed: Bool { closedUntil == nil && !isOnTrial }

  /// Notes a call; its epoch, and what it breaks.
  mutating func call(at now: Int64) -> (epoch: Int, trouble: String?) {
    if let end = closedUntil {
      if now < end { return (epoch, "is called while its breaker is open") }
      closedUntil = nil
      isOnTrial = true
      trials = 0
      epoch += 1
    }
    guard isOnTrial else { return (epoch, nil) }
    trials += 1
    return (epoch, trials > policy.halfOpenTrials ? "has \(trials) trials at a time" : nil)
  }

  mutating func end(_ callEpoch: Int, _ ending: Ending, at now: Int64) {
    guard callEpoch == epoch else { return }
    switch ending {
    case .saysNothing:
      if isOnTrial { trials -= 1 }
    case .answered:
      failures = 0
      guard isOnTrial else { return }
      isOnTrial = false
      epoch += 1
      wait = policy.cooldown.wholeNanoseconds
    case .failed:
      failures += 1
      guard isOnTrial || failures >= policy.failureThreshold else { return }
      let longest = max(policy.maxCooldown, policy.cooldown).wholeNanoseconds
      wait = isOnTrial ? min(wait * 2, longest) : policy.cooldown.wholeNanoseconds
      closedUntil = now + wait
      isOnTrial = false
      epoch += 1
    }
  }
}
