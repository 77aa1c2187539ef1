/// How many characters of each UTF-8 width a text has: enough to know its size, and to guess its tokens.
package struct JSONCharacterCounts: Hashable, Sendable {
  /// ASCII characters.
  package var oneByte = 0
  /// Accented Latin, Greek, Cyrillic, Hebrew, Arabic.
  package var twoBytes = 0
  /// Chinese, Japanese, Korean, most scripts of India.
  package var threeBytes = 0
  /// Emoji and rare scripts.
  package var fourBytes = 0

  package init() {}

  /// Counts the characters that `escaped`, the content of a valid JSON string, stands for.
  package init(escaped: ArraySlice<UInt8>) {
    self.init(escaped: escaped.span)
  }

  /// Runs of plain ASCII are stepped over eight bytes at a time.
  init(escaped text: Span<UInt8>) {
    var index = 0
    while index < text.count {
      let run = StringBytes.endOfPlainRun(in: text, from: index)
      oneByte += run - index
      index = run
      guard index < text.count else { break }
      switch text[index] {
      case UInt8(ascii: "\\"):
        index += countEscape(in: text, at: index)
      case 0xF0...:
        fourBytes += 1
        index += 4
      case 0xE0...:
        threeBytes += 1
        index += 3
      case 0xC0...:
        twoBytes += 1
        index += 2
      default:
        index += 1
      }
    }
  }

  /// The size of the text in UTF-8 bytes.
  package var byteCount: Int { oneByte + 2 * twoBytes + 3 * threeBytes + 4 * fourBytes }

  package static func += (left: inout JSONCharacterCounts, right: JSONCharacterCounts) {
    left.oneByte += right.oneByte
    left.twoBytes += right.twoBytes
    left.threeBytes += right.threeBytes
    left.fourBytes += right.fourBytes
  }

  /// Counts the escape at `backslash` and returns its length.
  private mutating func countEscape(in text: Span<UInt8>, at backslash: Int) -> Int {
    guard text[backslash + 1] == UInt8(ascii: "u") else {
      oneByte += 1
      return 2
    }
    switch StringBytes.codeUnit(in: text, at: backslash + 2) {
    case 0..<0x80: oneByte += 1
    case 0x80..<0x800: twoBytes += 1
    case 0xD800..<0xDC00 where StringBytes.isLowSurrogateEscape(in: text, at: backslash + 6):
      fourBytes += 1
      return 12
    default: threeBytes += 1
    }
    return 6
  }
}
