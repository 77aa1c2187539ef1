internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTPServer
internal import Synchronization

/// What all loops of the gateway share. Each part locks for itself, and for arithmetic only.
final class GatewayState: Sendable {
  let log: UsageLog
  /// Why each provider was chosen; nil where that is not kept.
  let decisions: DecisionLog?
  let journal: HealthJournal
  let totals: UsageTotals
  let history = RequestHistory()
  let budgets: Budgets
  let pages: StaticFiles
  let startedAt: MonotonicTime
  private let current: Mutex<GatewaySnapshot>
  private let draining = Atomic(false)

  init(
    snapshot: GatewaySnapshot, log: UsageLog, decisions: DecisionLog?, journal: HealthJournal,
    totals: UsageTotals, pages: StaticFiles, startedAt: MonotonicTime
  ) {
    current = Mutex(snapshot)
    budgets = Budgets(snapshot.budgetLimits)
    self.log = log
    self.decisions = decisions
    self.journal = journal
    self.totals = totals
    self.pages = pages
    self.startedAt = startedAt
  }

  /// The configuration in force.
  var snapshot: GatewaySnapshot {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  /// Whether the gateway ends and takes no new work.
  var isDraining: Bool { draining.load(ordering: .relaxed) }

  func beginDraining() {
    draining.store(true, ordering: .relaxed)
  }

  /// Why no request may be served because it could not be recorded; nil when it can, or when the
  /// configuration says to serve all the same.
  var ledgerRefusal: APIError? {
    guard case .failing = log.state, snapshot.configuration.ledger.onError == .refuse else { return nil }
    // The disk may have room again: the first request that finds so lets all others through.
    if (try? log.writeWaiting()) != nil, case .ok = log.state { return nil }
    return Self.ledgerError
  }

  static let ledgerError = APIError(
    503, .serviceUnavailable, code: "ledger_unavailable",
    message: "The usage log cannot be written, and no request is served unrecorded; GET /health says why.",
    retryAfterSeconds: 5)
}
