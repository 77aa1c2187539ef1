/// The lexicon as a hash table that is looked up with the hash of a word alone.
///
/// The words themselves are not kept: two of ours never share a hash (a test checks it), and one of the
/// caller's shares one of ours once in 10¹⁶ words.
struct IntentTable: Sendable {
  /// Made once, at the first detection.
  static let shared = IntentTable(rows: IntentLexicon.rows)

  struct Entry: Sendable {
    /// `Intent.index`.
    var intent: UInt8
    /// Zero: the place is empty.
    var weight: UInt8
  }

  private var hashes: [UInt64]
  private var entries: [Entry]
  private let mask: Int

  init(rows: [IntentLexicon.Row]) {
    let words = rows.flatMap { row in row.words.map { (row, $0) } }
    var size = 64
    // At most a quarter full, so that nearly every lookup ends at its first place.
    while size < words.count * 4 { size *= 2 }
    hashes = Array(repeating: 0, count: size)
    entries = Array(repeating: Entry(intent: 0, weight: 0), count: size)
    mask = size - 1
    for (row, word) in words { insert(WordHash(of: word).value, row) }
  }

  private mutating func insert(_ hash: UInt64, _ row: IntentLexicon.Row) {
    var place = Int(truncatingIfNeeded: hash) & mask
    while entries[place].weight != 0 {
      precondition(hashes[place] != hash, "the lexicon has an entry twice, or two of one hash")
      place = (place + 1) & mask
    }
    hashes[place] = hash
    entries[place] = Entry(intent: UInt8(row.intent.index), weight: row.weight)
  }

  /// The entry with this hash, or nil.
  func entry(for word: WordHash) -> Entry? {
    var place = Int(truncatingIfNeeded: word.value) & mask
    while entries[place].weight != 0 {
      if hashes[place] == word.value { return entries[place] }
      place = (place + 1) & mask
    }
    return nil
  }
}

/// The FNV-1a hash of a word, byte by byte: http://www.isthe.com/chongo/tech/comp/fnv/
struct WordHash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  init() {}

  init(of word: String) {
    for byte in word.utf8 { append(byte) }
  }

  mutating func append(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
