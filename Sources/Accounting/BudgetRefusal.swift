package import GatewayTypes

/// Why a reservation was not given: the first budget that it does not fit into.
package struct BudgetRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// `limit.amount` less what is spent and reserved leaves `left`, which is less than the bound asked for.
    case exceeded(limit: BudgetLimits.Limit, left: Money)
    /// More parties have budgets than are tracked; a new one is refused rather than not counted.
    case tooManyParties
  }

  package var party: BudgetParty
  package var reason: Reason
  /// When the budget starts anew; nil when it does not.
  package var renewsAt: Timestamp?

  /// One sentence for the caller, with what is left and when it renews.
  package var description: String {
    switch reason {
    case .exceeded(let limit, let left):
      "the budget of \(party), \(limit.amount) USD\(limit.period.phrase), has \(left) USD left\(renewal)"
    case .tooManyParties:
      "\(party) is new and no more budgets can be kept; ask the operator"
    }
  }

  private var renewal: String {
    guard let renewsAt else { return "" }
    var text = Array("; it renews at ".utf8)
    renewsAt.appendRFC3339(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension BudgetPeriod {
  fileprivate var phrase: StaticString {
    switch self {
    case .total: ""
    case .day: " a day"
    case .month: " a month"
    }
  }
}
