import GatewayTypes

/// One party's money.
struct BudgetAccount: Sendable {
  let party: BudgetParty
  var limit: BudgetLimits.Limit?
  var spending = Spending()
  var reserved = Money.zero

  /// What may still be reserved; nil without a limit. Negative after a limit was lowered.
  func left(at now: Timestamp) -> Money? {
    limit.map { $0.amount - spending.amount(in: $0.period, at: now) - reserved }
  }
}

/// The accounts that one request is charged to, by their place; no account ever moves.
struct AccountList: Sendable {
  /// Nil where the request names no user or key, or one that nothing needs to track.
  var user: Int32?
  var key: Int32?
  var tags: [Int32] = []

  func forEach<Failure: Error>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
    if let user { try body(Int(user)) }
    if let key { try body(Int(key)) }
    for tag in tags { try body(Int(tag)) }
    try body(BudgetAccounts.globalIndex)
  }
}

/// All accounts: what the lock of `Budgets` guards.
struct BudgetAccounts: Sendable {
  static let globalIndex = 0

  private var limits: BudgetLimits
  private var scope: SpendingScope
  private(set) var accounts: [BudgetAccount]
  private var indices: [BudgetParty: Int32] = [:]
  private let maximumCount: Int

  init(limits: BudgetLimits, maximumCount: Int) {
    self.limits = limits
    scope = limits.scope
    accounts = [BudgetAccount(party: .global, limit: limits.global)]
    self.maximumCount = maximumCount
  }

  /// The accounts of those parties that are tracked; new ones are opened.
  mutating func list(_ parties: BudgetParties) throws(BudgetRefusal) -> AccountList {
    var list = AccountList()
    if let user = parties.user { list.user = try index(of: .user(user)) }
    if let key = parties.key { list.key = try index(of: .key(key)) }
    guard !scope.tags.isEmpty else { return list }
    for tag in parties.tags {
      if let index = try index(of: .tag(tag)) { list.tags.append(index) }
    }
    return list
  }

  private mutating func index(of party: BudgetParty) throws(BudgetRefusal) -> Int32? {
    guard scope.covers(party) else { return nil }
    if let index = indices[party] { return index }
    guard indices.count < maximumCount else { throw BudgetRefusal(party: party, reason: .tooManyParties) }
    return open(party)
  }

  private mutating func open(_ party: BudgetParty) -> Int32 {
    let index = Int32(accounts.count)
    accounts.append(BudgetAccount(party: party, limit: limits.limit(of: party)))
    indices[party] = index
    return index
  }

  /// Throws the first budget that has no room for `amount` more.
  func check(_ amount: Money, on list: AccountList, now: Timestamp) throws(BudgetRefusal) {
    try list.forEach { index throws(BudgetRefusal) in
      let account = accounts[index]
      guard let limit = account.limit, let left = account.left(at: now), amount > left else { return }
      throw BudgetRefusal(
        party: account.party, reason: .exceeded(limit: limit, left: max(.zero, left)),
        renewsAt: limit.period.renewal(after: now))
    }
  }

  /// Moves what is reserved by `amount`, which is negative to give back.
  mutating func reserve(_ amount: Money, on list: AccountList) {
    list.forEach { index in
      accounts[index].reserved += amount
      assert(accounts[index].reserved >= .zero, "no more is given back than was reserved")
    }
  }

  mutating func settle(_ list: AccountList, reserved: Money, cost: Money, now: Timestamp) {
    reserve(.zero - reserved, on: list)
    list.forEach { accounts[$0].spending.add(cost, at: now) }
  }

  /// The least that is left of the limits of `parties`; nil without a limit.
  func left(for parties: BudgetParties, now: Timestamp) -> Money? {
    var least = accounts[Self.globalIndex].left(at: now)
    if let user = parties.user { lower(&least, to: left(of: .user(user), now: now)) }
    if let key = parties.key { lower(&least, to: left(of: .key(key), now: now)) }
    if !scope.tags.isEmpty {
      for tag in parties.tags { lower(&least, to: left(of: .tag(tag), now: now)) }
    }
    return least.map { max(.zero, $0) }
  }

  private func lower(_ least: inout Money?, to other: Money?) {
    guard let other else { return }
    least = least.map { min($0, other) } ?? other
  }

  /// What is left to a party that is not `global`.
  private func left(of party: BudgetParty, now: Timestamp) -> Money? {
    guard let index = indices[party] else { return limits.limit(of: party)?.amount }
    return accounts[Int(index)].left(at: now)
  }

  mutating func adopt(_ limits: BudgetLimits) {
    self.limits = limits
    scope = limits.scope
    for index in accounts.indices {
      accounts[index].limit = limits.limit(of: accounts[index].party)
    }
  }

  /// Sets what `party` had spent before; one that no budget needs is left out.
  mutating func restore(_ party: BudgetParty, _ spending: Spending) {
    guard scope.covers(party) else { return }
    let index = party == .global ? Self.globalIndex : Int(indices[party] ?? open(party))
    precondition(
      accounts[index].spending == Spending(), "spending is restored once, before anything is spent")
    accounts[index].spending = spending
  }
}
