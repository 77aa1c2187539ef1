package import GatewayTypes

/// What one party has spent: ever, on the newest day and in the newest month that it was seen in.
///
/// Time only goes forward here. A cost that ended before the newest day known (the clock was set back,
/// or two loops met at midnight) counts into the newest day: never lost, and no budget renews twice.
package struct Spending: Hashable, Sendable {
  package private(set) var total = Money.zero
  private(set) var day = Money.zero
  private(set) var month = Money.zero
  /// Days and months since 1970 that `day` and `month` are of.
  private(set) var dayNumber: Int32 = 0
  private(set) var monthNumber: Int32 = 0

  package init() {}

  /// Made from its parts, as a checkpoint has them.
  init(total: Money, day: Money, month: Money, dayNumber: Int32, monthNumber: Int32) {
    (self.total, self.day, self.month) = (total, day, month)
    (self.dayNumber, self.monthNumber) = (dayNumber, monthNumber)
  }

  /// Adds a cost that ended at `time`.
  package mutating func add(_ cost: Money, at time: Timestamp) {
    // By the numbers themselves: Money's `+=` is a protocol's, and costs a call through its table.
    total.picodollars += cost.picodollars
    let today = Int32(time.daysSince1970)
    if today > dayNumber {
      let thisMonth = Int32(time.monthsSince1970)
      if thisMonth > monthNumber {
        (month, monthNumber) = (.zero, thisMonth)
      }
      (day, dayNumber) = (.zero, today)
    }
    day.picodollars += cost.picodollars
    month.picodollars += cost.picodollars
  }

  /// What counts against a budget of `period` at `time`.
  package func amount(in period: BudgetPeriod, at time: Timestamp) -> Money {
    switch period {
    case .total: total
    case .day: Int32(time.daysSince1970) > dayNumber ? .zero : day
    case .month: Int32(time.monthsSince1970) > monthNumber ? .zero : month
    }
  }
}
