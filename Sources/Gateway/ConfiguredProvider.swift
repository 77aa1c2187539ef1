internal import Configuration
internal import CurlClient
internal import GatewayTypes
internal import HTTP
internal import Health

/// One provider as it serves: what the file says, how it does, and where its calls go.
final class ConfiguredProvider: Sendable {
  /// How a provider is reached.
  enum Reach: Sendable {
    /// The addresses as called with each of its keys; one where it needs none.
    case network([EndpointSet])
    /// Built in: no network.
    case mock
    /// The file lists it and it is not used.
    case disabled(reason: String)
  }

  let configuration: ProviderConfiguration
  /// Outlives a reload of the file, so that a breaker does not forget.
  let health: ProviderHealth
  let reach: Reach
  /// Nil unless it has several keys.
  let keys: KeyRing?
  /// What every answer from it says in its head.
  let answerFields: ResponseFields

  init(configuration: ProviderConfiguration, health: ProviderHealth, reach: Reach, keys: KeyRing?) {
    self.configuration = configuration
    self.health = health
    self.reach = reach
    self.keys = keys
    var fields = ResponseFields()
    fields.add("x-tollgate-provider", configuration.id.text)
    fields.add("x-tollgate-model", configuration.model)
    answerFields = fields
  }

  var id: ProviderID { configuration.id }

  var disabledReason: String? {
    if case .disabled(let reason) = reach { reason } else { nil }
  }

  /// The index of the key to use for the next attempt.
  func nextKey(now: MonotonicTime) -> Int { keys?.next(now: now) ?? 0 }

  /// What the health is told of an attempt with one of several keys that ended with `outcome`.
  func judge(_ outcome: AttemptOutcome, key: Int, now: MonotonicTime) -> AttemptOutcome {
    keys?.judge(outcome, key: key, now: now) ?? outcome
  }

  /// Whether the configuration uses it.
  var isEnabled: Bool { disabledReason == nil }
}
