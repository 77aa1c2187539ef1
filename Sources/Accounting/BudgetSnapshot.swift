package import GatewayTypes

/// Every budget at one moment, as `GET /budgets` shows them.
package struct BudgetSnapshot: Sendable {
  package struct Entry: Hashable, Sendable {
    package var party: BudgetParty
    /// Nil where nothing limits the party.
    package var limit: BudgetLimits.Limit?
    /// In the limit's period; ever, where there is no limit.
    package var spent: Money
    package var reserved: Money
    package var left: Money?
    package var renewsAt: Timestamp?
  }

  /// `global` first, then keys, tags and users; within each, by name.
  package var entries: [Entry]
  /// How many parties there are; more than `entries` when those were cut.
  package var count: Int

  /// At most `limit` entries: of each sort those that have spent most.
  init(_ accounts: [BudgetAccount], limit: Int, now: Timestamp) {
    count = accounts.count
    let dearest =
      accounts.count <= limit
      ? accounts[...]
      : accounts.sorted { ($0.party.order, $1.spending.total) < ($1.party.order, $0.spending.total) }
        .prefix(max(0, limit))
    entries = dearest.map { Entry($0, now: now) }
      .sorted { ($0.party.order, $0.party.name ?? "") < ($1.party.order, $1.party.name ?? "") }
  }

  /// Appends `{"count","budgets":[{"kind","name","limit","window","spent","reserved","left","renews_at"}]}`;
  /// amounts are JSON numbers with every digit they need.
  package func appendJSON(to json: inout [UInt8]) {
    json.append(literal: #"{"count":"#)
    json.append(integer: count)
    json.append(literal: #","budgets":["#)
    for (index, entry) in entries.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      entry.appendJSON(to: &json)
    }
    json.append(literal: "]}")
  }
}

extension BudgetSnapshot.Entry {
  fileprivate init(_ account: BudgetAccount, now: Timestamp) {
    party = account.party
    limit = account.limit
    spent = account.spending.amount(in: account.limit?.period ?? .total, at: now)
    reserved = account.reserved
    left = account.left(at: now).map { max(.zero, $0) }
    renewsAt = account.limit?.period.renewal(after: now)
  }

  fileprivate func appendJSON(to json: inout [UInt8]) {
    json.append(literal: #"{"kind":""#)
    json.append(literal: party.kind)
    json.append(literal: #"","name":"#)
    json.append(string: party.name, limit: 2 * UsageRecord.maximumTextSize + 1)
    json.append(literal: #","limit":"#)
    json.append(amount: limit?.amount)
    json.append(literal: #","window":"#)
    json.append(string: limit?.period.rawValue, limit: UsageRecord.maximumTextSize)
    json.append(literal: #","spent":"#)
    json.append(amount: spent)
    json.append(literal: #","reserved":"#)
    json.append(amount: reserved)
    json.append(literal: #","left":"#)
    json.append(amount: left)
    json.append(literal: #","renews_at":"#)
    if let renewsAt {
      json.append(UInt8(ascii: "\""))
      renewsAt.appendRFC3339(to: &json)
      json.append(UInt8(ascii: "\""))
    } else {
      json.append(literal: "null")
    }
    json.append(UInt8(ascii: "}"))
  }
}

extension BudgetParty {
  fileprivate var order: Int {
    switch self {
    case .global: 0
    case .key: 1
    case .tag: 2
    case .user: 3
    }
  }

  fileprivate var kind: StaticString {
    switch self {
    case .global: "global"
    case .key: "key"
    case .tag: "tag"
    case .user: "user"
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(amount: Money?) {
    guard let amount else { return append(literal: "null") }
    amount.appendDecimal(to: &self)
  }
}
