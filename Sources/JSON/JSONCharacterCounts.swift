/// How many characters of each UTF-8 width a text has, and of which sort the ASCII ones are: enough to know
/// its size, and to guess its tokens.
package struct JSONCharacterCounts: Hashable, Sendable {
  /// ASCII characters.
  package var oneByte = 0
  /// Of those, letters.
  package var letters = 0
  /// Of those, spaces.
  package var spaces = 0
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
      countASCII(text.extracting(index..<run))
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
    left.letters += right.letters
    left.spaces += right.spaces
    left.twoBytes += right.twoBytes
    left.threeBytes += right.threeBytes
    left.fourBytes += right.fourBytes
  }

  /// Counts ASCII characters, eight at a time: in each byte's top bit, which ASCII leaves free, stands whether
  /// an addition has carried into it.
  private mutating func countASCII(_ text: Span<UInt8>) {
    oneByte += text.count
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = 0
    while index + 8 <= text.count {
      let word = StringBytes.word(in: text, at: index)
      let lowered = word | ones &* 0x20
      let fromA = lowered &+ ones &* (0x80 - 0x61)
      let pastZ = lowered &+ ones &* (0x80 - 0x7B)
      letters += (fromA & ~pastZ & (ones &* 0x80)).nonzeroBitCount
      let notSpace = (word ^ ones &* 0x20) &+ ones &* 0x7F
      spaces += (~notSpace & (ones &* 0x80)).nonzeroBitCount
      index += 8
    }
    while index < text.count {
      let byte = text[index]
      if (byte | 0x20) &- 0x61 < 26 { letters += 1 }
      if byte == 0x20 { spaces += 1 }
      index += 1
    }
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
