import Accounting
import Decisions
import GatewayTypes

/// The requests of a ledger in the order in which they were decided, each with its decision where one is kept.
///
/// The ledger is in the order in which requests ended, so some are held back; the companion is in much the
/// same order, so a few decisions wait for their line. Both are bounded: memory stays the same whatever the
/// ledger's size.
final class ReplaySource {
  private let walk: LedgerWalk
  private let decisions: DecisionReader
  /// Requests that were read and may have others before them.
  private var held = TimedQueue<ReplayRequest>()
  private var waiting: [String: Decision] = [:]
  /// The ids of `waiting` in the order read, with their times.
  private var waitingOrder: [(time: Timestamp, id: String)] = []
  private var waitingStart = 0
  /// A decision beyond those that the ledger has come to.
  private var ahead: Decision?
  private var decisionsEnded = false
  private var ledgerEnded = false
  /// Lines without a decision.
  private(set) var undecidedCount = 0

  /// A request that took longer than this may be decided again a little late.
  private static let heldSpan: Duration = .seconds(60)
  private static let maximumHeldCount = 32_768
  /// Lines of different loops may be out of order by as much, in milliseconds.
  private static let skew: Int64 = 2_000

  init(path: String, since: Timestamp?, until: Timestamp?) throws(UsageLogError) {
    walk = try LedgerWalk(path: path, since: since, until: until)
    decisions = try DecisionReader(ledger: path)
  }

  var size: Int { walk.size }
  var done: Int { walk.done }
  var garbledCount: Int { walk.garbledCount }

  /// When the next request was decided; nil when there is none.
  func nextTime() throws(UsageLogError) -> MonotonicTime? {
    try fill()
    return held.nextTime
  }

  func next() throws(UsageLogError) -> ReplayRequest? {
    try fill()
    return held.pop()?.element
  }

  /// Reads on until the earliest that is held can have none before it.
  private func fill() throws(UsageLogError) {
    while !ledgerEnded, held.count < Self.maximumHeldCount {
      if let first = held.nextTime, let lastRead, lastRead - first > Self.heldSpan { return }
      guard let entry = try walk.next() else {
        ledgerEnded = true
        return
      }
      let decision = try decision(of: entry)
      if decision == nil { undecidedCount += 1 }
      let request = ReplayRequest(entry, decision)
      let endedAt = MonotonicTime(entry.time)
      lastRead = max(lastRead ?? endedAt, endedAt)
      held.push(request, at: request.plannedAt)
    }
  }

  private var lastRead: MonotonicTime?

  private func decision(of entry: LedgerEntry) throws(UsageLogError) -> Decision? {
    try readDecisions(upTo: entry.time.millisecondsSince1970 + Self.skew)
    while waitingStart < waitingOrder.count {
      let (time, id) = waitingOrder[waitingStart]
      guard time.millisecondsSince1970 < entry.time.millisecondsSince1970 - 2 * Self.skew else { break }
      waiting[id] = nil
      waitingStart += 1
    }
    if waitingStart > 4_096, waitingStart * 2 > waitingOrder.count {
      waitingOrder.removeFirst(waitingStart)
      waitingStart = 0
    }
    return waiting.removeValue(forKey: entry.id)
  }

  private func readDecisions(upTo milliseconds: Int64) throws(UsageLogError) {
    while !decisionsEnded {
      if ahead == nil { ahead = try decisions.next() }
      guard let decision = ahead else {
        decisionsEnded = true
        return
      }
      guard decision.time.millisecondsSince1970 <= milliseconds else { return }
      waiting[decision.id] = decision
      waitingOrder.append((decision.time, decision.id))
      ahead = nil
    }
  }
}
