package import GatewayTypes
import Health

/// What a request is expected to take at one provider.
package struct Expectation: Hashable, Sendable {
  /// The tokens of its answers together.
  package let outputTokens: Int
  package let cost: Money
  /// Until the answer is complete; nil when neither observed nor configured.
  package let nanoseconds: Int64?

  package init(outputTokens: Int, cost: Money, nanoseconds: Int64?) {
    self.outputTokens = outputTokens
    self.cost = cost
    self.nanoseconds = nanoseconds
  }
}

extension Expectation {
  /// As experience with the provider tells, else as the request's guess and the file say. `tieredPrices` are
  /// given where long requests have prices of their own.
  init(
    _ request: RoutingRequest, _ usual: UsualAnswer, at facts: CandidateFacts, _ tieredPrices: Prices?,
    _ standing: ProviderStanding
  ) {
    var answer = standing.answer.tokens(usual: usual)
    answer = min(answer, request.maxOutputTokens ?? .max, facts.maxOutputTokens)
    let inputTokens = max(0, request.inputTokens)
    let output = answer * max(1, request.choiceCount)
    outputTokens = output
    if let tieredPrices {
      cost = tieredPrices.cost(of: TokenUsage(uncachedInput: inputTokens, output: output))
    } else {
      cost = facts.cost(inputTokens: inputTokens, outputTokens: output)
    }
    // Several answers are made side by side.
    let configured = facts.nanoseconds < 0 ? nil : facts.nanoseconds
    nanoseconds = standing.latency.expectedNanoseconds(outputTokens: answer) ?? configured
  }
}
