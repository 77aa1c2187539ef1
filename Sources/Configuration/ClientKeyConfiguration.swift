package import GatewayTypes

/// One key that callers of the gateway identify themselves with, and what it may do.
package struct ClientKeyConfiguration: Sendable {
  package var name: String
  /// The secret itself. Never shown.
  package var key: Secret
  package var budget: Money?
  package var budgetWindow: BudgetWindow = .total
  package var rateLimitPerMinute: Int?
  /// Model names, provider ids and names, and aliases this key may ask for; `*` is all.
  package var models = ["*"]
  package var isAdmin = false

  package init(name: String, key: Secret) {
    self.name = name
    self.key = key
  }
}
