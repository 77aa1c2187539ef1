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

  /// Where the request at the start ends and the one at the end begins.
  private let opening: Int
  private let closing: Int
  /// What words of the last line count; more when the prompt begins with running text, probably pasted.
  private let closingFactor: Int32

  private var word = WordHash()
  /// The word before and this one, with one space between.
  private var pair = WordHash()
  /// The entry of the longest stem that the word begins with.
  private var stem: WeightTable.Entry?
  /// Where the word began; nil between words.
  private var wordStart: Int?
  private var run = CharacterRun()

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
    let end = Self.openingEnd(text)
    opening = end ?? Self.sentenceBytes
    closing = Self.closingStart(text)
    closingFactor = end == nil ? 3 : 2
  }

  /// Where the first line ends or its colon stands; nil when that is further than a request is long.
  private static func openingEnd(_ text: Span<UInt8>) -> Int? {
    var index = greetingBytes
    while index < min(text.count, lineBytes) {
      if text[index] == UInt8(ascii: "\n") { return index }
      // "Translate this: …", but not the colon of a time, a path or C++.
      if text[index] == UInt8(ascii: ":"), index + 1 < text.count, text[index + 1] <= UInt8(ascii: " ") {
        return index
      }
      // The wide colon of Chinese, U+FF1A.
      if text[index] == 0xEF, index + 2 < text.count, text[index + 1] == 0xBC, text[index + 2] == 0x9A {
        return index
      }
      index += 1
    }
    return text.count <= lineBytes ? text.count : nil
  }

  private static func closingStart(_ text: Span<UInt8>) -> Int {
    var index = text.count - 1
    while index > 0, index >= text.count - lineBytes {
      if text[index] == UInt8(ascii: "\n") { return index }
      index -= 1
    }
    return text.count <= lineBytes ? text.count : text.count - sentenceBytes
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
    // The first word has none before it; the space keeps it from counting as a pair of itself.
    pair = WordHash()
    pair.append(UInt8(ascii: " "))
    var index = start
    while index < end {
      let byte = text[index]
      if byte < 0x80 {
        let letter = IntentText.wordByte[Int(byte)]
        if letter != 0 {
          append(letter, at: index)
        } else {
          endWord()
          countPunctuation(byte)
        }
        index += 1
        continue
      }
      let (piece, size) = IntentText.piece(of: text, at: index)
      switch piece {
      case .letter(let letter):
        append(letter, at: index)
      case .letters(let first, let second):
        append(first, at: index)
        append(second, at: index)
      case .character(let character):
        endWord()
        append(character, at: index)
      case .separator:
        endWord()
        run = CharacterRun()
      case .nothing:
        break
      }
      index += size
    }
    endWord()
    run = CharacterRun()
  }

  private mutating func append(_ letter: UInt8, at index: Int) {
    if wordStart == nil { wordStart = index }
    word.append(letter)
    pair.append(letter)
    if let entry = table.stems.entry(for: word.value) { stem = entry }
  }

  private mutating func endWord() {
    guard let start = wordStart else { return }
    if let entry = table.words.entry(for: word.value) ?? stem { add(entry, at: start) }
    if let entry = table.words.entry(for: pair.value) { add(entry, at: start) }
    pair = word
    pair.append(UInt8(ascii: " "))
    word = WordHash()
    stem = nil
    wordStart = nil
    run = CharacterRun()
  }

  private mutating func append(_ character: UInt16, at index: Int) {
    run.append(character)
    for count in 1...CharacterRun.longest {
      guard let hash = run.hash(ofLast: count) else { return }
      if let entry = table.words.entry(for: hash) { add(entry, at: index) }
    }
  }

  private mutating func add(_ entry: WeightTable.Entry, at position: Int) {
    let weight = Int32(entry.weight)
    if position < opening {
      telling[Int(entry.intent)] &+= weight &* (position < IntentDetector.verbBytes ? 5 : 3)
    } else if position >= closing {
      telling[Int(entry.intent)] &+= weight &* closingFactor
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
}

extension Intent {
  /// Makes the table of words, so that the first request need not wait some milliseconds for it.
  package static func prepare() {
    _ = IntentTable.shared
  }

  /// What the prompt is about, by rules and without a call: a few microseconds, whatever its length.
  package static func detect(in text: Span<UInt8>) -> Intent {
    IntentDetector.detect(in: text)
  }

  /// What the prompt is about.
  package static func detect(in text: String) -> Intent {
    IntentDetector.detect(in: text.utf8Span.span)
  }
}
