package import GatewayTypes

/// What each party may spend, as the configuration in force says.
package struct BudgetLimits: Hashable, Sendable {
  /// An amount that must not be passed within each period.
  package struct Limit: Hashable, Sendable {
    package var amount: Money
    package var period: BudgetPeriod

    package init(_ amount: Money, per period: BudgetPeriod = .total) {
      self.amount = amount
      self.period = period
    }
  }

  /// Of each user that `users` does not name.
  package var perUser: Limit?
  package var users: [String: Limit]
  package var keys: [String: Limit]
  /// By `name=value`.
  package var tags: [String: Limit]
  package var global: Limit?

  package init(
    perUser: Limit? = nil, users: [String: Limit] = [:], keys: [String: Limit] = [:],
    tags: [String: Limit] = [:], global: Limit? = nil
  ) {
    self.perUser = perUser
    self.users = users
    self.keys = keys
    self.tags = tags
    self.global = global
  }

  /// The limit of `party`; nil where nothing limits it.
  package func limit(of party: BudgetParty) -> Limit? {
    switch party {
    case .user(let name): users[name] ?? perUser
    case .key(let name): keys[name]
    case .tag(let tag): tags[tag]
    case .global: global
    }
  }

  /// Which spending must be known for these limits to hold.
  package var scope: SpendingScope {
    SpendingScope(
      everyUser: perUser != nil, users: perUser == nil ? Set(users.keys) : [], tags: Set(tags.keys))
  }
}

/// Whose spending is added up: always that of each client key and of all together; of users and tags,
/// which callers invent, only where a budget needs it.
package struct SpendingScope: Hashable, Sendable {
  package var everyUser: Bool
  /// The users that count where not every one does.
  package var users: Set<String>
  /// The tags that count, `name=value`.
  package var tags: Set<String>

  package init(everyUser: Bool = false, users: Set<String> = [], tags: Set<String> = []) {
    self.everyUser = everyUser
    self.users = users
    self.tags = tags
  }

  /// Whether `party`'s spending is added up.
  package func covers(_ party: BudgetParty) -> Bool {
    switch party {
    case .user(let name): everyUser || users.contains(name)
    case .tag(let tag): tags.contains(tag)
    case .key, .global: true
    }
  }

  /// Whether everything that `other` needs is added up here too.
  package func covers(_ other: SpendingScope) -> Bool {
    (everyUser || (!other.everyUser && other.users.isSubset(of: users))) && other.tags.isSubset(of: tags)
  }
}
