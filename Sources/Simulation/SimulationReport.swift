internal import Configuration
package import GatewayTypes

/// What a simulated day came to.
package struct SimulationReport: Hashable, Sendable {
  /// What one provider did.
  package struct Provider: Hashable, Sendable {
    package var id: ProviderID
    /// Calls, retries included.
    package var requests = 0
    package var successes = 0
    /// Calls that failed, 429 not counted.
    package var failures = 0
    /// Calls that were answered 429.
    package var rateLimited = 0
    package var cost = Money.zero
    /// Of successes.
    package var latency = LatencyHistogram()
    /// How long the breaker was open, trials not counted.
    package var breakerOpen: Duration = .zero
    /// How often a plan left it out because of a limit, a hold after a 429 or a cooldown.
    package var limitHits = 0

    init(id: ProviderID) {
      self.id = id
    }
  }

  package var chooser: Chooser
  package var seed: UInt64
  package var duration: Duration
  package var providers: [Provider]
  package var requests = 0
  package var cost = Money.zero
  package var endings: [RequestEnding: Int] = [:]
  /// Of answered requests, from their arrival on.
  package var latency = LatencyHistogram()

  init(chooser: Chooser, script: SimulationScript, seed: UInt64) {
    self.chooser = chooser
    self.seed = seed
    duration = script.duration
    providers = script.configuration.providers.map { Provider(id: $0.id) }
  }

  package var answered: Int { endings[.answered, default: 0] }

  /// The share of requests that were answered, 0 … 1; 1 where there was none.
  package var successRate: Double { requests == 0 ? 1 : Double(answered) / Double(requests) }
}
