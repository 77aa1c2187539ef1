/// When a provider that fails is left alone, and for how long.
package struct BreakerConfiguration: Sendable {
  /// Consecutive failures that open the breaker.
  package var failureThreshold = 3
  /// The first wait before a trial; it doubles with every failed trial.
  package var cooldown: Duration = .seconds(60)
  /// Requests let through at a time while half open.
  package var halfOpenTrials = 1
  /// The longest wait; never less than `cooldown`.
  package var maxCooldown: Duration = .seconds(600)

  package init() {}
}
