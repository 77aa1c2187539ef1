extension String {
  /// The text in quotes, short and without control characters, to stand in a message on a terminal.
  var quotedForMessage: String {
    var shown = ""
    for scalar in unicodeScalars.prefix(60) {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return "'\(shown)\(unicodeScalars.count > 60 ? "…" : "")'"
  }

  /// The key of a mapping, as it may be shown. In `{key:secret}` the missing space makes the secret
  /// a part of the key, so nothing after a colon is.
  var keyForMessage: String {
    guard let colon = firstIndex(of: ":") else { return quotedForMessage }
    return String(self[..<colon]).quotedForMessage
  }

  /// `1234567.5` → `1,234,567.5`.
  var groupedByThousands: String {
    let whole = prefix { $0 != "." }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0 && (whole.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return grouped + dropFirst(whole.count)
  }
}

extension Sequence<String> {
  /// `a, b or c`.
  var joinedAsChoice: String {
    let all = Array(self)
    guard let last = all.last, all.count > 1 else { return all.first ?? "" }
    return "\(all.dropLast().joined(separator: ", ")) or \(last)"
  }
}
