/// What a byte of a prompt means to the detector: UTF-8 read just far enough to find words in many languages.
///
/// Letters are folded as they are read, in the lexicon and in the prompt alike: lower case, and the letters of
/// Latin-1 without their accents, so that words match as typed and with the accents left out.
enum IntentText {
  /// A piece of the text, and how many bytes it takes.
  enum Piece: Equatable {
    /// A letter of a word.
    case letter(UInt8)
    /// A letter that is two when its ligature is taken apart: ß, œ, æ.
    case letters(UInt8, UInt8)
    /// A character of a script that is written without spaces (Chinese, Japanese).
    case character(UInt16)
    /// What stands between words.
    case separator
    /// Stands for nothing by itself: a combining accent.
    case nothing
  }

  /// For each byte of ASCII its lower-case form if it is part of a word, else 0. `+` and `#` for C++ and C#.
  /// Bytes above it that `piece(of:at:)` does not know are parts of words, as they are.
  static let wordByte: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
    case UInt8(ascii: "+"), UInt8(ascii: "#"): byte
    default: 0
    }
  }

  /// U+00C0 to U+00FF without accents; a dot where there is no letter of ASCII for it.
  private static let latin1: [UInt8] = Array(
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy.saaaaaa.ceeeeiiiidnooooo.ouuuuy.y".utf8)

  /// The piece that begins with the byte at `index`, which is above ASCII, and its size in bytes.
  static func piece(of text: Span<UInt8>, at index: Int) -> (piece: Piece, size: Int) {
    let lead = text[index]
    let second = index + 1 < text.count ? text[index + 1] : 0
    guard second & 0xC0 == 0x80 else { return (.letter(lead), 1) }
    switch lead {
    case 0xC2:  // ¿ ¡ « » and the space that does not break
      return (.separator, 2)
    case 0xC3:
      return (latin(second), 2)
    case 0xC5 where second == 0x92 || second == 0x93:
      return (.letters(UInt8(ascii: "o"), UInt8(ascii: "e")), 2)
    case 0xCC, 0xCD:  // U+0300 and after: accents in a character of their own
      return (.nothing, 2)
    case 0xE2:  // dashes, quotation marks, arrows, signs
      return (.separator, 3)
    case 0xE3 where second == 0x80, 0xEF:  // 。「」 and the wide ，：？
      return (.separator, 3)
    case 0xE3...0xE9:
      guard index + 2 < text.count else { return (.separator, 2) }
      let bits = UInt16(lead & 0x0F) << 12 | UInt16(second & 0x3F) << 6 | UInt16(text[index + 2] & 0x3F)
      return (.character(bits), 3)
    case 0xF0...0xF4:  // emoji
      return (.separator, 4)
    default:
      return (.letter(lead), 1)
    }
  }

  private static func latin(_ second: UInt8) -> Piece {
    switch second {
    case 0x9F: .letters(UInt8(ascii: "s"), UInt8(ascii: "s"))
    case 0x86, 0xA6: .letters(UInt8(ascii: "a"), UInt8(ascii: "e"))
    case 0x97, 0xB7: .separator  // × ÷
    default: .letter(latin1[Int(second & 0x3F)])
    }
  }
}

/// The FNV-1a hash of a word, letter by letter: http://www.isthe.com/chongo/tech/comp/fnv/
struct WordHash: Hashable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func append(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}

/// The last characters of a text without spaces, up to four, and the hashes of the runs they end.
struct CharacterRun {
  static let longest = 4
  /// Sixteen bits each, the newest lowest; zero before the first.
  private var last: UInt64 = 0

  mutating func append(_ character: UInt16) {
    last = last << 16 | UInt64(character)
  }

  /// The hash of the last `count` characters; nil when there are not as many.
  func hash(ofLast count: Int) -> UInt64? {
    let oldest = 16 * UInt64(count - 1)
    guard last >> oldest & 0xFFFF != 0 else { return nil }
    let run = last & (UInt64.max >> (48 - oldest))
    // An odd factor and a shift can be undone: no two runs share a hash. 2⁶⁴ by the golden ratio.
    let product = run &* 0x9e37_79b9_7f4a_7c15
    return product ^ product >> 32
  }
}
