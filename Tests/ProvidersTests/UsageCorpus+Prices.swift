import GatewayTypes

extension Prices {
  static let gpt = prices(input: "2.5", output: "10", cacheRead: "1.25")
  static let small = prices(input: "0.15", output: "0.6", cacheRead: "0.075", fee: "0.001")
  static let claude = prices(
    input: "3", output: "15", cacheRead: "0.3", cacheWrite: "3.75", cacheWriteOneHour: "6")
  static let gemini = prices(
    input: "1.25", output: "10", cacheRead: "0.31",
    above: (200_000, prices(input: "2.5", output: "15", cacheRead: "0.625").tokens))
  static let groq = prices(input: "0.05", output: "0.08")
  static let deepSeek = prices(input: "0.27", output: "1.1", cacheRead: "0.07")
  static let mistral = prices(input: "0.4", output: "2", cacheRead: "0.04")
  static let grok = prices(input: "0.3", output: "0.5", cacheRead: "0.075", reasoning: "0.4")
  static let openRouter = prices(input: "0.8", output: "4", cacheRead: "0.08", cacheWrite: "1")
  static let local = prices(input: "0.01", output: "0.02")

  /// US dollars per million tokens, and per request.
  static func prices(
    input: String, output: String, cacheRead: String? = nil, cacheWrite: String? = nil,
    cacheWriteOneHour: String? = nil, reasoning: String? = nil, fee: String = "0",
    above tier: (threshold: Int, tokens: TokenPrices)? = nil
  ) -> Prices {
    func perMillion(_ text: String) -> Money {
      guard let money = try? Money(decimal: text, scaledDownBy: 6) else {
        preconditionFailure("the corpus states exact prices")
      }
      return money
    }
    return Prices(
      input: perMillion(input), output: perMillion(output), cacheRead: cacheRead.map(perMillion),
      cacheWrite: cacheWrite.map(perMillion), cacheWriteOneHour: cacheWriteOneHour.map(perMillion),
      reasoning: reasoning.map(perMillion), requestFee: perMillion(fee) * 1_000_000,
      tiers: tier.map { [ContextTier(above: $0.threshold, tokens: $0.tokens)] } ?? [])
  }
}
