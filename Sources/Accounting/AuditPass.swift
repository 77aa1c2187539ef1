import GatewayTypes

/// One audit's way through the lines: the chain, the sums, and the checkpoint when its place comes.
struct AuditPass: ~Copyable {
  private(set) var state: LedgerState
  private let chain = ChainCheck()
  private var hasChain = false
  private let checkpoint: LedgerState?
  private var passedCheckpoint = false
  /// Whether the files that were first are not here any more.
  private let beginsLate: Bool
  private var scanner = LedgerScanner()
  private var ids = RecentIDs()
  /// Of the requests of the block that is taken in: their places, and the hashes of their ids.
  private var hashes: [(place: Int, hash: UInt64)] = []

  init(checkpoint: LedgerState?, beginsLate: Bool) {
    self.checkpoint = checkpoint
    self.beginsLate = beginsLate
    state = LedgerState(
      scope: checkpoint?.scope ?? SpendingScope(),
      groupLimit: checkpoint?.byProvider.limit ?? UsageTotals.defaultGroupLimit)
  }

  /// All requests, those before a reset included.
  var sum: UsageSum {
    var sum = state.setBack
    sum += state.total
    return sum
  }

  /// The last line's link; nil while there was none.
  var lastLink: ChainLink? { chain.lastLink }

  /// Something to be said of one line of a block.
  struct Remark {
    /// The line's place in the block.
    var place: Int
    var verdict: AuditVerdict
  }

  /// Takes in a block of lines; returns what is to be said of them, in their order.
  mutating func take(_ lines: [LogReader.Line]) -> [Remark] {
    var said: [Int: AuditVerdict] = [:]
    hashes.removeAll(keepingCapacity: true)
    let breaks = chain.check(lines) {
      for (place, line) in lines.enumerated() {
        if let verdict = take(line, place) { said[place] = verdict }
      }
      // All at once: each look waits for memory, and so they wait together.
      for (place, hash) in hashes where ids.hasSeen(hash) && said[place] == nil {
        said[place] = Self.duplicate
      }
    }
    guard !(said.isEmpty && breaks.places.isEmpty) else { return [] }
    // What else is wrong with the line says more, but that it was written before follows from it.
    for place in breaks.places where said[place] == nil || said[place] == Self.duplicate {
      said[place] = verdict(isFirst: place == breaks.first)
    }
    return said.sorted { $0.key < $1.key }.map { Remark(place: $0.key, verdict: $0.value) }
  }

  /// Takes in one line but for its link, and for whether it was there before; returns what is to be said of it.
  private mutating func take(_ line: LogReader.Line, _ place: Int) -> AuditVerdict? {
    let next = ChainLink(endOf: line.bytes)
    let kind = state.take(line, link: next, &scanner)
    if kind == .request { hashes.append((place, NameTable.hash(scanner.line.id))) }
    return checkAgainstCheckpoint() ?? verdict(kind, hasLink: next != nil)
  }

  /// What is to be said of a line as a part of the chain, whether its link fits or not.
  private mutating func verdict(_ kind: LedgerLineKind, hasLink: Bool) -> AuditVerdict? {
    guard hasLink else {
      if case .garbled(let reason) = kind {
        return .note("no line of the ledger, as a crash leaves it: \(reason)")
      }
      return hasChain ? .error("a line without its chain was put in") : .note("a line from before the chain")
    }
    hasChain = true
    guard case .garbled(let reason) = kind else { return nil }
    return .error("a line of the chain that says nothing: \(reason)")
  }

  private static let duplicate = AuditVerdict.error("this request was written before")

  /// What is to be said of a link that does not fit.
  private func verdict(isFirst: Bool) -> AuditVerdict {
    guard isFirst else {
      return .error(
        "the chain breaks: this line was changed, or lines before it were changed, removed or put in")
    }
    return beginsLate
      ? .note("the ledger begins here, with the link of files that are not here any more")
      : .error("the ledger's first line is changed, or lines before it are missing")
  }

  private mutating func checkAgainstCheckpoint() -> AuditVerdict? {
    guard let checkpoint, !passedCheckpoint, state.position == checkpoint.position else { return nil }
    passedCheckpoint = true
    // Its sums have lines in them that are not here to be added.
    if beginsLate && state.lineCount < checkpoint.lineCount { return nil }
    guard Checkpoint.encode(state) != Checkpoint.encode(checkpoint) else { return nil }
    let theirs = "\(checkpoint.lineCount) lines, \(checkpoint.everybody.total) USD"
    return .error(
      "the checkpoint says \(theirs), and the lines up to here are \(state.lineCount), \(state.everybody.total) USD"
    )
  }

  /// What is wrong when the checkpoint's place never came.
  var checkpointIsMissed: AuditVerdict? {
    guard let checkpoint, !passedCheckpoint, checkpoint.lineCount > 0 else { return nil }
    return .error("no line of the ledger ends where the checkpoint was made: lines are changed or missing")
  }
}

/// Whether an id came before, among the last hundred thousand or so: each id has one slot, which the next id of
/// that slot takes over. A line that a crash doubled stands close to the first, so it is found.
/// One megabyte, so that a look costs no trip to memory.
private struct RecentIDs {
  private static let slotCount = 1 << 17
  private var hashes = [UInt64](repeating: 0, count: RecentIDs.slotCount)

  /// Notes the id of this hash, and says whether it was there.
  mutating func hasSeen(_ hash: UInt64) -> Bool {
    let slot = Int(truncatingIfNeeded: hash >> 40) & (RecentIDs.slotCount - 1)
    // Never the zero of an empty slot.
    defer { hashes[slot] = hash | 1 }
    return hashes[slot] == hash | 1
  }
}
