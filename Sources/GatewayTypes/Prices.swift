/// What a request costs at one provider's model: its tokens, dearer where the context is long, and a fee.
package struct Prices: Hashable, Sendable {
  /// The prices of requests whose input is longer than some size.
  package struct ContextTier: Hashable, Sendable {
    /// The tier is for requests with more input tokens than this, those read from a cache included.
    package var threshold: Int
    package var tokens: TokenPrices

    package init(above threshold: Int, tokens: TokenPrices) {
      self.threshold = threshold
      self.tokens = tokens
    }
  }

  /// The prices of a request that no tier is for.
  package var tokens: TokenPrices
  /// For each answered request, whatever its tokens.
  package var requestFee: Money
  /// By threshold, the lowest first, and no two alike. Mostly there are none.
  package let tiers: [ContextTier]

  /// As `TokenPrices` fills in what is not given. The tiers may come in any order.
  package init(
    input: Money, output: Money, cacheRead: Money? = nil, cacheWrite: Money? = nil,
    cacheWriteOneHour: Money? = nil, reasoning: Money? = nil, requestFee: Money = .zero,
    tiers: [ContextTier] = []
  ) {
    self.init(
      TokenPrices(
        input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite,
        cacheWriteOneHour: cacheWriteOneHour, reasoning: reasoning), requestFee: requestFee, tiers: tiers)
  }

  package init(_ tokens: TokenPrices, requestFee: Money = .zero, tiers: [ContextTier] = []) {
    self.tokens = tokens
    self.requestFee = requestFee
    self.tiers = tiers.sorted { $0.threshold < $1.threshold }
    precondition(
      Set(tiers.map(\.threshold)).count == tiers.count, "two tiers of one threshold would both be right")
  }

  package static let free = Prices(input: .zero, output: .zero)

  /// The price of an uncached input token where no tier applies.
  package var input: Money { tokens.input }

  /// The price of an output token where no tier applies.
  package var output: Money { tokens.output }

  /// The prices of a request with so many input tokens, cached ones included.
  ///
  /// A request beyond a threshold is priced at that tier as a whole, not only its tokens beyond: so do
  /// Google (https://ai.google.dev/gemini-api/docs/pricing) and Anthropic
  /// (https://docs.anthropic.com/en/docs/about-claude/pricing#long-context-pricing). One that has just as
  /// many tokens as the threshold is still below.
  package func tokens(forInput count: Int) -> TokenPrices {
    for tier in tiers.reversed() where count > tier.threshold { return tier.tokens }
    return tokens
  }

  /// The exact cost of one answered request that used `usage`.
  package func cost(of usage: TokenUsage) -> Money {
    guard !tiers.isEmpty else { return tokens.cost(of: usage) + requestFee }
    return tokens(forInput: usage.input).cost(of: usage) + requestFee
  }
}

extension Prices {
  /// Whether nothing costs anything.
  package var isFree: Bool {
    requestFee == .zero && dearestInput(upTo: .max) == .zero && dearestOutput(upTo: .max) == .zero
  }

  /// The most that one input token can cost in a request of at most `count` input tokens.
  package func dearestInput(upTo count: Int) -> Money {
    var dearest = tokens.dearestInput
    for tier in tiers where tier.threshold < count { dearest = max(dearest, tier.tokens.dearestInput) }
    return dearest
  }

  /// The most that one output token can cost in a request of at most `count` input tokens.
  package func dearestOutput(upTo count: Int) -> Money {
    var dearest = tokens.dearestOutput
    for tier in tiers where tier.threshold < count { dearest = max(dearest, tier.tokens.dearestOutput) }
    return dearest
  }
}
