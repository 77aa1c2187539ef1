internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Routing

/// The most tokens that a provider can charge for reading a request.
struct InputBound {
  /// Nil: nothing that is known bounds it.
  let tokens: Int?
  /// What is missing, as a sentence that says how to mend it; nil where there is a bound.
  let gap: String?

  /// More than any of Anthropic's images takes: 4,784 tokens at the largest size that is not scaled down.
  /// Source: https://docs.anthropic.com/en/docs/build-with-claude/vision
  private static let anthropicImageTokens = 5_000

  init(of request: borrowing ChatRequest, at provider: borrowing ProviderConfiguration) {
    let size = request.inputSize
    guard !size.isBoundedByText else {
      tokens = TokenEstimate.upperBound(of: size)
      gap = nil
      return
    }
    // Nothing times anything is nothing.
    guard !provider.prices.isFree else {
      tokens = TokenEstimate.upperBound(of: size)
      gap = nil
      return
    }
    if size.openEnds.contains(.hostedTool) {
      tokens = nil
      gap =
        "the request has a tool that the provider runs by itself, whose cost no budget can bound; leave it out, "
        + "or exempt the caller from budgets"
      return
    }
    let imageTokens = size.imageCount == 0 ? 0 : Self.imageTokens(at: provider)
    if size.openEnds.isEmpty, let imageTokens {
      tokens = TokenEstimate.upperBound(of: size, tokensPerImage: imageTokens)
      gap = nil
      return
    }
    // A provider refuses what is longer than its context.
    tokens = provider.contextWindow
    gap = tokens == nil ? Self.gap(size) : nil
  }

  private static func gap(_ size: InputSize) -> String {
    if size.openEnds.contains(.stored) {
      return "what is kept at the provider has no known length, and the caller has a budget; "
        + "set the provider's context_window"
    }
    if size.openEnds.contains(.file) {
      return
        "a file has no known number of tokens, and the caller has a budget; set the provider's context_window"
    }
    return
      "an image has no known bound there, and the caller has a budget; set the provider's max_image_tokens"
  }

  /// What one image takes at most: as the file says, or as the vendor documents.
  private static func imageTokens(at provider: borrowing ProviderConfiguration) -> Int? {
    if let tokens = provider.maxImageTokens { return tokens }
    switch provider.kind {
    case .anthropic: return anthropicImageTokens
    case .openai where provider.isOpenAIsOwn: return TokenEstimate.mostTokensPerImage
    // Gemini cuts an image into as many tiles as it likes.
    case .openai, .gemini, .mock: return nil
    }
  }
}

extension InputSize {
  /// Whether its bytes bound what it costs, without a word from the configuration.
  fileprivate var isBoundedByText: Bool { imageCount == 0 && openEnds.isEmpty }
}

extension ProviderConfiguration {
  /// Whether the address is OpenAI's own: others serve other models in its words.
  fileprivate var isOpenAIsOwn: Bool {
    (baseURL ?? endpoint)?.hasPrefix("https://api.openai.com/") == true
  }
}

extension RoutePlan {
  /// The same without the providers at which nothing bounds the cost of `request`.
  func bounded(_ request: ChatRequest, in snapshot: GatewaySnapshot) -> RoutePlan {
    guard request.inputSize.imageCount > 0 || !request.inputSize.openEnds.isEmpty else { return self }
    return leavingOut { index in
      InputBound(of: request, at: snapshot.providers[index].configuration).gap.map { .unbounded($0) }
    }
  }
}
