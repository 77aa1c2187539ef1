internal import GatewayTypes
internal import Health
internal import Routing

extension SimulatedRequest {
  var needs: CapabilitySet { isStreaming ? [.chat, .streaming] : .chat }
}

extension ScriptedEnding {
  /// What is to be paid for; nil where nothing is.
  func usage(_ request: SimulatedRequest) -> TokenUsage? {
    switch self {
    case .answered(let tokens, _), .broken(_, let tokens):
      TokenUsage(uncachedInput: request.promptTokens, output: tokens)
    case .failed: nil
    }
  }
}

extension Flight.Call {
  /// What the provider's health is told, as the gateway tells it.
  func outcome(now: MonotonicTime, request: SimulatedRequest) -> AttemptOutcome {
    switch ending {
    case .answered(let tokens, let firstToken):
      .success(
        latency: now - began, timeToFirstToken: firstToken,
        usage: TokenUsage(uncachedInput: request.promptTokens, output: tokens))
    case .failed(let failure, let retryAfter): .failure(failure, retryAfter: retryAfter)
    case .broken(let failure, let tokens):
      .failure(
        failure, retryAfter: nil, usage: TokenUsage(uncachedInput: request.promptTokens, output: tokens))
    }
  }
}

extension SimulationReport.Provider {
  mutating func note(_ call: Flight.Call, cost: Money, now: MonotonicTime) {
    self.cost += cost
    switch call.ending {
    case .answered:
      successes += 1
      latency.record((now - call.began).wholeNanoseconds)
    case .failed(.rateLimited, _): rateLimited += 1
    case .failed, .broken: failures += 1
    }
  }
}

extension Unavailability {
  /// Whether it is a limit, the gateway's or the provider's, rather than trouble.
  var isLimit: Bool {
    switch self {
    case .heldAfterRateLimit, .coolingDown, .requestLimitReached, .tokenLimitReached, .aboveTokenLimit,
      .concurrencyLimitReached:
      true
    case .setDown, .circuitOpen, .trialsTaken: false
    }
  }
}
