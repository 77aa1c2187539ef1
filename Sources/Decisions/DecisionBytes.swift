/// How a decision's line is written: straight into room that was asked for once.
extension OutputSpan<UInt8> {
  /// A comma or bracket, a sign and 19 digits.
  static var largestNumberSize: Int { 21 }

  /// Six bytes for one (`\u0000`), and the quotes.
  static func largestSize(_ text: String, limit: Int) -> Int { 6 * Swift.min(text.utf8.count, limit) + 2 }

  @inline(__always)
  mutating func put(_ literal: StaticString) {
    // Safe: the room is checked, and a literal's bytes stay for ever.
    withUnsafeMutableBufferPointer { buffer, count in
      let size = literal.utf8CodeUnitCount
      precondition(size <= buffer.count - count, "the room for a line is asked for beforehand")
      guard let base = buffer.baseAddress else { return }
      (base + count).initialize(from: literal.utf8Start, count: size)
      count += size
    }
  }

  /// A whole number in decimal.
  mutating func put(_ value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    guard rest >= 10 else { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)) }
    // Written from its end into the place that its length gives.
    let size = Self.digitCount(of: rest)
    withUnsafeMutableBufferPointer { buffer, count in
      precondition(size <= buffer.count - count, "the room for a line is asked for beforehand")
      var place = count + size
      while place > count {
        place -= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        buffer.initializeElement(at: place, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        rest = quotient
      }
      count += size
    }
  }

  private static func digitCount(of value: UInt) -> Int {
    var size = 1
    var bound: UInt = 10
    // 10¹⁹ is the largest power of ten below 2⁶⁴.
    while size < 20, value >= bound {
      size += 1
      let (next, isTooLarge) = bound.multipliedReportingOverflow(by: 10)
      guard !isTooLarge else { break }
      bound = next
    }
    return size
  }

  /// A JSON string of at most `limit` bytes of `text`, cut between characters.
  mutating func put(string text: String, limit: Int) {
    append(UInt8(ascii: "\""))
    let bytes = text.utf8.span
    var end = Swift.min(bytes.count, limit)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    for index in 0..<end {
      let byte = bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        append(byte)
        continue
      }
      put("\\u00")
      append(Self.hexadecimalDigit(byte >> 4))
      append(Self.hexadecimalDigit(byte & 0xF))
    }
    append(UInt8(ascii: "\""))
  }

  /// The 16 hexadecimal digits of a key, in quotes.
  mutating func put(key: UInt64) {
    append(UInt8(ascii: "\""))
    for shift in stride(from: 60, through: 0, by: -4) {
      append(Self.hexadecimalDigit(UInt8(truncatingIfNeeded: key >> UInt64(shift)) & 0xF))
    }
    append(UInt8(ascii: "\""))
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
