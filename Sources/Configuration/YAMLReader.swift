/// Builds the node tree of a YAML document.
///
/// A configuration that spends money is to be read as it stands, so what would make one place of the
/// file mean what another says is refused: anchors, aliases and merge keys (which also keeps a small
/// file from growing without bound), tags, and a second document. Depth and count are limited.
struct YAMLReader: ~Copyable {
  private var events: YAMLEventStream
  private let lines: [UInt8]
  private let diagnostics: Diagnostics
  private var nodeCount = 0

  /// Deeper than the schema by far, and shallow enough for a recursive reader.
  static let depthLimit = 32
  /// About the most that fit into the largest file accepted.
  static let nodeLimit = 200_000

  init(_ bytes: [UInt8], diagnostics: Diagnostics) {
    events = YAMLEventStream(bytes)
    lines = bytes
    self.diagnostics = diagnostics
  }

  /// The document's one node, or nil when the text holds none; throws at the first syntax error.
  /// Repeated keys are reported to the diagnostics and the first one is kept.
  mutating func read() throws(ConfigurationError) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try nextEvent()
      switch event.kind {
      case .streamEnd:
        return root
      case .documentEnd:
        continue
      case .documentStart:
        guard root == nil else {
          throw error("a second document starts here; the file holds one: remove the '---'", at: event.mark)
        }
      case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
        root = try node(startingWith: event, depth: 1)
      }
    }
  }

  private mutating func node(startingWith event: YAMLEvent, depth: Int) throws(ConfigurationError) -> YAMLNode
  {
    try checkLimits(event, depth: depth)
    switch event.kind {
    case .scalar(let text, let isQuoted):
      return YAMLNode(content: .scalar(text: text, isQuoted: isQuoted), mark: event.mark)
    case .sequenceStart:
      return YAMLNode(content: .sequence(try elements(depth: depth + 1)), mark: event.mark)
    case .mappingStart:
      return YAMLNode(content: .mapping(try entries(depth: depth + 1)), mark: event.mark)
    case .alias:
      throw error("aliases (*name) are not supported; write the value out here", at: event.mark)
    case .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd:
      preconditionFailure("libyaml opens a node before it closes one")
    }
  }

  private mutating func elements(depth: Int) throws(ConfigurationError) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while true {
      let event = try nextEvent()
      if case .sequenceEnd = event.kind { return elements }
      elements.append(try node(startingWith: event, depth: depth))
    }
  }

  private mutating func entries(depth: Int) throws(ConfigurationError) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var places: [String: YAMLMark] = [:]
    while true {
      let event = try nextEvent()
      if case .mappingEnd = event.kind { return entries }
      let key = try keyText(of: try node(startingWith: event, depth: depth))
      let value = try node(startingWith: try nextEvent(), depth: depth)
      if let first = places[key] {
        let place = "\(first.line):\(first.column)"
        diagnostics.report(
          "key \(key.keyForMessage) is written twice, first at \(place); remove one", at: event.mark)
        continue
      }
      places[key] = event.mark
      entries.append(YAMLEntry(key: key, keyMark: event.mark, value: value))
    }
  }

  private func keyText(of node: YAMLNode) throws(ConfigurationError) -> String {
    guard case .scalar(let text, let isQuoted) = node.content else {
      throw error("a key must be a single value, found \(node.kindName)", at: node.mark)
    }
    guard text != "<<" || isQuoted else {
      throw error("merge keys (<<) are not supported; write the values out here", at: node.mark)
    }
    return text
  }

  private mutating func checkLimits(_ event: YAMLEvent, depth: Int) throws(ConfigurationError) {
    nodeCount += 1
    guard depth <= YAMLReader.depthLimit else {
      throw error("nested deeper than \(YAMLReader.depthLimit) levels", at: event.mark)
    }
    guard nodeCount <= YAMLReader.nodeLimit else {
      throw error("more than \(YAMLReader.nodeLimit) values in one file", at: event.mark)
    }
    guard !event.hasAnchor else {
      throw error("anchors (&name) are not supported; write the value out where it is used", at: event.mark)
    }
    guard !event.hasTag else {
      throw error("tags (!name) are not supported; write the value alone", at: event.mark)
    }
  }

  private mutating func nextEvent() throws(ConfigurationError) -> YAMLEvent {
    do throws(YAMLEventStream.SyntaxError) {
      return try events.next()
    } catch {
      throw self.error("not valid YAML: \(error.problem)\(hint(line: error.mark.line))", at: error.mark)
    }
  }

  /// The mistakes that libyaml's own words do not explain.
  private func hint(line number: Int) -> String {
    let all = lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The parser often notices one line after the mistake.
    for index in [number - 1, number - 2] where all.indices.contains(index) {
      let line = String(decoding: all[index], as: UTF8.self)
      if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
        return "; indent with spaces, not with tabs (line \(index + 1))"
      }
      if line.contains("${") && (line.contains("{name") || line.contains(": {") || line.contains("- {")) {
        return "; inside { } write \"${NAME}\" with quotes (line \(index + 1))"
      }
    }
    return ""
  }

  private func error(_ message: String, at mark: YAMLMark) -> ConfigurationError {
    ConfigurationError(file: diagnostics.file, line: mark.line, column: mark.column, message: message)
  }
}
