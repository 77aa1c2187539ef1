/// The head of a provider's answer: its status, and where in the buffer each part stands.
package struct ResponseHead: Sendable {
  package var status = 0
  /// In the order sent; the ranges count from the start of the buffer that was parsed.
  package var fields: [HeaderField] = []
  package var framing: ResponseFraming = .untilClose
  /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
  package var keepsAlive = true
  /// The index after the blank line.
  package var end = 0

  package init() {}

  /// The value of the first field called `name`, which must be given in lower case; nil when there is none.
  package func value(_ name: StaticString, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    for field in fields where field.isNamed(name, in: bytes) { return bytes[field.value] }
    return nil
  }
}

/// How long an answer's body is (RFC 9112 §6.3).
package enum ResponseFraming: Sendable, Hashable {
  case length(Int)
  case chunked
  /// The end of the connection is the end of the body.
  case untilClose
}

/// Reads answer heads out of a growing buffer: pure and incremental. Interim answers (1xx) are passed over.
package struct ResponseParser: Sendable {
  package enum Outcome: Sendable {
    /// The head is not all there: append to the buffer and call again.
    case incomplete
    case complete(ResponseHead)
    case malformed
    case tooLarge
  }

  /// Bytes of all header lines; the vendors send less than 4 kB.
  private let maxHeadSize: Int
  /// More fields than any server sends; bounds the work that one head takes.
  private static let maxFieldCount = 256

  private var head = ResponseHead()
  private var hasStatus = false
  private var lineStart = 0
  private var searchStart = 0
  private var length: Int?
  private var isChunked = false
  private var isOldVersion = false

  package init(maxHeadSize: Int) {
    self.maxHeadSize = maxHeadSize
  }

  /// Reads on. `bytes` must begin with what was passed before.
  package mutating func parse(_ bytes: [UInt8]) -> Outcome {
    while let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: searchStart) {
      guard newline < maxHeadSize else { return .tooLarge }
      // RFC 9112 §2.2: a lone LF ends a line too, where only one reader looks at it.
      let isPair = newline > lineStart && bytes[newline - 1] == UInt8(ascii: "\r")
      let line = lineStart..<(isPair ? newline - 1 : newline)
      lineStart = newline + 1
      searchStart = lineStart
      guard accept(line, in: bytes) else { return .malformed }
      if head.end > 0 { return .complete(head) }
    }
    searchStart = bytes.count
    return bytes.count < maxHeadSize ? .incomplete : .tooLarge
  }

  private mutating func accept(_ line: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard hasStatus else { return readStatusLine(bytes[line]) }
    guard line.isEmpty else { return readField(line, in: bytes) }
    if (100...199).contains(head.status) {
      // RFC 9110 §15.2: the final answer is still to come. 101 was not asked for.
      guard head.status != 101 else { return false }
      head = ResponseHead()
      hasStatus = false
      (length, isChunked) = (nil, false)
      return true
    }
    return finish(at: lineStart)
  }

  /// `HTTP-version SP status-code SP [reason]` (RFC 9112 §4).
  private mutating func readStatusLine(_ line: ArraySlice<UInt8>) -> Bool {
    let start = line.startIndex
    guard line.count >= 12, line.starts(with: "HTTP/1.".utf8), line[start + 8] == UInt8(ascii: " ") else {
      return false
    }
    switch line[start + 7] {
    case UInt8(ascii: "1"): break
    case UInt8(ascii: "0"): isOldVersion = true
    default: return false
    }
    for index in (start + 9)..<(start + 12) {
      guard line[index] >= UInt8(ascii: "0"), line[index] <= UInt8(ascii: "9") else { return false }
      head.status = head.status * 10 + Int(line[index] - UInt8(ascii: "0"))
    }
    guard head.status >= 100, line.count == 12 || line[start + 12] == UInt8(ascii: " ") else { return false }
    head.keepsAlive = !isOldVersion
    hasStatus = true
    return true
  }

  private mutating func readField(_ line: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard head.fields.count < Self.maxFieldCount else { return false }
    var position = line.lowerBound
    while position < line.upperBound, ByteClass.isToken(bytes[position]) { position += 1 }
    guard position > line.lowerBound, position < line.upperBound, bytes[position] == UInt8(ascii: ":") else {
      return false
    }
    let value = bytes[(position + 1)..<line.upperBound].trimmingSpaces()
    let field = HeaderField(name: line.lowerBound..<position, value: value.startIndex..<value.endIndex)
    head.fields.append(field)
    switch field.name.count {
    case 10 where field.isNamed("connection", in: bytes):
      for option in value.split(separator: UInt8(ascii: ",")) {
        let option = option.trimmingSpaces()
        if option.equalsIgnoringCase("close") { head.keepsAlive = false }
        if option.equalsIgnoringCase("keep-alive"), isOldVersion { head.keepsAlive = true }
      }
    case 14 where field.isNamed("content-length", in: bytes): return readLength(value)
    case 17 where field.isNamed("transfer-encoding", in: bytes):
      guard !isChunked, value.equalsIgnoringCase("chunked") else { return false }
      isChunked = true
    default: break
    }
    return true
  }

  /// A length is digits; a second one is refused unless it is the same (RFC 9112 §6.3).
  private mutating func readLength(_ value: ArraySlice<UInt8>) -> Bool {
    var number = 0
    for byte in value {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), number < 1 << 50 else { return false }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    guard !value.isEmpty, length == nil || length == number else { return false }
    length = number
    return true
  }

  private mutating func finish(at end: Int) -> Bool {
    if head.status == 204 || head.status == 304 {
      head.framing = .length(0)
    } else if isChunked {
      // RFC 9112 §6.3: the coding goes before a length, and such an answer is the last of its connection.
      head.framing = .chunked
      if length != nil || isOldVersion { head.keepsAlive = false }
    } else if let length {
      head.framing = .length(length)
    } else {
      head.framing = .untilClose
      head.keepsAlive = false
    }
    head.end = end
    return true
  }
}
