package import Accounting
package import Configuration
import Fleet
package import GatewayTypes
import Health
import Routing

/// Decides the requests of a ledger again, under another file, with the router and the health that serve.
///
/// A simulation of events on the clock of the log: nobody is asked. What the log tells of an attempt happens
/// again when the request goes to the same provider. A request that goes elsewhere fails there where the log
/// has that provider failing at the time, and else is answered after the time that was expected. Limits,
/// cooldowns, breakers and concurrency follow from what the replay itself sends.
package struct LedgerReplay {
  /// By provider; requests that nobody answered and no provider was asked for are in `nobody`.
  package private(set) var rows: [ProviderID: ReplayRow] = [:]
  package private(set) var nobody = ReplayRow()
  package private(set) var requestCount = 0
  /// Went to another provider than in the log.
  package private(set) var movedCount = 0
  /// Could not be decided again (`unknown`, `cached`): on both sides as they are.
  package private(set) var keptCount = 0
  /// Had no decision beside the ledger, so that what was asked is taken from their line.
  package private(set) var undecidedCount = 0
  /// Were answered although the log has no tokens for them: their cost is that of the expected tokens.
  package private(set) var estimatedCount = 0
  package private(set) var garbledCount = 0

  private let configuration: GatewayConfiguration
  private let roster: Roster
  private let policy: RoutingPolicy
  private let providers: [ReplayProvider]
  private let healths: HealthTable
  private var learned: LearnedRouting
  private let byID: [ProviderID: Int]
  private let strategy: RankingStrategy
  private let models: [String: [String]]
  private var running = TimedQueue<ReplayRun>()
  private var clock = MonotonicTime(nanoseconds: .min)

  /// Of one that nothing is known of; as the router takes it.
  private static let unknownLatency: Duration = .seconds(1)
  private static let requestsPerProgress = 4_096

  /// Replays the ledger at `path` under `configuration`. `progress` is told how many of how many bytes are done.
  package init(
    ledger path: String, under configuration: GatewayConfiguration, since: Timestamp? = nil,
    until: Timestamp? = nil, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(UsageLogError) {
    self.configuration = configuration
    roster = Roster(configuration)
    policy = RoutingPolicy(configuration)
    providers = configuration.providers.map { ReplayProvider($0, in: configuration) }
    healths = HealthTable(providers.map(\.health))
    learned = LearnedRouting(configuration)
    byID = Dictionary(uniqueKeysWithValues: configuration.providers.enumerated().map { ($1.id, $0) })
    guard let strategy = RankingStrategy(rawValue: configuration.routing.strategy.rawValue) else {
      preconditionFailure("the file's strategies are the router's")
    }
    self.strategy = strategy
    models = Dictionary(configuration.keys.map { ($0.name, $0.models) }) { first, _ in first }

    let source = try ReplaySource(path: path, since: since, until: until)
    while let arrival = try source.nextTime() {
      finishRunning(until: arrival)
      guard let request = try source.next() else { break }
      begin(request)
      if requestCount.isMultiple(of: Self.requestsPerProgress) { progress(source.done, source.size) }
    }
    finishRunning(until: .distantFuture)
    undecidedCount = source.undecidedCount
    garbledCount = source.garbledCount
    progress(source.size, source.size)
  }

  /// All providers and nobody together.
  package var total: ReplayRow {
    rows.values.reduce(into: nobody) { total, row in
      total.old += row.old
      total.new += row.new
    }
  }

  /// What the new file would have cost more; negative where it would have cost less.
  package var difference: Money { total.new.cost - total.old.cost }

  // MARK: One request

  private mutating func begin(_ request: ReplayRequest) {
    requestCount += 1
    clock = max(clock, request.plannedAt)
    countOld(request)
    guard request.isDecidable else {
      keptCount += 1
      return countNew(request.provider, cost: request.cost, nanoseconds: request.nanoseconds)
    }
    noteAttempts(of: request)
    var routing = request.routing
    if !request.isStrategyAsked { routing.strategy = strategy }
    routing.allowedModels = request.key.flatMap { models[$0] } ?? ["*"]
    if !request.embeds { routing.usualAnswer = learned.usualAnswer(request.kind, now: clock) }
    routing.warmProvider = learned.warmProvider(for: request.warmKey(routing), now: clock)
    let plan = Router.plan(
      routing, roster: roster, policy: policy, healths: healths, kind: request.kind, now: clock)
    for left in plan.leftOut where left.reason.isLimit { countLimit(left.index) }
    let timeout = request.timeout ?? configuration.routing.timeout
    tryNext(ReplayRun(request, routing, plan, deadline: clock + timeout))
  }

  /// Tells the providers what the log has of them.
  private func noteAttempts(of request: ReplayRequest) {
    var time = request.plannedAt
    for attempt in request.attempts {
      time = time + attempt.latency
      guard let index = byID[attempt.provider] else { continue }
      providers[index].note(attempt.outcome, at: time, latency: attempt.latency)
    }
  }

  /// Sends a request to the next provider of its plan that takes it.
  private mutating func tryNext(_ run: ReplayRun) {
    while let choice = run.choice {
      guard clock < run.deadline else { break }
      let provider = providers[choice.index]
      guard let permit = provider.health.acquire(tokens: run.request.routing.inputTokens, now: clock) else {
        countLimit(choice.index)
        run.goOn()
        continue
      }
      let (outcome, latency) = self.outcome(of: run, at: provider, expected: choice.expectedNanoseconds)
      run.begin(permit, outcome, latency: latency, at: choice)
      running.push(run, at: clock + latency)
      return
    }
    // Nobody answered. What failed attempts used is paid for all the same.
    let last = run.lastTried.map { providers[$0.index].configuration }
    let usage = run.request.usage
    countNew(
      last?.id, cost: usage.total > 0 ? last?.prices.cost(of: usage) ?? .zero : .zero, nanoseconds: nil)
    if run.request.provider != last?.id { movedCount += 1 }
  }

  private func outcome(
    of run: ReplayRun, at provider: ReplayProvider, expected: Int64?
  ) -> (ReplayOutcome, Duration) {
    let request = run.request
    let recorded = request.attempts.filter { $0.provider == provider.configuration.id }
    if let attempt = recorded.dropFirst(run.retries).first ?? recorded.last {
      return (attempt.outcome, attempt.latency)
    }
    let latency = expected.map { Duration.nanoseconds($0) } ?? Self.unknownLatency
    if let last = request.attempts.last, last.outcome.isRequestsOwn { return (last.outcome, last.latency) }
    if let outage = provider.outage(at: clock) { return (.failure(outage.failure), outage.latency) }
    return (.success, latency)
  }

  // MARK: What ends

  private mutating func finishRunning(until time: MonotonicTime) {
    while let next = running.nextTime, next <= time, let (run, endedAt) = running.pop() {
      clock = max(clock, endedAt)
      finish(run)
    }
  }

  /// Answers the attempt's permit; then the request has its answer, or goes on.
  private mutating func finish(_ run: ReplayRun) {
    guard let (choice, outcome) = run.end(usage: usage(of: run.request), now: clock) else { return }
    let provider = providers[choice.index].configuration
    switch outcome {
    case .success:
      learn(from: run, at: choice.index)
      count(run, at: provider, choice)
    case .cancelled, .failure(.invalidRequest): count(run, at: provider, choice)
    // A stream that broke off after its caller had some of it: there was no way back.
    case .failure where run.request.status == .partial && provider.id == run.request.provider:
      count(run, at: provider, choice)
    case .unsupported:
      run.goOn()
      tryNext(run)
    case .failure(let failure):
      if run.retries < provider.retries, failure.mayPassOnRetry { run.retryAgain() } else { run.goOn() }
      tryNext(run)
    }
  }

  /// What the gateway would know from an answer. Whether one was cut at its bound is not in the log.
  private mutating func learn(from run: ReplayRun, at index: Int) {
    let request = run.request
    if !request.embeds, request.usage.total > 0 {
      learned.learn(
        tokens: request.usage.output / max(1, request.routing.choiceCount), isCut: false, request.kind,
        by: providers[index].health, now: clock)
    }
    learned.noteWarm(index, for: request.warmKey(run.routing), now: clock)
  }

  private mutating func count(_ run: ReplayRun, at provider: ProviderConfiguration, _ choice: RankedCandidate)
  {
    let request = run.request
    var cost = Money.zero
    if request.usage.total > 0 || request.status == .success {
      cost = provider.prices.cost(of: request.usage)
    } else if request.status == .error, run.isAnswered {
      // The log has no tokens of a request that nobody answered then.
      cost = provider.prices.cost(of: usage(of: request))
      estimatedCount += 1
    }
    countNew(
      provider.id, cost: cost,
      nanoseconds: choice.expectedNanoseconds ?? Self.unknownLatency.wholeNanoseconds)
    if provider.id != request.provider { movedCount += 1 }
  }

  /// What the request used, or would be expected to.
  private func usage(of request: ReplayRequest) -> TokenUsage {
    guard request.usage.total == 0 else { return request.usage }
    let routing = request.routing
    let answer = min(routing.outputTokens, routing.maxOutputTokens ?? .max)
    return TokenUsage(
      uncachedInput: routing.inputTokens, output: answer * max(1, routing.choiceCount), isEstimated: true)
  }

  // MARK: Counting

  private mutating func countOld(_ request: ReplayRequest) {
    if let provider = request.provider {
      rows[provider, default: ReplayRow()].old.add(cost: request.cost, nanoseconds: request.nanoseconds)
    } else {
      nobody.old.add(cost: request.cost, nanoseconds: nil)
    }
    for provider in request.limited ?? [] { rows[provider, default: ReplayRow()].old.limitHits += 1 }
  }

  private mutating func countNew(_ provider: ProviderID?, cost: Money, nanoseconds: Int64?) {
    if let provider {
      rows[provider, default: ReplayRow()].new.add(cost: cost, nanoseconds: nanoseconds)
    } else {
      nobody.new.add(cost: cost, nanoseconds: nil)
    }
  }

  private mutating func countLimit(_ index: Int) {
    rows[providers[index].configuration.id, default: ReplayRow()].new.limitHits += 1
  }
}

extension FailureClass {
  /// As in the gateway; a 429 whose `Retry-After` nobody kept goes to the next.
  fileprivate var mayPassOnRetry: Bool {
    switch self {
    case .transient, .timeout, .malformedResponse: true
    case .rateLimited, .quotaExceeded, .credential, .modelNotFound, .invalidRequest, .contextTooLong: false
    }
  }
}
