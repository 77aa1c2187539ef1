internal import Accounting
internal import Configuration
internal import CurlClient
internal import Decisions
internal import Fleet
internal import GatewayTypes
internal import HTTPServer
internal import Health
internal import Providers
internal import Routing

/// All that one configuration file means, prepared for serving. Immutable: a reload makes a new one, and
/// a request keeps the one it began with.
final class GatewaySnapshot: Sendable {
  let configuration: GatewayConfiguration
  /// In file order; the router's index is the place here.
  let providers: [ConfiguredProvider]
  let roster: Roster
  /// Those of the providers, for the router.
  let healths: HealthTable
  let policy: RoutingPolicy
  /// By the router's index, as the file has them.
  let limits: [CallLimits]
  /// What the lines of decisions refer to.
  let decisionHeading: DecisionLog.Heading
  let access: AccessControl
  let budgetLimits: BudgetLimits
  let origins: OriginPolicy
  let memory: RoutingMemory
  private let byID: [ProviderID: Int]

  /// Takes over from `previous` what must outlive a reload: each provider's health, and its connections
  /// where the address did not change.
  init(_ configuration: GatewayConfiguration, environment: [String: String], previous: GatewaySnapshot? = nil)
  {
    self.configuration = configuration
    memory = previous?.memory ?? RoutingMemory()
    let providers = configuration.providers.map { provider in
      ConfiguredProvider(
        provider, in: configuration, environment: environment, previous: previous?.provider(provider.id))
    }
    self.providers = providers
    healths = HealthTable(providers.map(\.health))
    roster = Roster(configuration)
    Intent.prepare()
    policy = RoutingPolicy(configuration)
    limits = configuration.providers.map { CallLimits(HealthPolicy($0, in: configuration)) }
    decisionHeading =
      DecisionHeading(candidates: roster.candidates, limits: limits, policy: policy).line
    access = AccessControl(keys: configuration.keys, previous: previous?.access)
    budgetLimits = BudgetLimits(configuration)
    origins = OriginPolicy(
      corsOrigins: configuration.server.corsOrigins, host: configuration.server.host,
      hasKeys: !configuration.keys.isEmpty)
    byID = Dictionary(uniqueKeysWithValues: providers.enumerated().map { ($1.id, $0) })
  }

  /// The provider of that id; nil when the file has none.
  func provider(_ id: ProviderID) -> ConfiguredProvider? {
    byID[id].map { providers[$0] }
  }

  /// Its index for the router; nil when the file has none of that id.
  func index(of id: ProviderID) -> Int? { byID[id] }

  /// Where the network is asked.
  var endpoints: [Endpoint] {
    providers.flatMap { provider -> [Endpoint] in
      if case .network(let sets) = provider.reach { return sets.flatMap(\.endpoints) }
      return []
    }
  }
}

extension ConfiguredProvider {
  /// Prepares `entry` for serving.
  fileprivate convenience init(
    _ entry: ProviderConfiguration, in configuration: GatewayConfiguration, environment: [String: String],
    previous: ConfiguredProvider?
  ) {
    let policy = HealthPolicy(entry, in: configuration)
    let health = previous?.health ?? ProviderHealth(policy: policy)
    if previous != nil { health.adopt(policy) }
    self.init(
      configuration: entry, health: health,
      reach: Self.reach(of: entry, environment: environment, previous: previous),
      keys: KeyRing(of: entry, policy: policy.breaker, previous: previous?.keys))
  }

  private static func reach(
    of entry: ProviderConfiguration, environment: [String: String], previous: ConfiguredProvider?
  ) -> Reach {
    if let reason = entry.disabledReason { return .disabled(reason: reason) }
    let family: ProviderFamily
    switch entry.kind {
    case .mock: return .mock
    case .openai: family = .openAI
    case .anthropic: family = .anthropic
    case .gemini: family = .gemini
    }
    var known: [EndpointSet] = []
    if case .network(let sets) = previous?.reach { known = sets }
    let keys: [Secret?] = entry.apiKeys.isEmpty ? [nil] : entry.apiKeys
    return .network(
      keys.map {
        EndpointSet(entry, key: $0, family: family, environment: environment, previous: known)
      })
  }
}

extension BudgetLimits {
  /// The file's budgets: of users, tags and all under `budgets`, of client keys with the keys.
  fileprivate init(_ configuration: GatewayConfiguration) {
    let budgets = configuration.budgets
    let period = BudgetPeriod(budgets.window)
    func limit(_ amount: Money) -> Limit { Limit(amount, per: period) }
    var keys: [String: Limit] = [:]
    for key in configuration.keys {
      if let amount = key.budget { keys[key.name] = Limit(amount, per: BudgetPeriod(key.budgetWindow)) }
    }
    self.init(
      perUser: budgets.perUser.map(limit), users: budgets.users.mapValues(limit), keys: keys,
      tags: budgets.tags.mapValues(limit), global: budgets.global.map(limit))
  }
}

extension BudgetPeriod {
  fileprivate init(_ window: BudgetWindow) {
    switch window {
    case .total: self = .total
    case .day: self = .day
    case .month: self = .month
    }
  }
}
