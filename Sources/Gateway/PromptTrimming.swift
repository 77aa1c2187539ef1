internal import Configuration
internal import GatewayTypes
internal import Providers
internal import Routing

/// Shortens a prompt that is longer than the configuration, or the caller, wants it.
enum PromptTrimming {
  /// What `optimize_prompt` trims to where `prompt.max_tokens` says nothing: a few pages.
  static let usualTokens = 4_000

  /// How long the prompt of `request` may be; nil when nobody minds.
  static func limit(for request: ChatRequest, _ configuration: PromptConfiguration) -> Int? {
    configuration.maxTokens ?? (request.optimizesPrompt ? usualTokens : nil)
  }

  /// The request whose prompt has at most `limit` tokens, as far as what must stay allows, and what the
  /// caller is to know of it; nil when nothing is to be done.
  static func trimmed(
    _ request: ChatRequest, toTokens limit: Int
  ) throws(Providers.RequestError) -> (request: ChatRequest?, warning: String)? {
    let before = TokenEstimate.tokens(in: request.inputSize)
    guard before > limit, let prompt = TrimmablePrompt(request),
      let cut = PromptTrimmer.cut(prompt.outline, toTokens: limit)
    else { return nil }
    guard !cut.isEmpty else {
      return (nil, "prompt not trimmed: none of its \(before) tokens may be left out, the limit is \(limit)")
    }
    let trimmed = try prompt.request(without: cut)
    let after = TokenEstimate.tokens(in: trimmed.inputSize)
    let rest = after > limit ? "; what must stay is over the limit of \(limit)" : ""
    return (trimmed, "prompt trimmed from \(before) to \(after) tokens\(rest)")
  }
}
