package import GatewayTypes
package import Health

/// Why a provider is not tried for a request.
package enum LeftOutReason: Hashable, Sendable {
  /// The configuration does not use it.
  case disabled
  /// The client's key may not use it.
  case notAllowedForKey
  /// It cannot do these things, which the request needs.
  case lacks(CapabilitySet)
  /// The input does not fit.
  case contextTooSmall(inputTokens: Int, contextWindow: Int)
  /// The expected cost is over `max_cost_per_request`.
  case aboveMaxCost(expected: Money, maximum: Money)
  /// The input alone may cost more than the budget has left.
  case overBudget(inputCost: Money, left: Money)
  /// There is a budget, and nothing bounds what the request may cost here.
  case unbounded(UnboundedCost)
  /// It may not be called now.
  case unavailable(Unavailability)

  /// A sentence that says what is in the way and what to do about it.
  package func sentence(retryAt: MonotonicTime?, now: MonotonicTime) -> String {
    switch self {
    case .disabled:
      "disabled in the configuration; see its disabled_reason in GET /providers"
    case .notAllowedForKey:
      "this client key may not use it; ask for a model that the key's models list names"
    case .lacks(let missing):
      "does not support \(missing.names.joined(separator: ", ")), which the request needs"
    case .contextTooSmall(let inputTokens, let contextWindow):
      "the input of about \(inputTokens) tokens does not fit its context_window of \(contextWindow); shorten it"
    case .aboveMaxCost(let expected, let maximum):
      "expected cost \(expected) USD is over max_cost_per_request \(maximum) USD"
    case .overBudget(let inputCost, let left):
      "the input may cost \(inputCost) USD and the budget has \(left) USD left"
    case .unbounded(let cause): cause.sentence
    case .unavailable(let reason):
      reason.sentence + LeftOutReason.wait(until: retryAt, now: now)
    }
  }

  private static func wait(until time: MonotonicTime?, now: MonotonicTime) -> String {
    guard let time, time > now else { return "" }
    return "; next try in \(max(1, Int((time - now).inSeconds.rounded(.up)))) s"
  }
}

extension Unavailability {
  /// What is in the way, without the time.
  var sentence: String {
    switch self {
    case .setDown: "set down by hand; POST /simulate/failure with down=false sets it up"
    case .circuitOpen(.credential): "circuit open (auth): the provider refused its API key; check api_key"
    case .circuitOpen(.quotaExceeded): "circuit open (quota): the account at the provider is out of money"
    case .circuitOpen(let failure): "circuit open (\(failure?.circuitReason ?? "restored")) after failures"
    case .trialsTaken: "circuit half-open and its trial is under way"
    case .heldAfterRateLimit: "the provider answered 429 and is left alone"
    case .coolingDown: "cooling down after too many tokens"
    case .requestLimitReached: "rate_limit_rpm is used up"
    case .tokenLimitReached: "rate_limit_tpm is used up"
    case .aboveTokenLimit: "the request has more tokens than rate_limit_tpm allows; shorten it"
    case .concurrencyLimitReached: "max_concurrency requests are in flight"
    }
  }
}
