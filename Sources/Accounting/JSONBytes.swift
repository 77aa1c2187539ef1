/// How this module writes JSON: straight into bytes, one field after the other.
///
/// The fields of a line are written into room that was asked for once, which costs a third of appending
/// each to an array.
extension OutputSpan<UInt8> {
  /// A sign and 19 digits.
  static var largestIntegerSize: Int { 20 }

  /// The room that `append(string:limit:)` takes at most: six bytes for one (`\u0000`), the quotes and
  /// the ellipsis.
  static func largestSize(string text: String?, limit: Int) -> Int {
    6 * Swift.min(text?.utf8.count ?? 0, limit) + 5
  }

  /// Appends text of the program's own, as it stands.
  @inline(__always)
  mutating func append(literal: StaticString) {
    append(bytes: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func append(bytes: UnsafeBufferPointer<UInt8>) {
    withUnsafeMutableBufferPointer { buffer, count in
      precondition(bytes.count <= buffer.count - count, "the room for a text is asked for beforehand")
      guard let room = buffer.baseAddress, let start = bytes.baseAddress else { return }
      (room + count).initialize(from: start, count: bytes.count)
      count += bytes.count
    }
  }

  /// Appends a whole number in decimal.
  mutating func append(integer value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(magnitude: value.magnitude)
  }

  private mutating func append(magnitude value: UInt) {
    if value >= 10 { append(magnitude: value / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends a JSON string: quoted, escaped, and cut to at most `limit` bytes of UTF-8 (before
  /// escaping, never inside a character) with an ellipsis in place of what was cut.
  mutating func append(string text: String, limit: Int) {
    append(UInt8(ascii: "\""))
    text.utf8.span.withUnsafeBufferPointer { appendEscaped($0, limit: limit) }
    append(UInt8(ascii: "\""))
  }

  mutating func append(string text: String?, limit: Int) {
    guard let text else { return append(literal: "null") }
    append(string: text, limit: limit)
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, limit: Int) {
    if text.count <= limit && !text.contains(where: Self.mayNeedEscape) {
      return append(bytes: text)
    }
    var end = Swift.min(text.count, limit)
    while end < text.count && text[end] & 0xC0 == 0x80 { end -= 1 }
    var index = 0
    while index < end {
      index += appendEscapedCharacter(at: index, of: text)
    }
    if end < text.count { append(literal: "…") }
  }

  /// True for control characters, the quote and the backslash (RFC 8259 §7), and for the first bytes
  /// of U+0085, U+2028 and U+2029: legal in JSON, but many readers of lines take them for a line's end.
  @inline(__always)
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0xC2 || byte == 0xE2
  }

  /// Appends the byte at `index`, or the escape of the character there; returns the bytes used.
  private mutating func appendEscapedCharacter(at index: Int, of text: UnsafeBufferPointer<UInt8>) -> Int {
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "\""): append(literal: "\\\"")
    case UInt8(ascii: "\\"): append(literal: "\\\\")
    case UInt8(ascii: "\n"): append(literal: "\\n")
    case UInt8(ascii: "\r"): append(literal: "\\r")
    case UInt8(ascii: "\t"): append(literal: "\\t")
    case 0..<0x20:
      append(literal: "\\u00")
      append(Self.hexadecimalDigit(byte >> 4))
      append(Self.hexadecimalDigit(byte & 0xF))
    case 0xC2 where text[index + 1] == 0x85:
      append(literal: "\\u0085")
      return 2
    case 0xE2 where text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8:
      append(literal: "\\u202")
      append(Self.hexadecimalDigit(text[index + 2] & 0xF))
      return 3
    default: append(byte)
    }
    return 1
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

/// The same for what is not on a request's way.
extension [UInt8] {
  /// Appends text of the program's own, as it stands.
  @inline(__always)
  mutating func append(literal: StaticString) {
    append(addingCapacity: literal.utf8CodeUnitCount) { $0.append(literal: literal) }
  }

  /// Appends a whole number in decimal.
  mutating func append(integer value: Int) {
    append(addingCapacity: OutputSpan<UInt8>.largestIntegerSize) { $0.append(integer: value) }
  }

  /// Appends `value` ÷ 10^`places` as a decimal number without trailing zeros: 1250 with 3 is `1.25`.
  mutating func append(integer value: Int, scaledDownBy places: Int) {
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: UInt(unit))
    if value < 0 { append(UInt8(ascii: "-")) }
    append(integer: Int(whole))
    guard fraction != 0 else { return }
    append(UInt8(ascii: "."))
    var rest = Int(fraction)
    while rest > 0 {
      unit /= 10
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
      rest %= unit
    }
  }

  /// Appends a JSON string, cut to at most `limit` bytes, or null.
  mutating func append(string text: String?, limit: Int) {
    append(addingCapacity: OutputSpan<UInt8>.largestSize(string: text, limit: limit)) { output in
      output.append(string: text, limit: limit)
    }
  }
}
