import GatewayTypes
import Testing

@Suite("Prices")
struct PricesTests {
  private static func pico(_ count: Int) -> Money { Money(picodollars: Int128(count)) }

  private static let flat = Prices(
    input: pico(1000), output: pico(7000), cacheRead: pico(10), cacheWrite: pico(1250),
    cacheWriteOneHour: pico(2000), reasoning: pico(9000), requestFee: pico(5))

  private static let tiered = Prices(
    input: pico(1), output: pico(10), requestFee: pico(7),
    tiers: [
      .init(above: 1000, tokens: TokenPrices(input: pico(4), output: pico(40), cacheRead: pico(3))),
      .init(above: 200, tokens: TokenPrices(input: pico(2), output: pico(20))),
    ])

  private static let flatCosts: [(TokenUsage, Int)] = [
    (TokenUsage(), 5), (TokenUsage(uncachedInput: 3), 3005), (TokenUsage(cacheRead: 3), 35),
    (TokenUsage(cacheWrite: 3), 3755), (TokenUsage(cacheWrite: 3, cacheWriteOneHour: 2), 5255),
    (TokenUsage(cacheWrite: 3, cacheWriteOneHour: 3), 6005), (TokenUsage(output: 4), 28_005),
    (TokenUsage(output: 4, reasoning: 3), 34_005), (TokenUsage(output: 4, reasoning: 4), 36_005),
    (
      TokenUsage(
        uncachedInput: 3, cacheRead: 5, cacheWrite: 2, cacheWriteOneHour: 1, output: 4, reasoning: 3),
      40_305
    ),
  ]

  @Test("prices each token once, as what it is", arguments: flatCosts)
  func flat(usage: TokenUsage, cost: Int) {
    #expect(Self.flat.cost(of: usage) == Self.pico(cost))
  }

  @Test("a price that is not given is that of the tokens it is a part of")
  func defaults() {
    let few = TokenPrices(input: Self.pico(3), output: Self.pico(5))
    #expect((few.cacheRead, few.cacheWrite) == (few.input, few.input))
    #expect((few.cacheWriteOneHour, few.reasoning) == (few.input, few.output))
    let written = TokenPrices(input: Self.pico(3), output: Self.pico(5), cacheWrite: Self.pico(4))
    #expect(written.cacheWriteOneHour == Self.pico(4))
  }

  private static let tieredCosts: [(TokenUsage, Int)] = [
    (TokenUsage(uncachedInput: 200, output: 1), 217),
    (TokenUsage(uncachedInput: 201, output: 1), 429),
    (TokenUsage(uncachedInput: 1, cacheRead: 200, output: 1), 429),
    (TokenUsage(uncachedInput: 1, cacheRead: 100, cacheWrite: 100, output: 1), 429),
    (TokenUsage(uncachedInput: 1000), 2007),
    (TokenUsage(uncachedInput: 1, cacheRead: 1000, output: 2), 3091),
    // A long answer does not make a long context.
    (TokenUsage(uncachedInput: 1, output: 5000), 50_008),
  ]

  @Test("a request beyond a threshold is priced at its tier as a whole", arguments: tieredCosts)
  func tiered(usage: TokenUsage, cost: Int) {
    #expect(Self.tiered.cost(of: usage) == Self.pico(cost))
  }

  @Test("no request up to a size costs more than the dearest prices of that size")
  func dearest() {
    var generator = SystemRandomNumberGenerator()
    func count(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &generator) }
    func price() -> Money { Self.pico(count(1000)) }
    func tokens() -> TokenPrices {
      TokenPrices(
        input: price(), output: price(), cacheRead: price(), cacheWrite: price(), cacheWriteOneHour: price(),
        reasoning: price())
    }
    for _ in 0..<20_000 {
      let prices = Prices(
        tokens(), requestFee: price(),
        tiers: [.init(above: count(30), tokens: tokens()), .init(above: 31 + count(30), tokens: tokens())])
      var usage = TokenUsage(
        uncachedInput: count(40), cacheRead: count(40), cacheWrite: count(40), output: count(40))
      usage.cacheWriteOneHour = count(usage.cacheWrite)
      usage.reasoning = count(usage.output)
      let bound = usage.input + count(3)
      let most =
        prices.dearestInput(upTo: bound) * bound + prices.dearestOutput(upTo: bound) * usage.output
        + prices.requestFee
      #expect(prices.cost(of: usage) <= most)
    }
    #expect(Self.tiered.dearestInput(upTo: 200) == Self.pico(1))
    #expect(Self.tiered.dearestInput(upTo: 201) == Self.pico(2))
    #expect(Self.tiered.dearestOutput(upTo: 1001) == Self.pico(40))
  }
}
