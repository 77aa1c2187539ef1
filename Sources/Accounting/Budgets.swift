package import GatewayTypes
import Synchronization

/// What everybody has spent, has reserved, and may spend: the one place that says no.
///
/// Before an attempt its worst cost is reserved with every party that it is charged to, in one step: all
/// of them have room or nothing is reserved. So the sum of what is spent and reserved never passes a
/// limit, whatever runs at the same time, and what is settled stays below it as long as no cost is larger
/// than its reservation.
///
/// Safe to use from any thread: one lock, held for additions only. Each user that a budget covers takes
/// some 200 bytes for as long as the process runs; nobody is forgotten, since that would make a spent
/// budget whole again.
package final class Budgets: Sendable {
  /// Users, keys and tags with an account, together: about 1 GB. Further ones are refused.
  package static let maximumPartyCount = 5_000_000

  private let storage: Mutex<BudgetAccounts>

  package init(_ limits: BudgetLimits, maximumPartyCount: Int = Budgets.maximumPartyCount) {
    storage = Mutex(BudgetAccounts(limits: limits, maximumCount: maximumPartyCount))
  }

  /// Reserves `bound` with each of the parties, or says which budget has no room for it.
  ///
  /// `now` is the wall clock's time; it decides which day and month the answer is about.
  package func reserve(
    _ bound: Money, for parties: BudgetParties, now: Timestamp
  ) throws(BudgetRefusal) -> Reservation {
    precondition(bound >= .zero, "a bound is not negative")
    let accounts = try storage.withLock { storage throws(BudgetRefusal) in
      let accounts = try storage.list(parties)
      try storage.check(bound, on: accounts, now: now)
      storage.reserve(bound, on: accounts)
      return accounts
    }
    return Reservation(budgets: self, accounts: accounts, amount: bound)
  }

  /// The least that any of the parties has left: an attempt with a larger bound would be refused. Nil
  /// when none of them has a limit.
  package func left(for parties: BudgetParties, now: Timestamp) -> Money? {
    storage.withLock { $0.left(for: parties, now: now) }
  }

  /// Puts other limits in force. What is spent and reserved stays; a user or tag that had no budget
  /// before counts from now on, and from the ledger's beginning after the next start.
  package func adopt(_ limits: BudgetLimits) {
    storage.withLock { $0.adopt(limits) }
  }

  /// Adds what the ledger says was spent before this process began. Called once, before any reservation.
  package func restore(_ spendings: [(party: BudgetParty, spending: Spending)]) {
    storage.withLock { storage in
      for (party, spending) in spendings { storage.restore(party, spending) }
    }
  }

  /// The state of every party with a limit or with spending, for `GET /budgets`.
  package func snapshot(limit: Int = 1_000, now: Timestamp) -> BudgetSnapshot {
    let accounts = storage.withLock { $0.accounts }
    return BudgetSnapshot(accounts, limit: limit, now: now)
  }

  func change(_ accounts: AccountList, from old: Money, to new: Money, now: Timestamp) throws(BudgetRefusal) {
    try storage.withLock { storage throws(BudgetRefusal) in
      if new > old { try storage.check(new - old, on: accounts, now: now) }
      storage.reserve(new - old, on: accounts)
    }
  }

  func settle(_ accounts: AccountList, reserved: Money, cost: Money, at time: Timestamp) {
    storage.withLock { $0.settle(accounts, reserved: reserved, cost: cost, now: time) }
  }

  func release(_ accounts: AccountList, reserved: Money) {
    storage.withLock { $0.reserve(.zero - reserved, on: accounts) }
  }
}
