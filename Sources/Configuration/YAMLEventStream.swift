import CLibyaml

/// What libyaml says stands next in a document.
struct YAMLEvent {
  var kind: Kind
  var mark: YAMLMark
  /// Whether the node carries `&anchor`.
  var hasAnchor = false
  /// Whether the node carries `!tag`.
  var hasTag = false

  enum Kind {
    case documentStart, documentEnd, streamEnd
    case alias
    case scalar(text: String, isQuoted: Bool)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
  }
}

/// The events of one YAML text, one at a time. The only place that calls `yaml_*`.
struct YAMLEventStream: ~Copyable {
  /// Where and why libyaml gave up.
  struct SyntaxError: Error {
    var mark: YAMLMark
    var problem: String
  }

  /// On the heap, because libyaml keeps pointers to it.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// A copy of the text that lives as long as the parser, which does not copy it.
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    // With the encoding set, which keeps UTF-16 out, libyaml takes a byte order mark for text.
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...]
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else { fatalError("yaml_parser_initialize: out of memory") }
    text = .allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  /// The next event. After `streamEnd` or an error there is none: do not call it again.
  mutating func next() throws(SyntaxError) -> YAMLEvent {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
      defer { yaml_event_delete(&event) }
      if let known = YAMLEventStream.translate(event) { return known }
    }
  }

  /// The event as a Swift value; nil for those that carry no meaning.
  private static func translate(_ event: yaml_event_t) -> YAMLEvent? {
    let mark = YAMLMark(event.start_mark)
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
    case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .streamEnd, mark: mark)
    case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias, mark: mark)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // The length counts, not a closing NUL: "\0" in double quotes is a character of the text.
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return YAMLEvent(
        kind: .scalar(text: text, isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE), mark: mark,
        hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return YAMLEvent(
        kind: .sequenceStart, mark: mark, hasAnchor: start.anchor != nil, hasTag: start.tag != nil)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return YAMLEvent(
        kind: .mappingStart, mark: mark, hasAnchor: start.anchor != nil, hasTag: start.tag != nil)
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, mark: mark)
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
    default: return nil
    }
  }

  private func syntaxError() -> SyntaxError {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
    let context = state.context.map { " \(String(cString: $0))" } ?? ""
    switch state.error {
    case YAML_READER_ERROR:
      // Characters that cannot be read have no mark, only the byte they start at.
      return SyntaxError(mark: mark(atByte: Int(state.problem_offset)), problem: problem)
    case YAML_MEMORY_ERROR:
      return SyntaxError(mark: YAMLMark(state.mark), problem: "out of memory")
    default:
      return SyntaxError(mark: YAMLMark(state.problem_mark), problem: problem + context)
    }
  }

  private func mark(atByte offset: Int) -> YAMLMark {
    var mark = YAMLMark(line: 1, column: 1)
    for byte in text.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        mark.line += 1
        mark.column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        // Not the continuation of a UTF-8 sequence, so a character of its own.
        mark.column += 1
      }
    }
    return mark
  }
}

extension YAMLMark {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: mark.line + 1, column: mark.column + 1)
  }
}
