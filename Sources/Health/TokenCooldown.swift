package import GatewayTypes

/// When a model is given a rest: more than `tokens` within `window` rests it for `duration`.
package struct CooldownPolicy: Hashable, Sendable {
  package var tokens: Int
  package var window: Duration
  package var duration: Duration

  package init(tokens: Int, window: Duration = .seconds(60), duration: Duration = .seconds(300)) {
    self.tokens = tokens
    self.window = window
    self.duration = duration
  }
}

/// Cools a model down after too many tokens in a short time.
///
/// The window is a rolling one, exact to 1/1,000 of its length (60 ms of 60 s), tokens counting rather
/// too long than too short. Tokens that began a cooldown are spent: they do not begin a second one.
package struct TokenCooldown: Sendable {
  private let policy: CooldownPolicy
  private var log: RollingLog
  /// When the last cooldown ends, or has ended.
  private(set) var end: MonotonicTime?

  package init(policy: CooldownPolicy) {
    precondition(policy.tokens >= 0, "a token threshold cannot be negative")
    self.policy = policy
    log = RollingLog(window: policy.window, slot: policy.window / 1000)
  }

  /// Counts the tokens of an answer.
  package mutating func record(tokens: Int, now: MonotonicTime) {
    guard tokens > 0 else { return }
    _ = log.append(tokens: tokens, now: now)
    guard log.tokens > policy.tokens else { return }
    log.removeAll()
    let candidate = now + policy.duration
    end = end.map { max($0, candidate) } ?? candidate
  }

  /// When the cooldown ends; nil when there is none.
  package func coolingUntil(now: MonotonicTime) -> MonotonicTime? {
    guard let end, now < end else { return nil }
    return end
  }

  /// Ends the cooldown and forgets the tokens.
  package mutating func reset() {
    log.removeAll()
    end = nil
  }

  /// Takes up a cooldown kept on disk; nil is none.
  package mutating func restore(coolingUntil time: MonotonicTime?) {
    end = time
  }
}
