/// Checks a text against RFC 8259 in one pass and builds its node table.
///
/// There is no recursion: while a container is open, its row's `next` holds the row of the container
/// around it, so the rows themselves are the stack.
struct JSONScanner {
  private var nodes: [JSONEntry] = []
  var position = 0
  /// The row of the innermost open container, -1 at the top.
  private var open: Int32 = -1
  private var depth = 0
  private let limits: JSONLimits

  private init(limits: JSONLimits) {
    self.limits = limits
  }

  /// The node table of `text`, the root first.
  static func scan(_ text: Span<UInt8>, limits: JSONLimits) throws(JSONError) -> [JSONEntry] {
    guard text.count <= limits.maxBytes else {
      throw JSONError(.tooLong(limit: limits.maxBytes), at: limits.maxBytes, in: text)
    }
    var scanner = JSONScanner(limits: limits)
    // A chat body has one value in some 15 bytes; one of shorter values grows the table as it goes.
    scanner.nodes.reserveCapacity(min(text.count / 12 + 4, limits.maxNodes, 65_536))
    try scanner.scanText(text)
    return scanner.nodes
  }

  /// JSON-text = ws value ws (RFC 8259 §2); a byte order mark before it is ignored, as §8.1 allows.
  private mutating func scanText(_ text: Span<UInt8>) throws(JSONError) {
    if text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF { position = 3 }
    skipWhitespace(text)
    guard position < text.count else { throw failure(.emptyText, text) }
    while true {
      try scanValueStart(text)
      guard try !scanAfterValue(text) else { break }
    }
    skipWhitespace(text)
    guard position == text.count else { throw failure(.textAfterValue, text) }
  }

  /// Scans a scalar, an empty container, or opens containers until a scalar or an empty one is done.
  private mutating func scanValueStart(_ text: Span<UInt8>) throws(JSONError) {
    while true {
      skipWhitespace(text)
      let start = position
      switch peek(text) {
      case UInt8(ascii: "\""):
        position += 1
        let hasEscapes = try scanString(text)
        return try append(.string, from: start, hasEscapes: hasEscapes, text)
      case UInt8(ascii: "{"):
        try openContainer(.object, text)
        if peek(text) == UInt8(ascii: "}") { return closeContainer() }
        try scanKey(text)
      case UInt8(ascii: "["):
        try openContainer(.array, text)
        if peek(text) == UInt8(ascii: "]") { return closeContainer() }
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        try scanNumber(text)
        return try append(.number, from: start, text)
      case UInt8(ascii: "t"):
        try scanLiteral("true", text)
        return try append(.true, from: start, text)
      case UInt8(ascii: "f"):
        try scanLiteral("false", text)
        return try append(.false, from: start, text)
      case UInt8(ascii: "n"):
        try scanLiteral("null", text)
        return try append(.null, from: start, text)
      default:
        throw failure(.expectedValue, text)
      }
    }
  }

  /// Closes the containers that end here; true when the root is complete, false when a value must follow.
  private mutating func scanAfterValue(_ text: Span<UInt8>) throws(JSONError) -> Bool {
    while open >= 0 {
      skipWhitespace(text)
      let isObject = nodes[Int(open)].kind == .object
      let byte = peek(text)
      if byte == UInt8(ascii: ",") {
        let comma = position
        position += 1
        skipWhitespace(text)
        let following = peek(text)
        if following == UInt8(ascii: "}") || following == UInt8(ascii: "]") {
          throw JSONError(.trailingComma, at: comma, in: text)
        }
        if isObject { try scanKey(text) }
        return false
      }
      guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw failure(isObject ? .expectedCommaInObject : .expectedCommaInArray, text)
      }
      closeContainer()
    }
    return true
  }

  /// Scans a key and the colon behind it.
  private mutating func scanKey(_ text: Span<UInt8>) throws(JSONError) {
    guard peek(text) == UInt8(ascii: "\"") else { throw failure(.expectedKey, text) }
    let start = position
    position += 1
    let hasEscapes = try scanString(text)
    // Without its quotes.
    nodes[Int(open)].keySizes.insert(position - start - 2, hasEscapes: hasEscapes)
    try append(.string, from: start, hasEscapes: hasEscapes, text)
    skipWhitespace(text)
    guard peek(text) == UInt8(ascii: ":") else { throw failure(.expectedColon, text) }
    position += 1
  }

  /// Adds a row for the opening bracket at `position` and moves to what follows it.
  private mutating func openContainer(_ kind: JSONKind, _ text: Span<UInt8>) throws(JSONError) {
    guard depth < limits.maxDepth else { throw failure(.tooDeep(limit: limits.maxDepth), text) }
    depth += 1
    let row = Int32(truncatingIfNeeded: nodes.count)
    let start = position
    position += 1
    try append(kind, from: start, text)
    nodes[Int(row)].next = open
    open = row
    skipWhitespace(text)
  }

  /// Completes the row of the innermost open container; `position` is at its closing bracket.
  private mutating func closeContainer() {
    position += 1
    depth -= 1
    let row = Int(open)
    open = nodes[row].next
    nodes[row].end = UInt32(truncatingIfNeeded: position)
    nodes[row].next = Int32(truncatingIfNeeded: nodes.count)
  }

  /// Adds the row of a value that began at `start` and ends at `position`.
  ///
  /// The conversions cannot lose bits: `JSONLimits` keeps offsets and rows below 2³⁰.
  private mutating func append(
    _ kind: JSONKind, from start: Int, hasEscapes: Bool = false, _ text: Span<UInt8>
  ) throws(JSONError) {
    guard nodes.count < limits.maxNodes else {
      throw JSONError(.tooManyValues(limit: limits.maxNodes), at: start, in: text)
    }
    nodes.append(
      JSONEntry(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
        next: Int32(truncatingIfNeeded: nodes.count + 1), kind: kind, hasEscapes: hasEscapes))
  }

  private mutating func skipWhitespace(_ text: Span<UInt8>) {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func scanLiteral(_ literal: StaticString, _ text: Span<UInt8>) throws(JSONError) {
    let start = position
    position = literal.withSpan { letters in
      var index = 0
      while index < letters.count && start + index < text.count && text[start + index] == letters[index] {
        index += 1
      }
      return start + index
    }
    guard position == start + literal.utf8CodeUnitCount else {
      // A text that ends inside the literal is cut there; a misspelt literal is wrong from its start.
      throw JSONError(.expectedValue, at: position == text.count ? position : start, in: text)
    }
  }

  /// The byte at `position`, or 0, which begins nothing in JSON, at the text's end.
  func peek(_ text: Span<UInt8>) -> UInt8 {
    position < text.count ? text[position] : 0
  }

  func failure(_ reason: JSONError.Reason, _ text: Span<UInt8>) -> JSONError {
    JSONError(reason, at: position, in: text)
  }
}
