/// Reads one mapping strictly: each key is asked for by name, and what nobody asked for is unknown.
///
/// So the list of known keys is the code that reads them and cannot fall behind it. A value that is absent
/// or wrong is nil; a wrong one has been reported.
struct SectionReader {
  let context: DecodingContext
  /// Where the mapping starts.
  let mark: YAMLMark
  /// What the section is called in messages: `server`, `the provider`.
  let name: String
  /// What stands before a key in messages: `server.`, or nothing in the entries of a list.
  private let prefix: String
  private let entries: [YAMLEntry]
  private var known: Set<String> = []

  init?(_ node: YAMLNode, name: String, prefix: String, context: DecodingContext) {
    guard case .mapping(let entries) = node.content else {
      context.diagnostics.report(
        "\(name) must be a mapping of keys to values, found \(node.kindName)", at: node.mark)
      return nil
    }
    self.context = context
    self.mark = node.mark
    self.name = name
    self.prefix = prefix
    self.entries = entries
  }

  /// All keys with their values, for mappings whose keys are the operator's own names.
  mutating func allEntries() -> [YAMLEntry] {
    known.formUnion(entries.map(\.key))
    return entries
  }

  /// The key's entry, whatever its value is; nil when the key is not there.
  mutating func entry(_ key: String) -> YAMLEntry? {
    known.insert(key)
    return entries.first { $0.key == key }
  }

  /// The key's value; nil when the key is not there.
  mutating func node(_ key: String) -> YAMLNode? {
    entry(key)?.value
  }

  /// The place of the key's value, or of the section where the key is not written.
  func place(of key: String) -> YAMLMark {
    entries.first { $0.key == key }?.value.mark ?? mark
  }

  /// The key as messages call it.
  func label(_ key: String) -> String { prefix + key }

  func report(_ message: String, at mark: YAMLMark) {
    context.diagnostics.report(message, at: mark)
  }

  /// Reports every key that was not asked for. To be called last.
  func refuseUnknownKeys() {
    for entry in entries where !known.contains(entry.key) {
      guard !context.diagnostics.isFull else { return }
      report(unknownKeyMessage(entry), at: entry.keyMark)
    }
  }

  private func unknownKeyMessage(_ entry: YAMLEntry) -> String {
    let place = prefix.isEmpty ? "" : " in \(name)"
    if let colon = entry.key.firstIndex(of: ":"), known.contains(String(entry.key[..<colon])) {
      return "a space is missing after \(entry.key.keyForMessage) and its colon"
    }
    if let nearest = NearestName.find(entry.key, in: known.sorted()) {
      return "unknown key \(entry.key.keyForMessage)\(place); did you mean '\(nearest)'?"
    }
    // A lone word between braces may be a value whose key was forgotten, even a secret.
    let shown = entry.value.isNull ? "key without a value" : "key \(entry.key.keyForMessage)"
    return "unknown \(shown)\(place); known are \(known.sorted().joined(separator: ", "))"
  }
}

extension SectionReader {
  /// Reads a mapping below `key`; an absent or empty one is nil.
  mutating func section<Value>(_ key: String, read: (inout SectionReader) -> Value) -> Value? {
    guard let node = node(key), !node.isNull else { return nil }
    let name = label(key)
    guard var section = SectionReader(node, name: name, prefix: "\(name).", context: context) else {
      return nil
    }
    let value = read(&section)
    section.refuseUnknownKeys()
    return value
  }

  /// Reads a list of mappings below `key`, each of which is called `the \(noun)` in messages.
  mutating func sections<Value>(_ key: String, each noun: String, read: (inout SectionReader) -> Value)
    -> [Value]
  {
    var values: [Value] = []
    for node in list(key) ?? [] {
      guard var section = SectionReader(node, name: "the \(noun)", prefix: "", context: context) else {
        continue
      }
      values.append(read(&section))
      section.refuseUnknownKeys()
    }
    return values
  }

  /// The elements of a list; an absent or empty one is nil.
  mutating func list(_ key: String) -> [YAMLNode]? {
    guard let node = node(key) else { return nil }
    return list(node, label: label(key))
  }

  /// As `list(_:)`, of a value already found.
  func list(_ node: YAMLNode, label: String) -> [YAMLNode]? {
    guard !node.isNull else { return nil }
    guard case .sequence(let elements) = node.content else {
      report(
        "\(label) must be a list, found \(node.kindName); write [one, two] or a '- ' before each",
        at: node.mark)
      return nil
    }
    return elements
  }
}
