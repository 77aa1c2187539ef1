/// What one token of each sort costs at one provider's model. Each price is exact.
package struct Prices: Hashable, Sendable {
  /// Per uncached input token.
  package var input: Money
  /// Per output token.
  package var output: Money
  /// Per input token read from the provider's prompt cache.
  package var cacheRead: Money
  /// Per input token written to the provider's prompt cache.
  package var cacheWrite: Money

  /// A cache price that is not given is the input price: never free, and never a guess at a discount.
  package init(input: Money, output: Money, cacheRead: Money? = nil, cacheWrite: Money? = nil) {
    self.input = input
    self.output = output
    self.cacheRead = cacheRead ?? input
    self.cacheWrite = cacheWrite ?? input
  }

  package static let free = Prices(input: .zero, output: .zero)

  /// The exact cost of `usage`.
  package func cost(of usage: TokenUsage) -> Money {
    input * usage.uncachedInput + cacheRead * usage.cacheRead + cacheWrite * usage.cacheWrite
      + output * usage.output
  }
}
