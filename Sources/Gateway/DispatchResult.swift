internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Routing

/// How a call ended, and everything that the ledger and the answer tell of the way there.
///
/// A class: as a struct it would stand a dozen times in the frames of the task that waits for the provider.
final class DispatchResult {
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
  let routedAt: MonotonicTime
  var endedAt: MonotonicTime
  /// From the last attempt's start to the answer's first token, or its first byte where it came whole.
  var timeToFirstToken: Duration?

  /// Of a call that nobody has been asked for yet.
  init(routing: RoutingRequest, plan: RoutePlan, plannedAt: MonotonicTime, routedAt: MonotonicTime) {
    ending = .cancelled
    self.routing = routing
    self.plan = plan
    self.plannedAt = plannedAt
    self.routedAt = routedAt
    endedAt = routedAt
  }

  /// The providers tried in vain before the last one. Those that another outran have not failed: a restart and a
  /// replay, which read the ledger, must not think so.
  var fallbacks: [ProviderID] {
    var seen: [ProviderID] = []
    for attempt in attempts where attempt.provider != provider?.id && !seen.contains(attempt.provider) {
      if !attempt.isOutraced { seen.append(attempt.provider) }
    }
    return seen
  }

  /// Notes an attempt that has ended, and what it used.
  @inline(never)
  func note(
    _ attempt: AttemptResult, of provider: ConfiguredProvider, latency: Duration, isOutraced: Bool = false,
    isHedge: Bool = false
  ) {
    attempts.append(
      Attempt(
        provider: provider.id, outcome: isOutraced ? "cancelled" : attempt.name,
        reason: attempt.failure?.reason, latency: latency, isHedge: isHedge, isOutraced: isOutraced))
    if let used = attempt.usage { charge(used, prices: provider.configuration.prices) }
    timeToFirstToken = attempt.timeToFirstToken
  }

  /// Adds what one attempt used, at that provider's prices.
  func charge(_ used: TokenUsage, prices: Prices) {
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
