package import Accounting
package import Configuration
internal import CurlClient
internal import Dispatch
internal import GatewayTypes
internal import Glibc
internal import HTTPServer
package import Reactor
internal import Synchronization

/// The whole gateway: opens the ledger and the sockets, runs a loop for each worker, and ends in order.
///
/// Safe to use from any thread.
package final class GatewayService: Sendable {
  /// Where things are, and what the process was given.
  package struct Setting: Sendable {
    /// The ledger's file.
    package var ledgerPath: String
    /// The dashboard's folder.
    package var uiFolder: String
    package var environment: [String: String]
    /// Told, in sentences and on any thread, what the operator should know.
    package var report: @Sendable (String) -> Void

    package init(
      ledgerPath: String, uiFolder: String, environment: [String: String],
      report: @escaping @Sendable (String) -> Void
    ) {
      self.ledgerPath = ledgerPath
      self.uiFolder = uiFolder
      self.environment = environment
      self.report = report
    }
  }

  /// Why the gateway cannot start.
  package enum StartError: Error, CustomStringConvertible {
    case ledger(UsageLogError)
    case address(String)
    case system(SystemError)

    package var description: String {
      switch self {
      case .ledger(let error): error.description
      case .address(let text): text
      case .system(let error): "the system refuses what a server needs: \(error)"
      }
    }
  }

  private let state: GatewayState
  private let environment: [String: String]
  private let workers: [GatewayWorker]
  private let keeper: LedgerKeeper
  private let inFlight: InFlightTable
  /// The port that is served: the one asked for, or the one that 0 found.
  package let port: Int
  /// Whether the ledger ended inside a line, as after a crash; that line was ended.
  package var endedTornLine: Bool { state.log.endedTornLine }
  /// What the ledger owed for requests that were in flight, or whose lines waited, when the gateway last ended.
  package let recovery: InFlightRecovery
  /// How the ledger was found at the start.
  package let opening: LedgerFollower.Opening
  package var workerCount: Int { workers.count }

  /// Starts to serve.
  package init(_ configuration: GatewayConfiguration, setting: Setting) throws(StartError) {
    raiseDescriptorLimit()
    // A client or provider that hangs up is an error of one call, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // A file at the process's size limit is met like a full disk: an error of one write, not the end.
    signal(SIGXFSZ, SIG_IGN)
    let workerCount = configuration.server.workers ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let snapshot = GatewaySnapshot(configuration, environment: setting.environment)
    let server = configuration.server
    let sockets: (descriptors: [Int32], port: Int)
    do throws(ListeningSocket.BindError) {
      sockets = try ListeningSocket.open(host: server.host, port: server.port, count: workerCount)
    } catch {
      throw .address(error.description)
    }
    let log: UsageLog
    let follower: LedgerFollower
    var partitions: [InFlightPartition] = []
    do throws(UsageLogError) {
      log = try UsageLog(path: setting.ledgerPath, rotationSize: configuration.ledger.rotateBytes)
      (inFlight, recovery) = try InFlightTable.open(for: log)
      follower = try LedgerFollower(log, scope: snapshot.budgetLimits.scope)
      for _ in 0..<workerCount { partitions.append(inFlight.makePartition()) }
    } catch {
      throw .ledger(error)
    }
    port = sockets.port
    environment = setting.environment
    state = GatewayState(
      snapshot: snapshot, log: log,
      decisions: configuration.ledger.decisionsBytes == 0
        ? nil
        : DecisionLog(ofLedger: setting.ledgerPath, largestFile: configuration.ledger.decisionsBytes),
      journal: HealthJournal(ledgerPath: setting.ledgerPath),
      totals: UsageTotals(since: .now(), shardCount: workerCount),
      pages: StaticFiles(folder: setting.uiFolder),
      startedAt: .now())
    // Before anything is served: what was spent and counted goes on from where the ledger ends.
    do throws(UsageLogError) {
      try state.totals.restore(from: follower, now: .now(), wallNow: .now())
      state.budgets.restore(try follower.spendings)
    } catch {
      throw .ledger(error)
    }
    var opening = follower.opening
    opening.messages += state.journal.restore(snapshot.providers)
    self.opening = opening
    state.journal.watch(snapshot.providers)
    do throws(SystemError) {
      var workers: [GatewayWorker] = []
      for (index, descriptor) in sockets.descriptors.enumerated() {
        workers.append(
          try GatewayWorker(index: index, listener: descriptor, state: state, inFlight: partitions[index]))
      }
      self.workers = workers
    } catch {
      throw .system(error)
    }
    keeper = LedgerKeeper(
      log: log, inFlight: inFlight, follower: follower, journal: state.journal,
      synchronizes: configuration.ledger.fsync == .interval, report: setting.report)
    keeper.begin()
  }

  /// Puts a new configuration in force for the requests that begin from now on. What is bound to the
  /// sockets and files that are open (host, port, workers, ledger path and mode) stays until a restart.
  package func reload(_ configuration: GatewayConfiguration) {
    let previous = state.snapshot
    let next = GatewaySnapshot(configuration, environment: environment, previous: previous)
    state.snapshot = next
    state.budgets.adopt(next.budgetLimits)
    state.journal.watch(next.providers)
    keeper.follower.adopt(next.budgetLimits.scope)
    let kept = Set(next.endpoints.map(ObjectIdentifier.init))
    for worker in workers {
      worker.retire(previous.endpoints.filter { !kept.contains(ObjectIdentifier($0)) })
    }
  }

  /// Opens the ledger's path anew, after a rotation.
  package func reopenLedger() throws(UsageLogError) {
    state.decisions?.reopen()
    try state.log.reopen()
  }

  /// Stops accepting, lets what runs finish for at most `drain_timeout`, and closes the ledger. Calls
  /// `completion` on some thread when all that is done, with what went wrong.
  package func drain(completion: @escaping @Sendable (UsageLogError?) -> Void) {
    state.beginDraining()
    let running = DispatchGroup()
    for worker in workers {
      running.enter()
      worker.drain { running.leave() }
    }
    let timeout = state.snapshot.configuration.server.drainTimeout
    let log = state.log
    let keeper = keeper
    let inFlight = inFlight
    keeper.end()
    DispatchQueue.global().async {
      _ = running.wait(timeout: .now() + .nanoseconds(Int(timeout.wholeNanoseconds)))
      var failure: UsageLogError?
      do throws(UsageLogError) { try log.close(keptIn: inFlight) } catch { failure = error }
      keeper.saveCheckpoint()
      keeper.saveHealth()
      completion(failure)
    }
  }
}

/// Raises the soft limit on open descriptors to the hard one: each client and each provider connection
/// takes one.
private func raiseDescriptorLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
