/// Everything in the configuration that decides whether one provider may be called.
package struct HealthPolicy: Hashable, Sendable {
  package var breaker: BreakerPolicy
  package var penalty: PenaltyPolicy
  package var rateLimits: RateLimits
  /// Nil: tokens never cool the provider down.
  package var cooldown: CooldownPolicy?
  /// The most attempts in flight at a time; nil is no limit.
  package var maxConcurrency: Int?
  /// How many may wait for a place at that limit.
  package var maxQueue: Int
  /// Whether it is kept how the latencies are spread: only hedging asks.
  package var measuresQuantiles: Bool

  package init(
    breaker: BreakerPolicy = BreakerPolicy(), penalty: PenaltyPolicy = PenaltyPolicy(),
    rateLimits: RateLimits = .unlimited, cooldown: CooldownPolicy? = nil, maxConcurrency: Int? = nil,
    maxQueue: Int = 100, measuresQuantiles: Bool = false
  ) {
    self.breaker = breaker
    self.penalty = penalty
    self.rateLimits = rateLimits
    self.cooldown = cooldown
    self.maxConcurrency = maxConcurrency
    self.maxQueue = maxQueue
    self.measuresQuantiles = measuresQuantiles
  }
}
