internal import Configuration
internal import GatewayTypes
internal import Providers

/// The most that one attempt at a provider can cost, and the bound on its answer that makes it so.
struct CostBound {
  /// What is to be reserved.
  let worstCost: Money
  /// What the provider is told as the answer's bound; nil leaves the request as it is.
  let maxTokens: Int?

  /// An answer that neither the caller nor the file bounds is given this bound under a budget: what nearly
  /// every model takes, where a larger one might be refused.
  private static let usualAnswer = 8_192

  /// The tokens of all answers together that the reservation is for; nil without a budget.
  let outputLimit: Int?

  init(worstCost: Money, maxTokens: Int?, outputLimit: Int?) {
    self.worstCost = worstCost
    self.maxTokens = maxTokens
    self.outputLimit = outputLimit
  }

  /// The cost of the input at its bound and an answer of one token: less than this is of no use.
  static func least(of request: ChatRequest, at provider: ProviderConfiguration) -> Money {
    let input = inputTokens(of: request, at: provider)
    return inputCost(input, at: provider.prices)
      + provider.prices.dearestOutput(upTo: input) * request.choiceCount
  }

  /// Where nothing bounds it and there is no budget, a bound for usual requests. Under a budget the plan has
  /// left such a provider out.
  private static func inputTokens(
    of request: borrowing ChatRequest, at provider: borrowing ProviderConfiguration
  ) -> Int {
    InputBound(of: request, at: provider).tokens ?? TokenEstimate.upperBound(of: request.inputSize)
  }

  /// Every byte a token, at the dearest of the input prices that so many tokens can have, and the fee.
  private static func inputCost(_ tokens: Int, at prices: Prices) -> Money {
    prices.dearestInput(upTo: tokens) * tokens + prices.requestFee
  }

  /// For an attempt that may cost at most `left`; nil is no budget. Nil when not even one token fits.
  ///
  /// Input is bounded by its bytes, at the dearest of the input prices; output by the caller's bound, the
  /// provider's, and what the budget still pays for, whichever is least.
  init?(of request: borrowing ChatRequest, at provider: borrowing ProviderConfiguration, left: Money?) {
    let input = Self.inputTokens(of: request, at: provider)
    let inputCost = Self.inputCost(input, at: provider.prices)
    let outputPrice = provider.prices.dearestOutput(upTo: input) * request.choiceCount
    let most = provider.maxOutputTokens
    let asked = request.maxTokens.map { min($0, most ?? $0) } ?? most
    guard let left else {
      // Without a budget nothing is lowered; the bound is for whoever looks at what is reserved.
      maxTokens = request.maxTokens == nil ? nil : asked
      worstCost = inputCost + outputPrice * (asked ?? 0)
      outputLimit = nil
      return
    }
    guard inputCost <= left else { return nil }
    var bound = asked ?? min(provider.contextWindow ?? .max, Self.usualAnswer)
    if outputPrice > .zero {
      let affordable = (left - inputCost).picodollars / outputPrice.picodollars
      bound = Int(min(Int128(bound), affordable))
    }
    guard bound > 0 || request.surface == .openAIEmbeddings else { return nil }
    // A free answer needs no bound that the caller did not ask for.
    maxTokens = outputPrice == .zero && request.maxTokens == nil ? nil : bound
    worstCost = inputCost + outputPrice * bound
    outputLimit = outputPrice == .zero ? nil : bound * request.choiceCount
  }
}
