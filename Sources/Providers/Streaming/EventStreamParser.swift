/// Takes a stream of server-sent events apart, piece by piece as it arrives.
///
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
/// Lines end with LF, CR or CRLF, wherever the pieces are cut. No byte is looked at twice, and every byte
/// is part of exactly one event's `raw`, so that the stream can be passed on as it came.
package struct EventStreamParser: Sendable {
  /// One block of lines up to an empty one.
  package struct Event: Hashable, Sendable {
    /// The value of the last `event` line; empty when there is none.
    package var name: ArraySlice<UInt8> = []
    /// The values of the `data` lines, joined by LF; nil when there is none, as in a comment.
    package var data: ArraySlice<UInt8>?
    /// The block with its empty line, byte for byte.
    package var raw: ArraySlice<UInt8> = []
    /// Whether a line was neither a comment nor a known field with its colon. Browsers pass over such lines
    /// or take them for empty fields; no provider sends them, so here they are a sign of damage.
    package var hasUnknownLine = false
  }

  /// The stream broke a limit.
  package struct EventTooLarge: Error, Hashable, Sendable {
    /// In bytes.
    package let limit: Int
  }

  private let maxEventSize: Int
  /// The bytes from the first event that is not complete on. Whoever holds slices of an older buffer keeps
  /// it; a buffer with handed out events is never appended to.
  private var buffer: [UInt8] = []
  /// Where the event that is being read begins.
  private var eventStart = 0
  /// Where the line that is being read begins.
  private var lineStart = 0
  /// All before this place has been looked at.
  private var position = 0
  private var event = Event()
  /// Whether the last line ended with a CR at the buffer's end, so that an LF belongs to it.
  private var mayBeginWithLineFeed = false
  /// Whether the stream ends its lines with CRLF: then a CR at the buffer's end is half of one, and the line
  /// waits for the LF, which else would be the next event's first byte.
  private var endsLinesWithBoth = false
  private var isAtStreamStart = true

  /// The largest event that any provider sends is an image in base64, well below 4 MB.
  package init(maxEventSize: Int = 4_194_304) {
    self.maxEventSize = maxEventSize
  }

  /// Adds bytes of the stream; then `next` gives the events that they complete.
  package mutating func append(_ bytes: Span<UInt8>) {
    if eventStart > 0 {
      buffer = Array(buffer[eventStart...])
      lineStart -= eventStart
      position -= eventStart
      eventStart = 0
    }
    // Safe: the bytes are copied inside the call.
    unsafe bytes.withUnsafeBufferPointer { pointer in unsafe buffer.append(contentsOf: pointer) }
  }

  /// The next complete event; nil when more bytes are needed.
  package mutating func next() throws(EventTooLarge) -> Event? {
    while let line = nextLine() {
      if line.isEmpty {
        guard position - eventStart <= maxEventSize else { throw EventTooLarge(limit: maxEventSize) }
        event.raw = buffer[eventStart..<position]
        eventStart = position
        let complete = event
        event = Event()
        return complete
      }
      read(line)
    }
    guard buffer.count - eventStart <= maxEventSize else { throw EventTooLarge(limit: maxEventSize) }
    return nil
  }

  /// The next complete line without its end; nil when more bytes are needed.
  private mutating func nextLine() -> Range<Int>? {
    if mayBeginWithLineFeed, position < buffer.count {
      mayBeginWithLineFeed = false
      if buffer[position] == UInt8(ascii: "\n") {
        position += 1
        lineStart = position
        endsLinesWithBoth = true
      }
    }
    let end = Self.endOfLine(in: buffer.span, from: position)
    position = end
    guard end < buffer.count else { return nil }
    let line = skippingByteOrderMark(lineStart..<end)
    position += 1
    if buffer[end] == UInt8(ascii: "\r") {
      if position < buffer.count {
        if buffer[position] == UInt8(ascii: "\n") {
          position += 1
          endsLinesWithBoth = true
        }
      } else if endsLinesWithBoth {
        position = end
        return nil
      } else {
        mayBeginWithLineFeed = true
      }
    }
    lineStart = position
    return line
  }

  /// The first LF or CR from `start` on; the end when there is none.
  ///
  /// Looks at eight bytes at a time: a byte that is sought is zero in `word ^ pattern`, and subtracting one
  /// from each byte sets the top bit of a zero byte. A borrow can mark only bytes above one that is marked
  /// rightly, and bytes that are not ASCII are unmarked, so the lowest mark is always right.
  private static func endOfLine(in bytes: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    // Safe: the bytes are only read, as bytes.
    let raw = unsafe bytes.bytes
    while index &+ 8 <= raw.byteCount {
      // Safe: any eight bytes are a UInt64, and the load checks that they are inside.
      let loaded = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let lineFeeds = (word ^ (ones &* 0x0A)) &- ones
      let returns = (word ^ (ones &* 0x0D)) &- ones
      let marks = (lineFeeds | returns) & ~word & (ones &* 0x80)
      if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count && bytes[index] != UInt8(ascii: "\n") && bytes[index] != UInt8(ascii: "\r") {
      index &+= 1
    }
    return index
  }

  private mutating func skippingByteOrderMark(_ line: Range<Int>) -> Range<Int> {
    guard isAtStreamStart else { return line }
    isAtStreamStart = false
    return buffer[line].starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
  }

  private mutating func read(_ line: Range<Int>) {
    let bytes = buffer[line]
    if bytes.first == UInt8(ascii: ":") { return }
    if !bytes.prefix(Self.longestName + 1).contains(UInt8(ascii: ":")) { event.hasUnknownLine = true }
    if let value = Self.value(of: "data", in: bytes) {
      if event.data == nil {
        event.data = value
      } else {
        event.data?.append(UInt8(ascii: "\n"))
        event.data?.append(contentsOf: value)
      }
    } else if let value = Self.value(of: "event", in: bytes) {
      event.name = value
    } else if Self.value(of: "id", in: bytes) == nil && Self.value(of: "retry", in: bytes) == nil {
      event.hasUnknownLine = true
    }
  }

  /// The size of `event` and `retry`.
  private static let longestName = 5

  /// The value of a line `name: value`, one space behind the colon left out; nil when it is another field.
  private static func value(of name: StaticString, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let size = name.utf8CodeUnitCount
    guard line.count >= size, line.prefix(size).isText(name) else { return nil }
    let rest = line.dropFirst(size)
    guard let colon = rest.first else { return rest }
    guard colon == UInt8(ascii: ":") else { return nil }
    let value = rest.dropFirst()
    return value.first == UInt8(ascii: " ") ? value.dropFirst() : value
  }
}
