/// How this module writes JSON: straight into a byte array, one field after the other.
extension [UInt8] {
  /// Appends text of the program's own, as it stands.
  @inline(__always)
  mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
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

  /// Appends `value` ÷ 10^`places` as a decimal number without trailing zeros: 1250 with 3 is `1.25`.
  mutating func append(integer value: Int, scaledDownBy places: Int) {
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: UInt(unit))
    if value < 0 { append(UInt8(ascii: "-")) }
    append(magnitude: whole)
    guard fraction != 0 else { return }
    append(UInt8(ascii: "."))
    var rest = Int(fraction)
    while rest > 0 {
      unit /= 10
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
      rest %= unit
    }
  }

  /// Appends a JSON string: quoted, escaped, and cut to at most `limit` bytes of UTF-8 (before
  /// escaping, never inside a character) with an ellipsis in place of what was cut.
  mutating func append(string text: String, limit: Int) {
    append(UInt8(ascii: "\""))
    // A native String always has contiguous UTF-8; the other branch is what the type system asks for.
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0, limit: limit) }
    if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0, limit: limit) } }
    append(UInt8(ascii: "\""))
  }

  mutating func append(string text: String?, limit: Int) {
    guard let text else { return append(literal: "null") }
    append(string: text, limit: limit)
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, limit: Int) {
    if text.count <= limit && !text.contains(where: Self.mayNeedEscape) {
      return append(contentsOf: text)
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
