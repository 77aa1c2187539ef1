/// The lexicon as hash tables that are looked up with the hash of a word alone.
///
/// The words themselves are not kept: two of ours never share a hash (a test checks it), and one of the
/// caller's shares one of ours once in 10¹⁶ words.
struct IntentTable: Sendable {
  /// Made once, at the first detection.
  static let shared = IntentTable(rows: IntentLexicon.rows)

  /// Whole words, pairs of words, and runs of characters of scripts without spaces.
  private(set) var words: WeightTable
  /// What words begin with.
  private(set) var stems: WeightTable

  init(rows: [IntentLexicon.Row]) {
    var words: [(UInt64, WeightTable.Entry)] = []
    var stems: [(UInt64, WeightTable.Entry)] = []
    for row in rows {
      for entry in row.all {
        for hash in entry.hashes {
          if entry.isStem { stems.append((hash, row.entry)) } else { words.append((hash, row.entry)) }
        }
      }
    }
    self.words = WeightTable(places: words)
    self.stems = WeightTable(places: stems)
  }
}

/// Weights by hash, open addressing with linear probing.
struct WeightTable: Sendable {
  struct Entry: Hashable, Sendable {
    /// `Intent.index`.
    var intent: UInt8
    /// Zero: the place is empty.
    var weight: UInt8
  }

  private var hashes: [UInt64]
  private var entries: [Entry]
  /// A bit for each hash by its upper bits, eight bits a hash: clear for most that are not there.
  private var filter: [UInt64]
  private let mask: Int
  private let filterMask: Int

  /// The same hash may come more than once for one intent; the greater weight counts. Of several intents the
  /// first does.
  init(places: [(hash: UInt64, entry: Entry)]) {
    var size = 64
    // At most a quarter full, so that nearly every lookup ends at its first place.
    while size < places.count * 4 { size *= 2 }
    hashes = Array(repeating: 0, count: size)
    entries = Array(repeating: Entry(intent: 0, weight: 0), count: size)
    filter = Array(repeating: 0, count: size / 32)
    mask = size - 1
    filterMask = filter.count - 1
    for (hash, entry) in places { insert(hash, entry) }
  }

  private mutating func insert(_ hash: UInt64, _ entry: Entry) {
    var place = Int(truncatingIfNeeded: hash) & mask
    while entries[place].weight != 0, hashes[place] != hash { place = (place + 1) & mask }
    // A test refuses a lexicon in which it stands for another.
    guard entries[place].weight == 0 || entries[place].intent == entry.intent else { return }
    hashes[place] = hash
    entries[place] = Entry(intent: entry.intent, weight: max(entry.weight, entries[place].weight))
    filter[Int(truncatingIfNeeded: hash >> 46) & filterMask] |= 1 << (hash >> 58)
  }

  /// Whether `entry(for:)` may find something. Costs one load, from a small array.
  private func mayHold(_ hash: UInt64) -> Bool {
    filter[Int(truncatingIfNeeded: hash >> 46) & filterMask] & (1 << (hash >> 58)) != 0
  }

  /// The entry with this hash, or nil.
  func entry(for hash: UInt64) -> Entry? {
    guard mayHold(hash) else { return nil }
    var place = Int(truncatingIfNeeded: hash) & mask
    while entries[place].weight != 0 {
      if hashes[place] == hash { return entries[place] }
      place = (place + 1) & mask
    }
    return nil
  }
}
