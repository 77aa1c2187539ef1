/// The stretch of time after which what was spent under a budget counts anew. Days and months are UTC.
package enum BudgetPeriod: String, Hashable, Sendable, CaseIterable {
  /// Never: what is spent is spent.
  case total
  case day
  case month

  /// When a budget of this period that was used up at `time` may be spent from again; nil for never.
  package func renewal(after time: Timestamp) -> Timestamp? {
    let today = CivilDate(daysSince1970: time.daysSince1970)
    let nextDay: Int
    switch self {
    case .total: return nil
    case .day: nextDay = time.daysSince1970 + 1
    case .month:
      let isDecember = today.month == 12
      let next = CivilDate(
        year: isDecember ? today.year + 1 : today.year, month: isDecember ? 1 : today.month + 1, day: 1)
      guard let next else { preconditionFailure("every month has a first day") }
      nextDay = next.daysSince1970
    }
    let milliseconds = Int64(nextDay) * 86_400_000
    // After the year 9999 nothing renews any more.
    return milliseconds <= Timestamp.latest ? Timestamp(millisecondsSince1970: milliseconds) : nil
  }
}

extension Timestamp {
  /// Whole days from 1970-01-01 UTC.
  var daysSince1970: Int { Int(millisecondsSince1970 / 86_400_000) }

  /// Whole months from January 1970 UTC.
  var monthsSince1970: Int {
    let date = CivilDate(daysSince1970: daysSince1970)
    return (date.year - 1970) * 12 + date.month - 1
  }
}
