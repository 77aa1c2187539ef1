internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Routing

/// How a call ended, and everything that the ledger and the answer tell of the way there.
struct DispatchResult {
  enum Ending {
    case answered(ChatAnswer)
    case failed(APIError)
    /// A stream broke off after the caller had some of it.
    case broken(APIError)
    /// The caller has hung up.
    case cancelled
  }

  var ending: Ending
  /// The provider that answered, or was the last to be tried.
  var provider: ConfiguredProvider?
  var attempts: [Attempt] = []
  /// What all attempts used and cost, failed ones included.
  var usage = TokenUsage()
  var cost = Money.zero
  /// What the answer would have cost more at the dearest provider that could have given it.
  var saved = Money.zero
  /// Where the call stands in the in-flight table, until its ledger line is written.
  var slot: InFlightPartition.Slot?
  /// What the caller is to know of the way to the answer.
  var warnings: [String] = []
  /// What was decided, and of what.
  let routing: RoutingRequest
  let plan: RoutePlan
  /// When the plan was begun.
  let plannedAt: MonotonicTime
  /// When the plan was made.
  var routedAt: MonotonicTime
  var endedAt: MonotonicTime
  /// From the last attempt's start to the answer's first token, or its first byte where it came whole.
  var timeToFirstToken: Duration?

  /// The providers tried in vain before the last one.
  var fallbacks: [ProviderID] {
    var seen: [ProviderID] = []
    for attempt in attempts where attempt.provider != provider?.id && !seen.contains(attempt.provider) {
      seen.append(attempt.provider)
    }
    return seen
  }

  /// Notes an attempt that has ended, and what it used.
  @inline(never)
  mutating func note(
    _ attempt: AttemptResult, of provider: ConfiguredProvider, latency: Duration, isOutraced: Bool = false,
    isHedge: Bool = false
  ) {
    attempts.append(
      Attempt(
        provider: provider.id, outcome: isOutraced ? "cancelled" : attempt.name,
        reason: attempt.failure?.reason, latency: latency, isHedge: isHedge))
    if let used = attempt.usage { charge(used, prices: provider.configuration.prices) }
    timeToFirstToken = attempt.timeToFirstToken
  }

  /// Adds what one attempt used, at that provider's prices.
  mutating func charge(_ used: TokenUsage, prices: Prices) {
    usage.uncachedInput += used.uncachedInput
    usage.cacheRead += used.cacheRead
    usage.cacheWrite += used.cacheWrite
    usage.cacheWriteOneHour += used.cacheWriteOneHour
    usage.output += used.output
    usage.reasoning += used.reasoning
    usage.isEstimated = usage.isEstimated || used.isEstimated
    cost += prices.cost(of: used)
  }
}
