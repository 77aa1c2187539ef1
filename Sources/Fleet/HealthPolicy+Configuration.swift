package import Configuration
package import Health

extension HealthPolicy {
  /// What decides whether the provider `entry` of a file may be called.
  package init(_ entry: ProviderConfiguration, in configuration: GatewayConfiguration) {
    let breaker = configuration.breaker
    let routing = configuration.routing
    self.init(
      breaker: BreakerPolicy(
        failureThreshold: breaker.failureThreshold, cooldown: breaker.cooldown,
        halfOpenTrials: breaker.halfOpenTrials, maxCooldown: breaker.maxCooldown),
      penalty: PenaltyPolicy(window: routing.penaltyWindow, threshold: routing.penaltyThreshold),
      rateLimits: RateLimits(
        requestsPerMinute: entry.rateLimitRequestsPerMinute, tokensPerMinute: entry.rateLimitTokensPerMinute),
      cooldown: configuration.cooldown.map {
        CooldownPolicy(tokens: $0.tokens, window: $0.window, duration: $0.duration)
      },
      maxConcurrency: entry.maxConcurrency)
  }
}
