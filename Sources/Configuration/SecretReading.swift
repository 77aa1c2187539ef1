/// What the file says about a secret. No message about one ever repeats any of its text.
enum SecretReading {
  /// Nothing is said, or something wrong, which has been reported.
  case none
  case set(Secret)
  /// The variable or file that should hold it does not; the reason is for the operator.
  case missing(reason: String)

  /// A key is a line.
  static let fileLimit = 65_536
}

extension SectionReader {
  /// Reads a secret written here, or in the variables that the value names.
  mutating func secret(_ key: String) -> SecretReading {
    guard let node = node(key) else { return .none }
    return secret(node, label: label(key))
  }

  /// Reads a list of secrets; nil when there is none, or what stands there is no list, which has been reported.
  mutating func secrets(_ key: String) -> [SecretReading]? {
    guard let elements = list(key) else { return nil }
    return elements.map { secret($0, label: label(key)) }
  }

  private func secret(_ node: YAMLNode, label: String) -> SecretReading {
    guard let (scalar, expansion) = context.expansion(of: node, label: label) else { return .none }
    if let name = expansion.unset.first { return .missing(reason: "\(name) is not set") }
    if let name = expansion.empty.first { return .missing(reason: "\(name) is empty") }
    let written = scalar.written
    if written.hasPrefix("$") && !expansion.usesVariables && EnvironmentExpansion.isName(written.dropFirst())
    {
      report(
        "\(label): a variable is written with braces, ${NAME}; use $$ for a literal dollar",
        at: scalar.mark)
      return .none
    }
    return secret(scalar.text, label: label, at: scalar.mark)
  }

  /// Reads a secret from the file that the value names, relative to the configuration's folder.
  mutating func secretFile(_ key: String) -> SecretReading {
    guard let path = text(key) else { return .none }
    let place = path.text.hasPrefix("/") ? path.text : context.folder + path.text
    do throws(TextFile.Trouble) {
      let file = try TextFile(path: place, limit: SecretReading.fileLimit)
      if file.isWorldReadable {
        context.diagnostics.warn(
          "\(label(key)) \(path.quoted): every account of this machine can read it; run chmod 600 on it",
          at: path.mark)
      }
      guard !file.bytes.allSatisfy(\.isBlank) else { return .missing(reason: "the \(label(key)) is empty") }
      return secret(String(decoding: file.bytes, as: UTF8.self), label: label(key), at: path.mark)
    } catch {
      // A secret that is not mounted is the same to the operator as a variable that is not set.
      if case .missing = error { return .missing(reason: "the \(label(key)) does not exist") }
      report("\(label(key)) \(path.quoted) \(error)", at: path.mark)
      return .none
    }
  }

  private func secret(_ text: String, label: String, at mark: YAMLMark) -> SecretReading {
    let blanksCut = text.utf8.drop(while: \.isBlank).reversed().drop(while: \.isBlank).reversed()
    let bytes = Array(blanksCut)
    guard !bytes.isEmpty else {
      report("\(label) is empty; write ${NAME} to take it from the environment, or remove the key", at: mark)
      return .none
    }
    guard bytes.count <= 4096 && bytes.allSatisfy(\.isVisibleASCII) else {
      report("\(label) must be at most 4096 ASCII characters on one line, without spaces inside", at: mark)
      return .none
    }
    return .set(Secret(String(decoding: bytes, as: UTF8.self)))
  }
}

extension UInt8 {
  /// A space, a tab or a line's end: what an editor or a shell leaves around a key.
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
