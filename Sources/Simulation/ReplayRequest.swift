import Accounting
import Decisions
import GatewayTypes
import Health
import Routing

/// A request of the log, to be decided again.
struct ReplayRequest {
  /// One try that the log tells of.
  struct Attempt {
    var provider: ProviderID
    var outcome: ReplayOutcome
    var latency: Duration
  }

  /// When it was decided; nanoseconds since 1970, as all times of a replay.
  var plannedAt: MonotonicTime
  /// As the router saw it, but for the key's models and the file's strategy.
  var routing: RoutingRequest
  var isStrategyAsked: Bool
  /// From the decision on; nil where the log does not tell.
  var timeout: Duration?
  var user: String?
  /// The client key's name.
  var key: String?
  var status: UsageRecord.Status
  /// The provider that answered, or was asked last.
  var provider: ProviderID?
  var usage: TokenUsage
  var cost: Money
  var attempts: [Attempt]
  /// What the provider was expected to take, or what the request took where no decision is kept.
  var nanoseconds: Int64?
  /// The providers whose limits were in the way; nil where no decision is kept.
  var limited: [ProviderID]?

  /// Whether it can be decided again: one that a crash cut short has no outcome, and a cached one had no choice.
  var isDecidable: Bool { status != .unknown && status != .cached }

  /// Asks for no text.
  var embeds: Bool { routing.needs.contains(.embeddings) }
  /// Which answers are alike in length.
  var kind: RequestKind { RequestKind(routing.intent) }

  /// What may share a warm provider with it, planned as `routing`.
  func warmKey(_ routing: RoutingRequest) -> WarmProviders.Key? {
    user.map { WarmProviders.Key(user: $0, model: routing.model, strategy: routing.strategy) }
  }

  /// No request takes longer than a day; a line that says so is not believed.
  private static func latency(_ milliseconds: Int) -> Duration {
    .milliseconds(min(max(0, milliseconds), 86_400_000))
  }

  /// From its ledger line, and its decision where one is kept.
  init(_ entry: LedgerEntry, _ decision: Decision?) {
    user = entry.user
    key = entry.key
    status = entry.status
    provider = entry.provider
    usage = entry.usage
    cost = entry.cost
    let latency = Self.latency(entry.latencyMilliseconds ?? 0)
    if let decision {
      plannedAt = decision.plannedAt
      routing = decision.request
      routing.model = decision.model
      routing.random = RoutingRequest.drawBits(of: entry.id)
      isStrategyAsked = decision.isStrategyAsked
      timeout = decision.deadline
      attempts = decision.attempts.compactMap { attempt in
        ReplayOutcome(word: attempt.outcome).map {
          Attempt(
            provider: attempt.provider, outcome: $0, latency: Self.latency(attempt.latencyMilliseconds))
        }
      }
      let answered = decision.candidates.first {
        decision.roster.candidates[$0.index].id == entry.provider
      }
      nanoseconds = answered?.expectedNanoseconds
      limited = decision.candidates.filter { $0.reason?.isLimit == true }.map {
        decision.roster.candidates[$0.index].id
      }
      return
    }
    plannedAt = MonotonicTime(entry.time) - latency
    var needs: CapabilitySet = entry.surface == "openai.embeddings" ? [.embeddings] : [.chat]
    if entry.isStream { needs.insert(.streaming) }
    routing = RoutingRequest(
      intent: entry.intent.flatMap { Intent(rawValue: $0) } ?? .general, inputTokens: entry.usage.input,
      outputTokens: entry.usage.output, needs: needs, random: RoutingRequest.drawBits(of: entry.id))
    isStrategyAsked = false
    attempts = entry.fallbacks.map {
      Attempt(provider: $0, outcome: .failure(.transient), latency: .zero)
    }
    if let provider = entry.provider {
      attempts.append(
        Attempt(provider: provider, outcome: ReplayOutcome(entry.status), latency: latency))
    }
    nanoseconds = entry.latencyMilliseconds.map { Self.latency($0).wholeNanoseconds }
  }
}

/// How a try ended, or would.
enum ReplayOutcome: Hashable {
  case success
  /// The caller hung up: no matter who is asked.
  case cancelled
  /// The provider's protocol had no words for the request.
  case unsupported
  case failure(FailureClass)

  /// The word of a decision's line; nil for an unknown one.
  init?(word: String) {
    switch word {
    case "success": self = .success
    case "cancelled": self = .cancelled
    case "unsupported": self = .unsupported
    default:
      guard let failure = FailureClass(rawValue: word) else { return nil }
      self = .failure(failure)
    }
  }

  /// How the last try of a request of that status ended, where nothing else is known.
  init(_ status: UsageRecord.Status) {
    switch status {
    case .success, .cached: self = .success
    case .cancelled: self = .cancelled
    case .partial: self = .failure(.malformedResponse)
    case .error, .unknown: self = .failure(.transient)
    }
  }

  /// Whether the request is at fault, so that it would end so anywhere.
  var isRequestsOwn: Bool { self == .cancelled || self == .failure(.invalidRequest) }
}

extension LeftOutReason {
  /// Whether a limit on how much the provider is asked was in the way.
  var isLimit: Bool {
    switch self {
    case .unavailable(.requestLimitReached), .unavailable(.tokenLimitReached),
      .unavailable(.aboveTokenLimit), .unavailable(.concurrencyLimitReached), .unavailable(.coolingDown):
      true
    case .unavailable, .disabled, .notAllowedForKey, .lacks, .contextTooSmall, .aboveMaxCost, .overBudget,
      .unbounded:
      false
    }
  }
}

extension MonotonicTime {
  /// Nanoseconds since 1970, which fit 64 bits until 2262: a later time counts as in 2255.
  init(_ time: Timestamp) {
    self.init(nanoseconds: min(time.millisecondsSince1970, 9_000_000_000_000) * 1_000_000)
  }

  fileprivate static func - (time: MonotonicTime, duration: Duration) -> MonotonicTime {
    MonotonicTime(nanoseconds: time.nanoseconds - duration.wholeNanoseconds)
  }
}
