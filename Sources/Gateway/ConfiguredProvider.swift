internal import Configuration
internal import CurlClient
internal import GatewayTypes
internal import HTTP
internal import Health

/// One provider as it serves: what the file says, how it does, and where its calls go.
final class ConfiguredProvider: Sendable {
  /// How a provider is reached.
  enum Reach: Sendable {
    case network(EndpointSet)
    /// Built in: no network.
    case mock
    /// The file lists it and it is not used.
    case disabled(reason: String)
  }

  let configuration: ProviderConfiguration
  /// Outlives a reload of the file, so that a breaker does not forget.
  let health: ProviderHealth
  let reach: Reach
  /// What every answer from it says in its head.
  let answerFields: ResponseFields

  init(configuration: ProviderConfiguration, health: ProviderHealth, reach: Reach) {
    self.configuration = configuration
    self.health = health
    self.reach = reach
    var fields = ResponseFields()
    fields.add("x-tollgate-provider", configuration.id.text)
    fields.add("x-tollgate-model", configuration.model)
    answerFields = fields
  }

  var id: ProviderID { configuration.id }

  var disabledReason: String? {
    if case .disabled(let reason) = reach { reason } else { nil }
  }

  /// Whether the configuration uses it.
  var isEnabled: Bool { disabledReason == nil }
}
