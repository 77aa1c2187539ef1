/// When a circuit breaker opens, and how long it stays open.
package struct BreakerPolicy: Hashable, Sendable {
  /// The consecutive failures that open a breaker unless the file says otherwise.
  package static let usualFailureThreshold = 3

  /// The number of consecutive failures that opens the breaker; at least 1.
  package let failureThreshold: Int
  /// How long the first wait is.
  package let cooldown: Duration
  /// How many requests may try a half-open provider at a time; at least 1.
  package let halfOpenTrials: Int
  /// What the doubling wait never passes.
  package let maxCooldown: Duration

  /// A `maxCooldown` below `cooldown` is raised to it: the wait then never doubles.
  package init(
    failureThreshold: Int = usualFailureThreshold, cooldown: Duration = .seconds(60), halfOpenTrials: Int = 1,
    maxCooldown: Duration = .seconds(600)
  ) {
    precondition(failureThreshold >= 1, "a breaker needs at least one failure to open")
    precondition(halfOpenTrials >= 1, "a half-open breaker that lets no trial through never closes")
    precondition(cooldown >= .zero, "a wait cannot be negative")
    self.failureThreshold = failureThreshold
    self.cooldown = cooldown
    self.halfOpenTrials = halfOpenTrials
    self.maxCooldown = max(cooldown, maxCooldown)
  }
}
