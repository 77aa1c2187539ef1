/// The `NAME=value` lines of a `.env` file.
struct EnvironmentFile {
  private(set) var variables: [String: String] = [:]

  /// A line that cannot be read. The message never repeats the line, which may hold a key.
  struct LineError: Error, Hashable {
    /// From 1.
    var line: Int
    var message: String
  }

  /// Reads every line and collects the errors; an empty list means the file is sound.
  ///
  /// A line is blank, a `#` comment, or `NAME=value` with an optional `export` before it. A value in
  /// single quotes stands as it is; in double quotes `\n`, `\t`, `\"`, `\\` and `\$` are replaced; without
  /// quotes it ends at the line's end or before ` #`. A name written twice keeps the later value, as in a
  /// shell. Nothing is expanded inside.
  init(_ bytes: [UInt8], errors: inout [LineError]) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      errors.append(LineError(line: 1, message: "the file is not UTF-8 text"))
      return
    }
    let body = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    let lines = body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      do throws(Problem) {
        guard let (name, value) = try EnvironmentFile.assignment(in: line) else { continue }
        variables[name] = value
      } catch {
        errors.append(LineError(line: index + 1, message: error.rawValue))
      }
    }
  }

  private enum Problem: String, Error {
    case notAnAssignment = "expected NAME=value, a comment or a blank line"
    case badName = "expected a name of letters, digits and _ before the '=', without spaces"
    case openQuote = "the quoted value has no closing quote on this line"
    case afterQuote = "found text after the closing quote"
    case badCharacter = "the value holds a NUL character"
  }

  /// The name and value of one line, or nil when it assigns nothing.
  private static func assignment(in line: Substring) throws(Problem) -> (name: String, value: String)? {
    var rest = line.trimmingBlanks()
    if rest.isEmpty || rest.hasPrefix("#") { return nil }
    if rest.hasPrefix("export ") || rest.hasPrefix("export\t") {
      rest = rest.dropFirst("export".count).trimmingBlanks()
    }
    guard let equals = rest.firstIndex(of: "=") else { throw .notAnAssignment }
    let name = String(rest[..<equals])
    guard EnvironmentExpansion.isName(name) else { throw .badName }
    let value = try value(rest[rest.index(after: equals)...].trimmingBlanks())
    guard !value.utf8.contains(0) else { throw .badCharacter }
    return (name, value)
  }

  private static func value(_ written: Substring) throws(Problem) -> String {
    switch written.first {
    case "'": return try quoted(written, by: "'", hasEscapes: false)
    case "\"": return try quoted(written, by: "\"", hasEscapes: true)
    default: return unquoted(written)
    }
  }

  /// Cuts a comment, which starts at a `#` that follows a blank.
  private static func unquoted(_ written: Substring) -> String {
    var previous: Character = " "
    var end = written.startIndex
    for index in written.indices {
      if written[index] == "#" && (previous == " " || previous == "\t") { break }
      previous = written[index]
      end = written.index(after: index)
    }
    return String(written[..<end].trimmingBlanks())
  }

  private static func quoted(_ written: Substring, by quote: Character, hasEscapes: Bool) throws(Problem)
    -> String
  {
    var value = ""
    var rest = written.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        rest = rest.trimmingBlanks()
        guard rest.isEmpty || rest.hasPrefix("#") else { throw .afterQuote }
        return value
      }
      guard hasEscapes && character == "\\" else {
        value.append(character)
        continue
      }
      switch rest.popFirst() {
      case "n": value.append("\n")
      case "t": value.append("\t")
      case .some(let plain) where plain == "\"" || plain == "\\" || plain == "$": value.append(plain)
      case .some(let other): value += "\\\(other)"
      case nil: throw .openQuote
      }
    }
    throw .openQuote
  }
}

extension Substring {
  /// Without spaces and tabs at either end.
  fileprivate func trimmingBlanks() -> Substring {
    var rest = self
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
