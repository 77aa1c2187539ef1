package import GatewayTypes

/// Money set aside for one request, until what it really costs is known.
///
/// Settled once, which moves the cost from reserved to spent; dropped unsettled it is given back whole.
package struct Reservation: ~Copyable, Sendable {
  private let budgets: Budgets
  private let accounts: AccountList
  /// What is set aside.
  package private(set) var amount: Money
  private var isOpen = true

  init(budgets: Budgets, accounts: AccountList, amount: Money) {
    self.budgets = budgets
    self.accounts = accounts
    self.amount = amount
  }

  /// Sets aside `bound` in all, more or less than before: a further attempt may cost more on top of what
  /// the first has used. On a refusal what was set aside stays.
  package mutating func change(to bound: Money, now: Timestamp) throws(BudgetRefusal) {
    precondition(bound >= .zero, "a bound is not negative")
    try budgets.change(accounts, from: amount, to: bound, now: now)
    amount = bound
  }

  /// Records what the request cost, exactly, and gives the rest back. `time` is that of its ledger line.
  ///
  /// Returns by how much the cost passed what was set aside: zero, unless a bound was wrong. The whole
  /// cost is recorded all the same, since a bill tells what was paid.
  @discardableResult
  package consuming func settle(cost: Money, at time: Timestamp) -> Money {
    precondition(cost >= .zero, "a cost is not negative")
    isOpen = false
    budgets.settle(accounts, reserved: amount, cost: cost, at: time)
    return max(.zero, cost - amount)
  }

  deinit {
    if isOpen { budgets.release(accounts, reserved: amount) }
  }
}
