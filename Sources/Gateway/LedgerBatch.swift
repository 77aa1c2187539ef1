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
  private var lines: [UInt8] = []
  private var waiters: [UnsafeContinuation<UsageLogError?, Never>] = []

  /// A batch buffer larger than this is not kept.
  private static let maxKeptSize = 262_144
  /// Where fsync(2) waits for the disk, so that no loop does.
  private static let diskQueue = DispatchQueue(label: "tollgate.ledger.sync", qos: .userInitiated)

  init(log: UsageLog, loop: EventLoop, synchronizesAlways: Bool) {
    self.log = log
    self.loop = loop
    self.synchronizesAlways = synchronizesAlways
    loop.addTurnEndHandler(self)
  }

  /// Writes `record`; returns once it is in the file, and on the disk where `ledger.fsync` says `always`.
  func commit(_ record: UsageRecord) async throws(UsageLogError) {
    record.appendLine(to: &lines)
    try await written()
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
    guard synchronizesAlways, failure == nil else { return resume(waiting, with: failure) }
    synchronize(waiting)
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
