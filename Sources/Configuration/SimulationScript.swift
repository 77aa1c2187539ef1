package import GatewayTypes

/// A day to play: providers, how they behave, and who asks them what. Read by `SimulationFile`.
///
/// A value of it is always consistent: every enabled provider has a behaviour, and there is traffic.
package struct SimulationScript: Sendable {
  /// The gateway's own configuration. What only a network needs, such as a missing key, disables nobody here.
  package var configuration: GatewayConfiguration
  package var seed: UInt64 = 1
  /// How long requests arrive; those under way then are played to their end.
  package var duration: Duration = .seconds(86_400)
  package var traffic: TrafficScript
  package var behaviors: [ProviderID: ProviderBehavior]

  package init(
    configuration: GatewayConfiguration, traffic: TrafficScript,
    behaviors: [ProviderID: ProviderBehavior] = [:]
  ) {
    self.configuration = configuration
    self.traffic = traffic
    self.behaviors = behaviors
  }

  /// How a provider behaves: as written, else as its entry in the file lets expect.
  package func behavior(of provider: ProviderConfiguration) -> ProviderBehavior {
    behaviors[provider.id] ?? ProviderBehavior(provider)
  }
}

/// Values that chance draws from.
package enum ScriptedDistribution: Hashable, Sendable {
  /// One of these, each as likely as the others; never empty.
  case values([Double])
  /// Log-normal, as times and lengths mostly are: half of all values lie below `median`, 95 % below `p95`.
  case logNormal(median: Double, p95: Double)
}
