import Accounting
import Configuration
import Decisions
import Fleet
import GatewayTypes
import Health
import Routing
import TestSupport

@testable import Simulation

/// A ledger that a test writes by hand, with a companion where it wants one.
struct ReplayLog {
  let folder: TemporaryFolder
  private let log: UsageLog
  private let decisions: DecisionLog

  init() throws {
    folder = try TemporaryFolder()
    log = try UsageLog(path: folder.path + "/usage.log")
    decisions = DecisionLog(ofLedger: folder.path + "/usage.log", largestFile: 1_000_000_000)
  }

  var path: String { folder.path + "/usage.log" }

  /// 2026-11-21T09:00:00Z and so many milliseconds.
  static func time(_ milliseconds: Int) -> Timestamp {
    Timestamp(millisecondsSince1970: 1_795_251_600_000 + Int64(milliseconds))
  }

  /// Writes the line of a request that ended so many milliseconds after nine o'clock.
  func write(
    _ id: String, endedAt milliseconds: Int, latency: Int = 0, provider: String?, input: Int = 100,
    output: Int = 10, cost: Int, status: UsageRecord.Status = .success, fallbacks: [String] = [],
    user: String? = nil, key: String? = nil
  ) throws {
    var record = UsageRecord(time: Self.time(milliseconds), id: id, surface: "generate", status: status)
    record.provider = provider.map { ProviderID($0) }
    record.usage = TokenUsage(uncachedInput: input, output: output)
    record.cost = Money(picodollars: Int128(cost))
    record.latency = .milliseconds(latency)
    record.fallbacks = fallbacks.map { ProviderID($0) }
    record.user = user
    record.key = key
    record.intent = "general"
    var line: [UInt8] = []
    record.appendLine(to: &line)
    try log.append(line, lineCount: 1)
  }

  /// Writes the decision of a request, as the configuration took it with all well.
  func decide(
    _ id: String, endedAt milliseconds: Int, latency: Int = 0, _ request: RoutingRequest,
    under configuration: GatewayConfiguration, isStrategyAsked: Bool = false,
    attempts: [(provider: String, outcome: String, milliseconds: Int)]
  ) {
    let roster = Roster(configuration)
    let heading = DecisionHeading(
      candidates: roster.candidates,
      limits: configuration.providers.map { CallLimits(HealthPolicy($0, in: configuration)) },
      policy: RoutingPolicy(configuration)
    ).line
    let plan = Router.plan(request, roster: roster) { _ in ProviderStanding() }
    let start = MonotonicTime(nanoseconds: 0)
    var line: [UInt8] = []
    DecisionLine(
      request, plan, isStrategyAsked: isStrategyAsked, plannedAt: start, deadline: start + .seconds(60)
    ).append(
      to: &line, id: id, heading: heading.key, time: Self.time(milliseconds),
      endedAt: start + .milliseconds(latency), attemptCount: attempts.count
    ) { number in
      let attempt = attempts[number]
      let index = roster.candidates.firstIndex { $0.id.text == attempt.provider } ?? 0
      return (index, attempt.outcome, .milliseconds(attempt.milliseconds))
    }
    decisions.append(line, lineCount: 1, headings: [heading])
  }

  /// A file of providers; prices in picodollars a token.
  static func file(
    _ providers: [(name: String, input: Int, output: Int)],
    _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) -> GatewayConfiguration {
    var configuration = GatewayConfiguration()
    configuration.providers = providers.map { name, input, output in
      ProviderConfiguration(
        name: name, model: "m-\(name)",
        prices: Prices(
          input: Money(picodollars: Int128(input)), output: Money(picodollars: Int128(output))))
    }
    change(&configuration)
    return configuration
  }
}

extension LedgerReplay {
  /// Requests of a provider: in the log, and in the replay.
  func requests(_ provider: String) -> [Int] {
    let row = rows[ProviderID(provider)] ?? ReplayRow()
    return [row.old.requests, row.new.requests]
  }

  func newCost(_ provider: String) -> Int {
    Int(rows[ProviderID(provider)]?.new.cost.picodollars ?? 0)
  }

  func limitHits(_ provider: String) -> [Int] {
    let row = rows[ProviderID(provider)] ?? ReplayRow()
    return [row.old.limitHits, row.new.limitHits]
  }
}
