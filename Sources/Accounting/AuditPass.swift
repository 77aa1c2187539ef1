import GatewayTypes

/// One audit's way through the lines: the chain, the sums, and the checkpoint when its place comes.
struct AuditPass {
  private(set) var state: LedgerState
  /// All requests, those before a reset included.
  private(set) var sum = UsageSum()
  private(set) var link = ChainLink.genesis
  private(set) var hasChain = false
  private let checkpoint: LedgerState?
  private var passedCheckpoint = false
  /// Whether the files that were first are not here any more.
  private let beginsLate: Bool
  private let scanner = LedgerScanner()
  private var ids = RecentIDs()

  init(checkpoint: LedgerState?, beginsLate: Bool) {
    self.checkpoint = checkpoint
    self.beginsLate = beginsLate
    state = LedgerState(
      scope: checkpoint?.scope ?? SpendingScope(),
      groupLimit: checkpoint?.byProvider.limit ?? UsageTotals.defaultGroupLimit)
  }

  /// Takes in one line; returns what is to be said of it.
  mutating func take(_ line: LogReader.Line) -> AuditVerdict? {
    let next = ChainLink(endOf: line.bytes)
    let kind = state.take(line, link: next, scanner)
    let verdict = follow(line, kind, next)
    if kind == .request {
      sum += scanner.line.sum
      if ids.hasSeen(scanner.line.id) { return verdict ?? .error("this request was written before") }
    }
    return checkAgainstCheckpoint() ?? verdict
  }

  /// Checks the line's link, and goes on from it in any case, so that one break is told once.
  private mutating func follow(
    _ line: LogReader.Line, _ kind: LedgerLineKind, _ next: ChainLink?
  ) -> AuditVerdict? {
    guard let next else {
      if case .garbled(let reason) = kind {
        return .note("no line of the ledger, as a crash leaves it: \(reason)")
      }
      return hasChain ? .error("a line without its chain was put in") : .note("a line from before the chain")
    }
    let content = UnsafeRawBufferPointer(rebasing: line.bytes[..<(line.bytes.count - ChainLink.suffixSize)])
    let isFirst = !hasChain
    let fits = link.next(content) == next
    (link, hasChain) = (next, true)
    if case .garbled(let reason) = kind { return .error("a line of the chain that says nothing: \(reason)") }
    guard !fits else { return nil }
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

  mutating func hasSeen(_ id: UnsafeRawBufferPointer) -> Bool {
    let hash = NameTable.hash(id) | 1
    let slot = Int(truncatingIfNeeded: hash >> 40) & (RecentIDs.slotCount - 1)
    defer { hashes[slot] = hash }
    return hashes[slot] == hash
  }
}
