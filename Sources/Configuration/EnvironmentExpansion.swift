/// A text after its `${NAME}` and `${NAME:-default}` have been replaced.
///
/// The text is expanded after the YAML is read, so a variable's value is always one text: it cannot add
/// keys, lists or comments. `$$` is a literal dollar, and so is a `$` before anything but `{` or `$`.
struct EnvironmentExpansion {
  /// Variables without a value count as empty here: look at `unset` and `empty` first.
  private(set) var text = ""
  /// Names that no environment has and that have no default, in the order met.
  private(set) var unset: [String] = []
  /// Names that are set to nothing and have no default.
  private(set) var empty: [String] = []
  /// Whether any of the text comes from a variable.
  private(set) var usesVariables = false

  /// A `${…}` that cannot be read.
  enum Problem: Error, Hashable {
    case notClosed
    case badName
  }

  init(_ written: String, in environment: Environment) throws(Problem) {
    var rest = written[...]
    while let dollar = rest.firstIndex(of: "$") {
      text += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      switch rest.first {
      case "$":
        text += "$"
        rest.removeFirst()
      case "{":
        guard let close = rest.firstIndex(of: "}") else { throw .notClosed }
        try replace(rest[rest.index(after: rest.startIndex)..<close], in: environment)
        rest = rest[rest.index(after: close)...]
      default:
        text += "$"
      }
    }
    text += rest
  }

  private mutating func replace(_ reference: Substring, in environment: Environment) throws(Problem) {
    usesVariables = true
    let name = reference.prefix { $0 != ":" }
    let fallback = reference.dropFirst(name.count)
    guard EnvironmentExpansion.isName(name), fallback.isEmpty || fallback.hasPrefix(":-") else {
      throw .badName
    }
    // As in a shell, `:-` stands in for a variable that is unset or empty.
    let value = environment[String(name)]
    if let value, !value.isEmpty {
      text += value
    } else if !fallback.isEmpty {
      text += fallback.dropFirst(2)
    } else if value == nil {
      unset.append(String(name))
    } else {
      empty.append(String(name))
    }
  }

  /// Whether `text` can be the name of a variable: letters, digits and `_`, not starting with a digit.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
  }
}

extension EnvironmentExpansion.Problem: CustomStringConvertible {
  var description: String {
    switch self {
    case .notClosed: "a '${' has no closing '}'; write $$ for a literal dollar"
    case .badName: "expected ${NAME} or ${NAME:-default} with a name of letters, digits and _"
    }
  }
}
