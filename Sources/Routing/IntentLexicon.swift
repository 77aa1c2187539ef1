/// The words that tell what a prompt is about, with weights: 1 hints, 6 settles it and more outdoes what
/// settles another.
///
/// A row is one intent in one language. An entry is written in lower case and with its accents, and is one of
///
/// - a word: `gist`
/// - two words next to each other: `key points`
/// - the beginning of words, with a star: `translat*`; a whole word that matches counts instead of it
/// - one to four characters of a script without spaces, which match anywhere: `翻译`
///
/// Add a language by adding rows: nothing else knows which language a word is of.
enum IntentLexicon {
  struct Row {
    let intent: Intent
    let weight: UInt8
    /// Entries separated by commas.
    let entries: String

    init(_ intent: Intent, _ weight: UInt8, _ entries: String) {
      self.intent = intent
      self.weight = weight
      self.entries = entries
    }

    /// The entries one by one.
    var all: [Entry] {
      entries.utf8.split(separator: UInt8(ascii: ",")).map { Entry(Substring($0)) }
    }

    var entry: WeightTable.Entry { WeightTable.Entry(intent: UInt8(intent.index), weight: weight) }
  }

  static let rows: [Row] = english + german + french + spanish + chinese

  /// One entry of a row. Thousands of them are read before the first detection, so it is done on bytes.
  struct Entry: Hashable, Sendable {
    /// Words one space apart, without the star.
    let text: String
    let isStem: Bool

    init(_ entry: Substring) {
      var bytes = entry.utf8.drop { $0 == UInt8(ascii: " ") }
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      isStem = bytes.last == UInt8(ascii: "*")
      text = String(Substring(isStem ? bytes.dropLast() : bytes))
    }

    /// The hashes that the detector sees for it: one, and another for umlauts written as two letters.
    var hashes: [UInt64] {
      let bytes = Array(text.utf8)
      let hash = Self.hash(bytes, spellsUmlautsOut: false)
      let spelledOut = Self.hash(bytes, spellsUmlautsOut: true)
      return hash == spelledOut ? [hash] : [hash, spelledOut]
    }

    private static func hash(_ bytes: [UInt8], spellsUmlautsOut: Bool) -> UInt64 {
      var word = WordHash()
      var run = CharacterRun()
      var characters = 0
      var index = 0
      while index < bytes.count {
        guard bytes[index] >= 0x80 else {
          word.append(bytes[index])
          index += 1
          continue
        }
        let (piece, size) = IntentText.piece(of: bytes.span, at: index)
        switch piece {
        case .letter(let letter):
          word.append(letter)
          if spellsUmlautsOut, size == 2, isUmlaut(bytes[index], bytes[index + 1]) {
            word.append(UInt8(ascii: "e"))
          }
        case .letters(let first, let second):
          word.append(first)
          word.append(second)
        case .character(let character):
          run.append(character)
          characters += 1
        case .separator, .nothing: break
        }
        index += size
      }
      guard characters > 0 else { return word.value }
      guard let hash = run.hash(ofLast: min(characters, CharacterRun.longest)),
        characters <= CharacterRun.longest
      else { preconditionFailure("the lexicon has a run of more than four characters") }
      return hash
    }

    /// ä, ö, ü.
    private static func isUmlaut(_ lead: UInt8, _ second: UInt8) -> Bool {
      lead == 0xC3 && (second == 0xA4 || second == 0xB6 || second == 0xBC)
    }
  }
}
