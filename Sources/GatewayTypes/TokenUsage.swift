/// The tokens of one call in the one normal form that every provider family is mapped to.
///
/// The four counts are disjoint, so they can be priced and added without counting a token twice:
/// OpenAI's `prompt_tokens` includes the cached ones and is split here; Anthropic's does not and is kept.
package struct TokenUsage: Hashable, Sendable {
  /// Input tokens that the provider read anew.
  package var uncachedInput: Int
  /// Input tokens served from the provider's prompt cache.
  package var cacheRead: Int
  /// Input tokens written to the provider's prompt cache.
  package var cacheWrite: Int
  /// The part of `cacheWrite` that is kept for an hour, where a provider tells it apart.
  package var cacheWriteOneHour: Int
  /// Output tokens, those of hidden reasoning included.
  package var output: Int
  /// The part of `output` that was hidden reasoning.
  package var reasoning: Int
  /// Whether the gateway counted because the provider did not, or not believably.
  package var isEstimated: Bool

  package init(
    uncachedInput: Int = 0, cacheRead: Int = 0, cacheWrite: Int = 0, cacheWriteOneHour: Int = 0,
    output: Int = 0, reasoning: Int = 0, isEstimated: Bool = false
  ) {
    self.uncachedInput = uncachedInput
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.cacheWriteOneHour = cacheWriteOneHour
    self.output = output
    self.reasoning = reasoning
    self.isEstimated = isEstimated
  }

  /// All input tokens: what OpenAI calls `prompt_tokens`.
  package var input: Int { uncachedInput + cacheRead + cacheWrite }

  /// All tokens, in and out.
  package var total: Int { input + output }
}
