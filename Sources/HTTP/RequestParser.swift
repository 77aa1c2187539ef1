/// Reads request heads out of a growing buffer: pure, incremental, and no byte is looked at in more
/// than two passes however slowly the client sends.
///
/// The grammar is RFC 9112, read strictly where leniency has let one server see two requests where
/// another saw one: lines end in CRLF, no space stands before a colon, no line is folded, and a length
/// is given once and in one way.
package struct RequestParser: Sendable {
  package enum Outcome: Sendable {
    /// The head is not all there: append to the buffer and call again.
    case incomplete
    case complete(RequestHead)
    case malformed(RequestError)
  }

  private enum Expecting { case requestLine, field }

  private let limits: HeadLimits
  private var head = RequestHead()
  private var expecting = Expecting.requestLine
  /// Where the line being read starts.
  private var lineStart: Int
  /// Where to go on looking for its end.
  private var searchStart: Int
  private let headStart: Int
  private var lengthSeen = false
  private var isChunked = false
  private var hostCount = 0

  /// A parser for the head that starts at `start` of the buffer that will be passed.
  package init(startingAt start: Int, limits: HeadLimits = HeadLimits()) {
    self.limits = limits
    lineStart = start
    searchStart = start
    headStart = start
  }

  /// Whether a byte of a head was seen: a client that stops now left in the middle of a request.
  package var hasBegun: Bool { lineStart > headStart || searchStart > headStart }

  /// Reads on. `bytes` must begin with what was passed before.
  package mutating func parse(_ bytes: [UInt8]) -> Outcome {
    while let lineEnd = nextLineEnd(in: bytes) {
      let line = lineStart..<lineEnd
      lineStart = lineEnd + 2
      searchStart = lineStart
      if let error = accept(line, in: bytes) { return .malformed(error) }
      if head.end > 0 { return .complete(head) }
    }
    return refusalOfUnfinishedLine(in: bytes).map { .malformed($0) } ?? .incomplete
  }

  /// The index of the next line's CRLF; nil while it is not there, or when the line is malformed,
  /// which `refusalOfUnfinishedLine` then says.
  private mutating func nextLineEnd(in bytes: [UInt8]) -> Int? {
    guard let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: searchStart) else {
      searchStart = bytes.count
      return nil
    }
    guard newline > lineStart, bytes[newline - 1] == UInt8(ascii: "\r") else {
      searchStart = newline
      return nil
    }
    return newline - 1
  }

  /// Why the line that has no end yet cannot become a good one, if it cannot.
  private func refusalOfUnfinishedLine(in bytes: [UInt8]) -> RequestError? {
    // RFC 9112 §2.2 lets a recipient take a bare LF for a line's end; two readers that differ on it
    // see two different messages, so it is refused.
    if searchStart < bytes.count { return .bareLineFeed }
    return sizeRefusal(headSize: bytes.count - headStart, lineSize: bytes.count - lineStart)
  }

  private func sizeRefusal(headSize: Int, lineSize: Int) -> RequestError? {
    switch expecting {
    case .requestLine: lineSize > limits.maxRequestLineSize ? .targetTooLong : nil
    case .field: headSize > limits.maxHeadSize ? .headTooLarge : nil
    }
  }

  private mutating func accept(_ line: Range<Int>, in bytes: [UInt8]) -> RequestError? {
    if let error = sizeRefusal(headSize: line.upperBound - headStart, lineSize: line.count) { return error }
    switch expecting {
    case .requestLine:
      // RFC 9112 §2.2: one empty line before the request line is ignored.
      guard !line.isEmpty else { return line.lowerBound > headStart ? .badRequestLine : nil }
      expecting = .field
      return readRequestLine(line, in: bytes)
    case .field:
      guard line.isEmpty else { return readField(line, in: bytes) }
      return finish(at: line.upperBound + 2)
    }
  }

  /// `method SP request-target SP HTTP-version` (RFC 9112 §3).
  private mutating func readRequestLine(_ line: Range<Int>, in bytes: [UInt8]) -> RequestError? {
    var position = line.lowerBound
    while position < line.upperBound, ByteClass.isToken(bytes[position]) { position += 1 }
    guard position > line.lowerBound, position < line.upperBound, bytes[position] == UInt8(ascii: " ") else {
      return .badRequestLine
    }
    head.method = Method(bytes[line.lowerBound..<position])
    let targetStart = position + 1
    position = targetStart
    while position < line.upperBound, ByteClass.isTarget(bytes[position]) { position += 1 }
    guard position > targetStart, position < line.upperBound, bytes[position] == UInt8(ascii: " ") else {
      return .badRequestLine
    }
    head.target = targetStart..<position
    // As many as a usual client sends, so that the array does not grow step by step.
    head.fields.reserveCapacity(12)
    return readVersion(bytes[(position + 1)..<line.upperBound])
  }

  private mutating func readVersion(_ version: ArraySlice<UInt8>) -> RequestError? {
    if version.isText("HTTP/1.1") { return nil }
    guard version.isText("HTTP/1.0") else {
      return version.starts(with: "HTTP/".utf8) ? .unsupportedVersion : .badRequestLine
    }
    head.minorVersion = 0
    head.keepsAlive = false
    return nil
  }

  /// `field-name ":" OWS field-value OWS` (RFC 9112 §5).
  private mutating func readField(_ line: Range<Int>, in bytes: [UInt8]) -> RequestError? {
    guard head.fields.count < limits.maxFieldCount else { return .tooManyFields }
    var position = line.lowerBound
    while position < line.upperBound, ByteClass.isToken(bytes[position]) { position += 1 }
    // No space may stand before the colon (RFC 9112 §5.1), and a line that begins with one would be
    // folded on to the last (§5.2): both end here.
    guard position > line.lowerBound, position < line.upperBound, bytes[position] == UInt8(ascii: ":") else {
      return .badField
    }
    let name = line.lowerBound..<position
    var start = position + 1
    var end = line.upperBound
    while start < end, bytes[start] == UInt8(ascii: " ") || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == 0x09 { end -= 1 }
    guard ByteClass.areFieldValue(bytes.span.extracting(start..<end)) else { return .badField }
    let field = HeaderField(name: name, value: start..<end)
    head.fields.append(field)
    return readFraming(field, in: bytes)
  }

  /// Takes note of the fields that decide where the message ends and what becomes of the connection.
  private mutating func readFraming(_ field: HeaderField, in bytes: [UInt8]) -> RequestError? {
    let value = bytes[field.value]
    switch field.name.count {
    case 4 where field.isNamed("host", in: bytes):
      hostCount += 1
    case 6 where field.isNamed("expect", in: bytes):
      guard value.equalsIgnoringCase("100-continue") else { return .unsupportedExpectation }
      head.expectsContinue = true
    case 10 where field.isNamed("connection", in: bytes):
      for option in value.split(separator: UInt8(ascii: ",")) {
        let option = option.trimmingSpaces()
        if option.equalsIgnoringCase("close") { head.keepsAlive = false }
        if option.equalsIgnoringCase("keep-alive"), head.minorVersion == 0 { head.keepsAlive = true }
      }
    case 14 where field.isNamed("content-length", in: bytes):
      return readLength(value)
    case 17 where field.isNamed("transfer-encoding", in: bytes):
      // RFC 9112 §6.1: only `chunked` is understood, and it stands alone.
      guard !isChunked, value.equalsIgnoringCase("chunked") else { return .unsupportedTransferCoding }
      isChunked = true
    default: break
    }
    return nil
  }

  /// RFC 9112 §6.3: a length is digits; a second one, or a list, is refused rather than compared.
  private mutating func readLength(_ value: ArraySlice<UInt8>) -> RequestError? {
    guard !lengthSeen, !value.isEmpty else { return .badContentLength }
    lengthSeen = true
    var length = 0
    for byte in value {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return .badContentLength }
      // Above any limit on a body, and far below overflow.
      guard length < 1 << 50 else { return .badContentLength }
      length = length * 10 + Int(byte - UInt8(ascii: "0"))
    }
    head.framing = length > 0 ? .length(length) : .none
    return nil
  }

  private mutating func finish(at end: Int) -> RequestError? {
    // RFC 9112 §6.3: both a length and a coding is how requests are smuggled.
    if isChunked {
      guard !lengthSeen, head.minorVersion == 1 else { return .conflictingFraming }
      head.framing = .chunked
    }
    // RFC 9112 §3.2.
    guard hostCount == 1 || (head.minorVersion == 0 && hostCount == 0) else { return .badHost }
    head.end = end
    return nil
  }
}

/// How large a head may be.
package struct HeadLimits: Sendable {
  /// Bytes of the request line; longer is 414. 8,000 is what RFC 9112 §3 recommends at least.
  package var maxRequestLineSize = 8_192
  /// Bytes of the whole head; more is 431.
  package var maxHeadSize = 32_768
  package var maxFieldCount = 100

  package init() {}
}
