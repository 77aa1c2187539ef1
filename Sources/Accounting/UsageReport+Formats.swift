import GatewayTypes

extension UsageReport {
  /// The columns behind the name.
  private static let columns = [
    "requests", "failures", "prompt_tokens", "completion_tokens", "cost_usd", "saved_usd",
  ]

  private static func cells(_ sum: UsageSum) -> [String] {
    [
      String(sum.requests), String(sum.failures), String(sum.promptTokens), String(sum.completionTokens),
      sum.cost.description, sum.saved.description,
    ]
  }

  /// A table for people: columns aligned, the total below.
  package func table() -> String {
    var lines = [[key.rawValue] + Self.columns.map { $0.replacing("_", with: " ") }]
    lines += rows.map { [$0.name.shownInTable] + Self.cells($0.sum) }
    lines.append(["total"] + Self.cells(total))
    let widths = (0...Self.columns.count).map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      .joined(separator: "  ") + "\n"
    }
    .joined()
  }

  /// Comma-separated values (RFC 4180) with a header, without a total.
  package func csv() -> String {
    var text = ([key.rawValue] + Self.columns).joined(separator: ",") + "\r\n"
    for row in rows {
      text += ([row.name.quotedForCSV] + Self.cells(row.sum)).joined(separator: ",") + "\r\n"
    }
    return text
  }

  /// `{"by","rows":[{"name",…}],"total":{…}}`; amounts are strings, so that no reader rounds them.
  package func json() -> String {
    var json: [UInt8] = []
    json.append(literal: #"{"by":"#)
    json.append(string: key.rawValue, limit: UsageRecord.maximumTextSize)
    json.append(literal: #","rows":["#)
    for (index, row) in rows.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      json.append(literal: #"{"name":"#)
      json.append(string: row.name, limit: 2 * UsageRecord.maximumTextSize + 1)
      json.append(UInt8(ascii: ","))
      Self.append(row.sum, to: &json)
    }
    json.append(literal: #"],"total":{"#)
    Self.append(total, to: &json)
    json.append(literal: #","garbled_lines":"#)
    json.append(integer: garbledCount)
    json.append(literal: "}\n")
    return String(decoding: json, as: UTF8.self)
  }

  /// The members of a sum and the object's end.
  private static func append(_ sum: UsageSum, to json: inout [UInt8]) {
    json.append(literal: #""requests":"#)
    json.append(integer: sum.requests)
    json.append(literal: #","failures":"#)
    json.append(integer: sum.failures)
    json.append(literal: #","prompt_tokens":"#)
    json.append(integer: sum.promptTokens)
    json.append(literal: #","completion_tokens":"#)
    json.append(integer: sum.completionTokens)
    json.append(literal: #","cost_usd":""#)
    sum.cost.appendDecimal(to: &json)
    json.append(literal: #"","saved_usd":""#)
    sum.saved.appendDecimal(to: &json)
    json.append(literal: "\"}")
  }
}

extension String {
  /// Control characters would move a terminal's cursor; a name that long would break the table.
  fileprivate var shownInTable: String {
    let plain = String(
      String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    return plain.count <= 60 ? plain : plain.prefix(59) + "…"
  }

  /// A field that begins like a formula gets a quote before it, or a spreadsheet would run it.
  fileprivate var quotedForCSV: String {
    let isFormula = first.map { "=+-@\t\r".contains($0) } ?? false
    let text = isFormula ? "'" + self : self
    guard text.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
