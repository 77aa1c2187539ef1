import Configuration
import Fleet
import GatewayTypes
import Health

/// A provider of the file under which the log is decided again, on the replay's clock.
final class ReplayProvider {
  let configuration: ProviderConfiguration
  let health: ProviderHealth
  private var lastFailure: (failure: FailureClass, at: MonotonicTime, latency: Duration)?

  /// For so long after a failure that the log tells of, others would have met it too, unless an answer came.
  static let outageSpan: Duration = .seconds(30)

  init(_ entry: ProviderConfiguration, in configuration: GatewayConfiguration) {
    self.configuration = entry
    health = ProviderHealth(policy: HealthPolicy(entry, in: configuration))
  }

  /// Notes what the log says of the provider, whoever is asked in the replay.
  func note(_ outcome: ReplayOutcome, at time: MonotonicTime, latency: Duration) {
    switch outcome {
    case .success: lastFailure = nil
    case .failure(.invalidRequest), .failure(.contextTooLong), .cancelled, .unsupported: break
    case .failure(let failure): lastFailure = (failure, time, latency)
    }
  }

  /// How a request would have ended here that the log did not send here.
  func outage(at now: MonotonicTime) -> (failure: FailureClass, latency: Duration)? {
    guard let lastFailure, now - lastFailure.at <= Self.outageSpan else { return nil }
    return (lastFailure.failure, lastFailure.latency)
  }
}
