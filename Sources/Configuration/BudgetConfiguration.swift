package import GatewayTypes

/// The time after which a budget starts anew.
package enum BudgetWindow: String, Sendable, CaseIterable {
  case total, day, month
}

/// What may be spent: by one user, under one tag, and by all together.
package struct BudgetConfiguration: Sendable {
  /// Of each user that `users` does not name; nil is no limit.
  package var perUser: Money?
  package var window: BudgetWindow = .total
  package var users: [String: Money] = [:]
  /// `name=value` → budget of all requests that carry this tag.
  package var tags: [String: Money] = [:]
  package var global: Money?

  package init() {}
}
