import GatewayTypes
import JSON

extension LedgerReplay {
  /// The rows by name, then nobody's, where there is one.
  private var namedRows: [(name: String, row: ReplayRow)] {
    var named = rows.map { ($0.key.text, $0.value) }.sorted { $0.0 < $1.0 }
    if nobody != ReplayRow() { named.append(("(nobody)", nobody)) }
    return named
  }

  /// A table for people, old beside new, and what it comes to.
  package func table() -> String {
    var lines = [
      [
        "provider", "requests", "new", "cost USD", "new", "difference", "latency ms", "new", "limit hits",
        "new",
      ]
    ]
    for (name, row) in namedRows + [("total", total)] { lines.append([name] + Self.cells(row)) }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for cells in lines {
      let padded = cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      text += padded.joined(separator: "  ") + "\n"
    }
    text += "\n\(requestCount) requests, \(movedCount) would have gone elsewhere"
    text += "\ndifference: \(difference) USD" + (difference < .zero ? ", saved" : "") + "\n"
    if keptCount > 0 {
      text += "\(keptCount) could not be decided again and stand on both sides as they are\n"
    }
    if undecidedCount > 0 {
      text +=
        "\(undecidedCount) had no decision beside the ledger: what they asked is taken from their line\n"
    }
    if estimatedCount > 0 {
      text += "\(estimatedCount) were not answered then: their cost is that of the expected tokens\n"
    }
    return text
  }

  private static func cells(_ row: ReplayRow) -> [String] {
    func milliseconds(_ sums: ReplaySums) -> String { sums.meanMilliseconds.map { "\($0)" } ?? "-" }
    return [
      "\(row.old.requests)", "\(row.new.requests)", row.old.cost.description, row.new.cost.description,
      (row.new.cost - row.old.cost).description, milliseconds(row.old), milliseconds(row.new),
      "\(row.old.limitHits)", "\(row.new.limitHits)",
    ]
  }

  /// The same as one JSON object; amounts are strings, so that no reader rounds them.
  package func json() -> String {
    var writer = JSONWriter(reserveCapacity: 4_096)
    writer.beginObject()
    writer.member("requests", requestCount)
    writer.member("moved", movedCount)
    writer.member("kept", keptCount)
    writer.member("without_decision", undecidedCount)
    writer.member("estimated", estimatedCount)
    writer.member("garbled_lines", garbledCount)
    writer.key("providers")
    writer.beginArray()
    for (id, row) in rows.sorted(by: { $0.key.text < $1.key.text }) {
      writer.beginObject()
      writer.member("provider", id.text)
      writer.sides(row)
      writer.endObject()
    }
    writer.endArray()
    for (key, row) in [("nobody", nobody), ("total", total)] as [(StaticString, ReplayRow)] {
      writer.key(key)
      writer.beginObject()
      writer.sides(row)
      writer.endObject()
    }
    writer.member("difference_usd", difference.description)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}

extension JSONWriter {
  fileprivate mutating func sides(_ row: ReplayRow) {
    for (key, sums) in [("old", row.old), ("new", row.new)] as [(StaticString, ReplaySums)] {
      self.key(key)
      beginObject()
      member("requests", sums.requests)
      member("cost_usd", sums.cost.description)
      self.key("expected_latency_ms")
      if let milliseconds = sums.meanMilliseconds { value(milliseconds) } else { null() }
      member("limit_hits", sums.limitHits)
      endObject()
    }
  }
}
