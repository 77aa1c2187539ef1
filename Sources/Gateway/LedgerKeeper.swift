internal import Accounting
internal import Dispatch
internal import Synchronization

/// Looks after the ledger beside the requests: flushes it, writes what a full disk refused, and saves the
/// checkpoint that makes the next start short. On a thread of its own; safe to use from any.
final class LedgerKeeper: Sendable {
  private let log: UsageLog
  private let inFlight: InFlightTable
  let follower: LedgerFollower
  private let journal: HealthJournal
  private let synchronizes: Bool
  private let healthFailed = Atomic(false)
  /// Told of what is wrong with the ledger, in sentences.
  private let report: @Sendable (String) -> Void
  // Safe: a Dispatch source may be used from any thread; it is only not marked so.
  nonisolated(unsafe) private let timer: any DispatchSourceTimer

  /// How often the ledger is flushed where `ledger.fsync` is `interval`, and looked after in any case.
  private static let interval: DispatchTimeInterval = .seconds(1)
  /// A start reads at most what was written in so many intervals, some 100 ms of reading on a busy day. The lines
  /// are read back in every one, so that this never takes a core from the loops for long.
  private static let intervalsPerCheckpoint = 10

  init(
    log: UsageLog, inFlight: InFlightTable, follower: LedgerFollower, journal: HealthJournal,
    synchronizes: Bool, report: @escaping @Sendable (String) -> Void
  ) {
    self.log = log
    self.inFlight = inFlight
    self.follower = follower
    self.journal = journal
    self.synchronizes = synchronizes
    self.report = report
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "tollgate.ledger", qos: .utility))
  }

  func begin() {
    var intervalCount = 0
    timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval, leeway: .milliseconds(100))
    timer.setEventHandler { [self] in
      // A failure shows in the log's state, which /health and every request look at.
      if case .failing = log.state { try? log.writeWaiting() }
      if synchronizes { try? log.synchronize() }
      // Tried again the next time where it fails.
      try? inFlight.clearOwed(writtenTo: log)
      saveHealth()
      intervalCount += 1
      if intervalCount.isMultiple(of: Self.intervalsPerCheckpoint) { saveCheckpoint() } else { follow() }
    }
    timer.activate()
  }

  /// Takes in what was written since.
  private func follow() {
    // A file that cannot be read is told of when the checkpoint is saved.
    for complaint in (try? follower.advance()) ?? [] { report(complaint) }
  }

  /// Saves what the ledger has come to. To be called once more after the log is closed.
  func saveCheckpoint() {
    do throws(UsageLogError) {
      for complaint in try follower.advance() { report(complaint) }
      try follower.saveCheckpoint()
    } catch {
      // Nothing is lost: the next start reads more.
      report("the checkpoint is not saved: \(error)")
    }
  }

  /// Saves the providers' health, where it has changed. To be called once more at the end.
  func saveHealth() {
    do throws(UsageLogError) {
      try journal.save()
    } catch {
      // A full disk shows in the ledger's state; anything else is told once.
      guard !healthFailed.exchange(true, ordering: .relaxed) else { return }
      report("the providers' health is not saved: \(error)")
    }
  }

  func end() {
    timer.cancel()
  }
}
