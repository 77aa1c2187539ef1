extension JSONScanner {
  /// Moves over a number, RFC 8259 §6: `-`, digits without a leading zero, a fraction, an exponent.
  mutating func scanNumber(_ text: Span<UInt8>) throws(JSONError) {
    let start = position
    if peek(text) == UInt8(ascii: "-") { position += 1 }
    if peek(text) == UInt8(ascii: "0") {
      position += 1
    } else {
      try scanDigits(text, start)
    }
    if peek(text) == UInt8(ascii: ".") {
      position += 1
      try scanDigits(text, start)
    }
    if peek(text) | 0x20 == UInt8(ascii: "e") {
      position += 1
      if peek(text) == UInt8(ascii: "+") || peek(text) == UInt8(ascii: "-") { position += 1 }
      try scanDigits(text, start)
    }
    // `01`, `1x` and `1.2.3` are one mistaken number, not a number and something behind it.
    switch peek(text) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
      throw JSONError(.invalidNumber, at: start, in: text)
    default:
      break
    }
  }

  private mutating func scanDigits(_ text: Span<UInt8>, _ start: Int) throws(JSONError) {
    let first = position
    while peek(text) >= UInt8(ascii: "0") && peek(text) <= UInt8(ascii: "9") { position += 1 }
    guard position > first else {
      throw JSONError(.invalidNumber, at: position == text.count ? position : start, in: text)
    }
  }
}
