/// The byte rules of JSON strings, shared by reading and writing.
enum StringBytes {
  /// The first place from `start` on whose byte is a quote, a backslash, a control character, or not
  /// ASCII; the end when there is none.
  ///
  /// Looks at eight bytes at a time: in `word ^ quotes` a quote is a zero byte, and subtracting one from
  /// each byte sets the top bit of a zero byte. Subtracting 0x20 sets that of a control character. A
  /// borrow can mark only bytes above one that is marked rightly, so the lowest mark is always right.
  static func endOfPlainRun(in text: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    // Safe: the bytes are only read, as bytes.
    let raw = unsafe text.bytes
    while index &+ 8 <= raw.byteCount {
      // Safe: any eight bytes are a UInt64, and the load checks that they are inside.
      let loaded = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let quotes = (word ^ (ones &* 0x22)) &- ones
      let backslashes = (word ^ (ones &* 0x5C)) &- ones
      let controls = word &- (ones &* 0x20)
      let marks = (quotes | backslashes | controls | word) & (ones &* 0x80)
      if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < text.count && isPlain(text[index]) { index &+= 1 }
    return index
  }

  /// The eight bytes at `index` as one number, the first the lowest.
  static func word(in text: Span<UInt8>, at index: Int) -> UInt64 {
    // Safe: any eight bytes are a UInt64, and the load checks that they are inside.
    let raw = unsafe text.bytes
    return UInt64(littleEndian: unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// The size of the well-formed multibyte UTF-8 sequence at `index`, 0 when it is not well-formed
  /// (The Unicode Standard, Table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
  static func sizeOfSequence(in text: Span<UInt8>, at index: Int) -> Int {
    let available = text.count - index
    let first = text[index]
    guard available >= 2 else { return 0 }
    let second = text[index + 1]
    switch first {
    case 0xC2...0xDF:
      return isContinuation(second) ? 2 : 0
    case 0xE0...0xEF:
      guard available >= 3, isContinuation(second), isContinuation(text[index + 2]) else { return 0 }
      if first == 0xE0 && second < 0xA0 { return 0 }
      if first == 0xED && second > 0x9F { return 0 }
      return 3
    case 0xF0...0xF4:
      guard available >= 4, isContinuation(second), isContinuation(text[index + 2]),
        isContinuation(text[index + 3])
      else { return 0 }
      if first == 0xF0 && second < 0x90 { return 0 }
      if first == 0xF4 && second > 0x8F { return 0 }
      return 4
    default:
      return 0
    }
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The number that the four hexadecimal digits at `index` are; the scanner has checked them.
  static func codeUnit(in text: Span<UInt8>, at index: Int) -> UInt16 {
    var unit: UInt16 = 0
    for place in index..<index + 4 { unit = unit << 4 | UInt16(hexDigit(text[place]) ?? 0) }
    return unit
  }

  /// Whether the escape of a low surrogate, `\uDC00` to `\uDFFF`, stands at `index` of a valid string.
  static func isLowSurrogateEscape(in text: Span<UInt8>, at index: Int) -> Bool {
    guard index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u")
    else { return false }
    return (0xDC00..<0xE000).contains(codeUnit(in: text, at: index + 2))
  }

  /// The value of a hexadecimal digit in either case.
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
