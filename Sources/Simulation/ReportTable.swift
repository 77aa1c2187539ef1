internal import GatewayTypes

/// Cells in columns: the first to the left, numbers to the right.
struct ReportTable {
  private var rows: [[String]]

  init(heading: [String]) {
    rows = [heading]
  }

  mutating func add(_ cells: [String]) {
    precondition(cells.count == rows[0].count, "a row has a cell for each column")
    rows.append(cells)
  }

  /// Each row ends in a line break.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { cells in
      cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      .joined(separator: "  ") + "\n"
    }
    .joined()
  }
}

extension Duration {
  /// `1,234 ms`, for tables.
  var inMilliseconds: String { "\(wholeMilliseconds) ms" }

  /// `2h 05m 10s`, for tables.
  var inHours: String {
    let seconds = wholeMilliseconds / 1000
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    if hours > 0 { return "\(hours)h \(minutes.twoDigits)m \((seconds % 60).twoDigits)s" }
    return minutes > 0 ? "\(minutes)m \((seconds % 60).twoDigits)s" : "\(seconds)s"
  }
}

extension Int {
  fileprivate var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}

extension Double {
  /// A share of 1 as a percentage with two places, cut off rather than rounded: 100 % is all.
  var percentage: String {
    let hundredths = Int(self * 10_000)
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
  }
}

extension Money {
  /// To a hundredth of a cent, cut off.
  var inTable: String {
    Money(picodollars: picodollars / 100_000_000 * 100_000_000).description
  }
}
