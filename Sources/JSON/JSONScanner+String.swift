extension JSONScanner {
  /// Moves from behind a string's opening quote to behind its closing one; true when it has escapes.
  mutating func scanString(_ text: Span<UInt8>) throws(JSONError) -> Bool {
    var hasEscapes = false
    while true {
      position = StringBytes.endOfPlainRun(in: text, from: position)
      guard position < text.count else { throw failure(.unterminatedString, text) }
      switch text[position] {
      case UInt8(ascii: "\""):
        position += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try scanEscape(text)
      case 0x80...:
        // Text in one script comes in runs, so the rest of the run is not looked for eight bytes at a time.
        repeat {
          let size = StringBytes.sizeOfSequence(in: text, at: position)
          guard size > 0 else { throw failure(.invalidUTF8, text) }
          position += size
        } while position < text.count && text[position] >= 0x80
      default:
        throw failure(.controlCharacter, text)
      }
    }
  }

  /// RFC 8259 §7. A lone surrogate (`\ud800`) is allowed by the grammar, so it is by us.
  private mutating func scanEscape(_ text: Span<UInt8>) throws(JSONError) {
    let backslash = position
    position += 1
    switch peek(text) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      position += 1
      for _ in 0..<4 {
        guard StringBytes.hexDigit(peek(text)) != nil else {
          throw JSONError(.invalidEscape, at: position == text.count ? position : backslash, in: text)
        }
        position += 1
      }
    default:
      throw JSONError(.invalidEscape, at: position == text.count ? position : backslash, in: text)
    }
  }
}
