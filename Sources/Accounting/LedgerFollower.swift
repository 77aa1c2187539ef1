import GatewayTypes
import Synchronization

/// Reads the ledger behind those who write it, keeps its sums, and saves them as the checkpoint.
///
/// The checkpoint is made from what is in the file, never from what the gateway believes it wrote; so it
/// cannot differ from the ledger, and each line is read back once while the gateway runs. That costs a third
/// of a microsecond a line, on a thread of its own: too little to keep the sums a second time as lines are
/// appended, which would have to agree with this whatever a failed write, a reopened file or another hand did
/// to the file. Safe to use from any thread: one at a time works.
package final class LedgerFollower: Sendable {
  /// How the start found the ledger.
  package struct Opening: Hashable, Sendable {
    /// Whether only the lines behind a checkpoint were read.
    package var usedCheckpoint = false
    /// Lines that were read.
    package var linesRead = 0
    /// What the operator should know, in sentences.
    package var messages: [String] = []
  }

  package let opening: Opening
  private let log: UsageLog
  private let storage: Mutex<Storage>

  private struct Storage {
    var state: LedgerState
    var reader: LogReader?
    /// The last position that was saved.
    var saved: LedgerState.Position?
    /// What is wrong with lines that were read, for the log's owner to say.
    var complaints: [String] = []
  }

  /// At most so many bad lines are described; all are counted.
  private static let maximumComplaintCount = 20

  /// Adds up the ledger of `log`: from its checkpoint on where there is a good one, else all of it.
  ///
  /// `scope` is what the budgets in force need. Reads as long as that takes: a million lines a second.
  package init(_ log: UsageLog, scope: SpendingScope) throws(UsageLogError) {
    self.log = log
    var opening = Opening()
    var storage = Storage(state: LedgerState(scope: scope))
    if let state = LedgerFollower.checkpoint(of: log.path, covering: scope, &opening.messages) {
      if let reader = try LedgerFollower.reader(at: state.position, of: log.path) {
        (storage.state, storage.reader, storage.saved) = (state, reader, state.position)
        opening.usedCheckpoint = true
      } else {
        opening.messages.append(
          "the checkpoint is of another ledger, or the ledger was changed; all of it is read")
      }
    }
    let before = storage.state.lineCount
    try LedgerFollower.advance(&storage, log)
    opening.linesRead = storage.state.lineCount - before
    opening.messages += storage.complaints
    storage.complaints = []
    self.opening = opening
    self.storage = Mutex(storage)
  }

  /// What each party has spent, for `Budgets.restore`.
  package var spendings: [(party: BudgetParty, spending: Spending)] {
    get throws(UsageLogError) { try state.spendings }
  }

  /// What is added up, for `UsageTotals.restore`: with the lines, and the newline, that wait for room on the disk,
  /// which is what a crash left owing as long as nothing is served. They are as good as written.
  var state: LedgerState {
    get throws(UsageLogError) {
      let (kept, unended) = storage.withLock { storage in
        (storage.state, storage.reader.map { Array($0.unended) } ?? [])
      }
      var state = kept
      var scanner = LedgerScanner()
      // A line whose newline a full disk had no room for: it is there.
      unended.withUnsafeBytes { line in
        if scanner.scan(line) == .request { state.add(scanner.line) }
      }
      try log.forEachWaitingLine { line in
        if scanner.scan(line) == .request { state.add(scanner.line) }
      }
      return state
    }
  }

  /// Reads what was appended since; returns what is wrong with lines that were found, in sentences.
  package func advance() throws(UsageLogError) -> [String] {
    try storage.withLock { storage throws(UsageLogError) in
      try LedgerFollower.advance(&storage, log)
      defer { storage.complaints = [] }
      return storage.complaints
    }
  }

  /// Saves the sums, unless nothing was added since the last time.
  package func saveCheckpoint() throws(UsageLogError) {
    let (state, isSaved) = storage.withLock { ($0.state, $0.saved == $0.state.position) }
    guard !isSaved else { return }
    // Outside the lock: the disk may take its time.
    try Checkpoint.save(state, to: Checkpoint.path(ofLedger: log.path))
    storage.withLock { $0.saved = state.position }
  }

  /// Takes in what other budgets need; what was not added up so far is read anew at the next `advance`.
  package func adopt(_ scope: SpendingScope) {
    storage.withLock { storage in
      guard !storage.state.scope.covers(scope) else { return }
      storage.state = LedgerState(scope: scope)
      storage.reader = nil
    }
  }

  private static func checkpoint(
    of path: String, covering scope: SpendingScope, _ messages: inout [String]
  ) -> LedgerState? {
    do throws(CheckpointError) {
      guard let state = try Checkpoint.load(Checkpoint.path(ofLedger: path)) else { return nil }
      guard !state.scope.covers(scope) else { return state }
      messages.append("there are budgets that the checkpoint does not know; all of the ledger is read")
    } catch {
      switch error {
      case .damaged: messages.append("the checkpoint is damaged; all of the ledger is read")
      case .unreadable(let error): messages.append("\(error); all of the ledger is read")
      }
    }
    return nil
  }

  /// A reader that stands at `position`; nil when no file has the position's link there.
  static func reader(at position: LedgerState.Position, of path: String) throws(UsageLogError) -> LogReader? {
    for file in try LogFiles.open(of: path).reversed() {
      guard try file.size() >= position.offset, try file.isLineStart(position.offset),
        try file.lastLink(before: position.offset) == position.link
      else { continue }
      return LogReader(file, from: position.offset)
    }
    return nil
  }

  /// Reads on to the ledger's end, over as many files as it takes.
  private static func advance(_ storage: inout Storage, _ log: UsageLog) throws(UsageLogError) {
    var scanner = LedgerScanner()
    while true {
      // Asked before reading: when another file is live by now, nothing is added to this one any more.
      let live = try liveIdentity(of: log)
      if storage.reader == nil {
        storage.reader = try LogFiles.open(of: log.path).first.map { LogReader($0) }
      }
      guard let reader = storage.reader else { return }
      var counted = (offset: 0, lines: 0)
      while let line = try reader.next() {
        guard case .garbled(let reason) = storage.state.take(line, &scanner) else { continue }
        guard storage.complaints.count < maximumComplaintCount else { continue }
        // Reading began somewhere in the file, so what stands before is counted now that somebody asks.
        counted.lines += try reader.file.newlineCount(from: counted.offset, to: line.offset)
        counted.offset = line.offset
        complain(&storage, "\(reader.file.path):\(counted.lines + 1): \(reason)")
      }
      guard let live, reader.file.identity != live else { return }
      if reader.endsInsideLine { complain(&storage, "\(reader.file.path) ends inside a line") }
      let files = try LogFiles.open(of: log.path)
      let index = files.firstIndex { $0.identity == reader.file.identity }
      if index == nil { complain(&storage, "a rotated file was removed before what followed it was read") }
      guard let next = index.map({ files[($0 + 1)...].first }) ?? files.last else { return }
      storage.reader = LogReader(next)
    }
  }

  private static func liveIdentity(of log: UsageLog) throws(UsageLogError) -> LogFile.Identity? {
    if let current = log.current { return current.file.identity }
    // A closed log writes nothing any more: the file of its name is the last.
    return try LogFile.openForReading(log.path)?.identity
  }

  private static func complain(_ storage: inout Storage, _ text: String) {
    guard storage.complaints.count < maximumComplaintCount else { return }
    storage.complaints.append(text)
  }
}

extension LogFile {
  /// Whether a line begins at `offset`.
  fileprivate func isLineStart(_ offset: Int) throws(UsageLogError) -> Bool {
    guard offset > 0 else { return true }
    return try bytes(from: offset - 1, to: offset) == [UInt8(ascii: "\n")]
  }
}
