/// Scores a prompt by the words in it, in one pass and without keeping any.
///
/// What a prompt is about is nearly always said at its start ("Summarize this: …") or its end ("… Please
/// translate the above."), while the text between may be a pasted article full of other words. So words
/// of the first and the last line count more, and the rest of the text can add no more than `bodyLimit` to
/// an intent.
struct IntentDetector {
  /// The part of a long prompt that is read: its first 4 kB and its last 1 kB.
  static let headBytes = 4096
  static let tailBytes = 1024
  /// The first few words, where the verb is.
  static let verbBytes = 32
  /// The longest first or last line that is taken for a request: two lines on a terminal.
  static let lineBytes = 160
  /// What is taken of a longer one, which is running text: a short sentence.
  static let sentenceBytes = 64
  /// A first line shorter than this is a greeting: the next one is taken with it.
  static let greetingBytes = 12
  /// One strong word's worth.
  static let bodyLimit: Int32 = 6
  /// A score below this is no evidence: one faint hint does not reach it.
  static let leastScore: Int32 = 5

  private let table = IntentTable.shared
  private var telling = SIMD8<Int32>()
  private var body = SIMD8<Int32>()

  /// Where the first line ends and the last one begins.
  private let opening: Int
  private let closing: Int

  /// The intent with the highest score; `general` when no score is high enough. Of equal ones the first in
  /// the order of `Intent`.
  static func detect(in text: Span<UInt8>) -> Intent {
    var detector = IntentDetector(text)
    if text.count <= headBytes + tailBytes {
      detector.scan(text, from: 0, to: text.count)
    } else {
      detector.scan(text, from: 0, to: headBytes)
      detector.scan(text, from: text.count - tailBytes, to: text.count)
    }
    return detector.best
  }

  private init(_ text: Span<UInt8>) {
    let newline = UInt8(ascii: "\n")
    let end = text.count
    guard end > IntentDetector.lineBytes else {
      opening = end
      closing = end
      return
    }
    let firstLine = IntentDetector.greetingBytes..<IntentDetector.lineBytes
    let lastLine = (end - IntentDetector.lineBytes)..<end
    opening = firstLine.first { text[$0] == newline } ?? IntentDetector.sentenceBytes
    closing = lastLine.last { text[$0] == newline } ?? end - IntentDetector.sentenceBytes
  }

  private var best: Intent {
    let scores = telling &+ pointwiseMin(body, SIMD8(repeating: IntentDetector.bodyLimit))
    var best = Intent.general
    var highest = IntentDetector.leastScore - 1
    for intent in Intent.allCases where scores[intent.index] > highest {
      best = intent
      highest = scores[intent.index]
    }
    return best
  }

  private mutating func scan(_ text: Span<UInt8>, from start: Int, to end: Int) {
    var word = WordHash()
    /// The word before and this one, with one space between.
    var pair = WordHash()
    // The first word has none before it; the space keeps it from counting as a pair of itself.
    pair.append(UInt8(ascii: " "))
    var wordStart = start
    for index in start..<end {
      let byte = IntentDetector.wordByte[Int(text[index])]
      if byte != 0 {
        word.append(byte)
        pair.append(byte)
        continue
      }
      if wordStart < index {
        count(word, pair, at: wordStart)
        pair = word
        pair.append(UInt8(ascii: " "))
        word = WordHash()
      }
      wordStart = index + 1
      countPunctuation(text[index])
    }
    if wordStart < end { count(word, pair, at: wordStart) }
  }

  private mutating func count(_ word: WordHash, _ pair: WordHash, at position: Int) {
    if let entry = table.entry(for: word) { add(entry, at: position) }
    if let entry = table.entry(for: pair) { add(entry, at: position) }
  }

  private mutating func add(_ entry: IntentTable.Entry, at position: Int) {
    let weight = Int32(entry.weight)
    if position < opening {
      telling[Int(entry.intent)] &+= weight &* (position < IntentDetector.verbBytes ? 5 : 3)
    } else if position >= closing {
      telling[Int(entry.intent)] &+= weight &* 2
    } else {
      body[Int(entry.intent)] &+= weight
    }
  }

  /// Braces, semicolons and backticks are rare outside code.
  private mutating func countPunctuation(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: "`"):
      body[Intent.codeGeneration.index] &+= 1
    default:
      break
    }
  }

  /// For each byte its lower-case form if it is part of a word, else 0. Bytes above ASCII are parts of
  /// words, as they are; `+` and `#` for C++ and C#.
  private static let wordByte: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
    case UInt8(ascii: "+"), UInt8(ascii: "#"): byte
    default: 0
    }
  }
}

extension Intent {
  /// What the prompt is about, by rules and without a call: a few microseconds, whatever its length.
  package static func detect(in text: Span<UInt8>) -> Intent {
    IntentDetector.detect(in: text)
  }

  /// What the prompt is about.
  package static func detect(in text: String) -> Intent {
    IntentDetector.detect(in: text.utf8Span.span)
  }
}
