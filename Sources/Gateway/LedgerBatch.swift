internal import Accounting
internal import Dispatch
internal import Reactor

/// Collects the ledger lines of one loop's turn and writes them in one go, before the answers leave.
///
/// A request awaits `commit`; when the turn has nothing more to run, all lines go out in one write and
/// everyone who waits goes on. So the ledger costs a share of a system call a request, and no answer is
/// sent whose line is not in the file.
final class LedgerBatch: TurnEndHandler {
  private let log: UsageLog
  private let loop: EventLoop
  private let synchronizesAlways: Bool
  /// Where decisions go; nil where none are kept.
  private let decisions: DecisionLog?
  private var lines: [UInt8] = []
  private var decisionLines: [UInt8] = []
  private var decisionCount = 0
  /// Those that `decisionLines` refer to: one, but for a turn in which the configuration changed.
  private var headings: [DecisionLog.Heading] = []
  private var waiters: [UnsafeContinuation<UsageLogError?, Never>] = []

  /// A batch buffer larger than this is not kept.
  private static let maxKeptSize = 262_144
  /// Where fsync(2) waits for the disk, so that no loop does.
  private static let diskQueue = DispatchQueue(label: "tollgate.ledger.sync", qos: .userInitiated)

  init(log: UsageLog, decisions: DecisionLog?, loop: EventLoop, synchronizesAlways: Bool) {
    self.log = log
    self.decisions = decisions
    self.loop = loop
    self.synchronizesAlways = synchronizesAlways
    loop.addTurnEndHandler(self)
  }

  /// Writes `record`; returns once it is in the file, and on the disk where `ledger.fsync` says `always`.
  func commit(_ record: UsageRecord) async throws(UsageLogError) {
    record.appendLine(to: &lines)
    try await written()
  }

  /// Has the line of a decision written along with those of the ledger. Whether it is changes nothing for the
  /// request: `DecisionLog` counts what it loses.
  func note(heading: DecisionLog.Heading, _ append: (inout [UInt8]) -> Void) {
    guard decisions != nil else { return }
    append(&decisionLines)
    decisionCount += 1
    if headings.last?.key != heading.key { headings.append(heading) }
  }

  /// Writes a line that is no request's, its newline included.
  func commit(_ line: [UInt8]) async throws(UsageLogError) {
    lines += line
    try await written()
  }

  private func written() async throws(UsageLogError) {
    let error = await withUnsafeContinuation { waiters.append($0) }
    if let error { throw error }
  }

  func turnEnded() {
    guard !waiters.isEmpty else { return }
    let waiting = waiters
    waiters.removeAll(keepingCapacity: true)
    var failure: UsageLogError?
    do throws(UsageLogError) {
      try log.append(lines, lineCount: waiting.count)
    } catch {
      failure = error
    }
    if lines.capacity > Self.maxKeptSize { lines = [] } else { lines.removeAll(keepingCapacity: true) }
    writeDecisions()
    guard synchronizesAlways, failure == nil else { return resume(waiting, with: failure) }
    synchronize(waiting)
  }

  private func writeDecisions() {
    guard decisionCount > 0, let decisions else { return }
    decisions.append(decisionLines, lineCount: decisionCount, headings: headings)
    decisionCount = 0
    if headings.count > 1 { headings.removeFirst(headings.count - 1) }
    if decisionLines.capacity > Self.maxKeptSize {
      decisionLines = []
    } else {
      decisionLines.removeAll(keepingCapacity: true)
    }
  }

  private func resume(_ waiting: [UnsafeContinuation<UsageLogError?, Never>], with failure: UsageLogError?) {
    for waiter in waiting { waiter.resume(returning: failure) }
  }

  private func synchronize(_ waiting: [UnsafeContinuation<UsageLogError?, Never>]) {
    let log = log
    Self.diskQueue.async {
      var failure: UsageLogError?
      do throws(UsageLogError) { try log.synchronize() } catch { failure = error }
      // A continuation may be resumed from any thread: its task goes on on its own loop.
      for waiter in waiting { waiter.resume(returning: failure) }
    }
  }
}
