/// What one token of each sort costs. Each price is exact.
package struct TokenPrices: Hashable, Sendable {
  /// Per uncached input token.
  package var input: Money
  /// Per output token that is not hidden reasoning.
  package var output: Money
  /// Per input token read from the provider's prompt cache.
  package var cacheRead: Money
  /// Per input token written to the provider's prompt cache for its usual time, minutes as a rule.
  package var cacheWrite: Money
  /// Per input token written to the provider's prompt cache for an hour.
  package var cacheWriteOneHour: Money
  /// Per output token of hidden reasoning.
  package var reasoning: Money

  /// A price that is not given is that of the tokens it is a part of: never free, and never a guess at a
  /// discount. So a cache price is the input price, that of the hour the cache write price, and that of
  /// reasoning the output price.
  package init(
    input: Money, output: Money, cacheRead: Money? = nil, cacheWrite: Money? = nil,
    cacheWriteOneHour: Money? = nil, reasoning: Money? = nil
  ) {
    self.input = input
    self.output = output
    self.cacheRead = cacheRead ?? input
    self.cacheWrite = cacheWrite ?? input
    self.cacheWriteOneHour = cacheWriteOneHour ?? self.cacheWrite
    self.reasoning = reasoning ?? output
  }

  package static let free = TokenPrices(input: .zero, output: .zero)

  /// The exact cost of the tokens of `usage`.
  package func cost(of usage: TokenUsage) -> Money {
    let tokens =
      input * usage.uncachedInput + cacheRead * usage.cacheRead + cacheWrite * usage.cacheWrite
      + output * usage.output
    // The parts that few requests have; their tokens are among those above and priced anew.
    guard usage.cacheWriteOneHour != 0 || usage.reasoning != 0 else { return tokens }
    return tokens + (cacheWriteOneHour - cacheWrite) * usage.cacheWriteOneHour
      + (reasoning - output) * usage.reasoning
  }

  /// The most that one input token can cost.
  package var dearestInput: Money { max(input, cacheRead, max(cacheWrite, cacheWriteOneHour)) }

  /// The most that one output token can cost.
  package var dearestOutput: Money { max(output, reasoning) }
}
