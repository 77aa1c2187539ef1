internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Routing

/// The most tokens that a provider can charge for reading a request.
struct InputBound {
  /// Nil: nothing that is known bounds it.
  let tokens: Int?
  /// Why there is no bound; nil where there is one.
  let gap: UnboundedCost?

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
      gap = .hostedTool
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

  private static func gap(_ size: InputSize) -> UnboundedCost {
    if size.openEnds.contains(.stored) { return .stored }
    return size.openEnds.contains(.file) ? .file : .image
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

extension UnboundedCost {
  /// The providers at which nothing bounds the cost of `request`, by the router's index.
  static func causes(for request: ChatRequest, in snapshot: GatewaySnapshot) -> [Int: UnboundedCost] {
    var causes: [Int: UnboundedCost] = [:]
    guard !request.inputSize.isBoundedByText else { return causes }
    for (index, provider) in snapshot.providers.enumerated() {
      causes[index] = InputBound(of: request, at: provider.configuration).gap
    }
    return causes
  }
}

extension RoutePlan {
  /// The same without the providers at which nothing bounds the cost of `request`.
  func bounded(_ request: ChatRequest, in snapshot: GatewaySnapshot) -> RoutePlan {
    guard !request.inputSize.isBoundedByText else { return self }
    return leavingOut { index in
      InputBound(of: request, at: snapshot.providers[index].configuration).gap.map { .unbounded($0) }
    }
  }
}
