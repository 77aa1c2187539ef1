package import GatewayTypes

/// One complete answer in the form that every surface's body is built from.
package struct ChatAnswer: Sendable {
  /// The first answer's text as the content of a JSON string, still escaped, ready to be spliced between
  /// two quotes.
  package var escapedText: ArraySlice<UInt8>
  /// Why the model stopped, in OpenAI's words: `stop`, `length`, `tool_calls`, `content_filter`; nil when
  /// the provider does not say.
  package var finishReason: String?
  /// The model as the provider names it; nil when it does not say.
  package var model: String?
  package var usage: TokenUsage
  /// Whether the model declined, and the text says so.
  package var isRefusal: Bool
  /// The functions that the model wants called, in order.
  package var toolCalls: [ToolCall] = []
  /// What the model thought before, where it shows it; escaped.
  package var escapedReasoning: ArraySlice<UInt8> = []
  /// The text that ended the answer, where the provider says which; escaped.
  package var stopSequence: ArraySlice<UInt8>?
  /// The provider's body, and its form, for a caller who speaks the same.
  package var original: (body: [UInt8], format: UpstreamFormat)?

  package init(
    escapedText: ArraySlice<UInt8>, finishReason: String?, model: String? = nil, usage: TokenUsage,
    isRefusal: Bool = false
  ) {
    self.escapedText = escapedText
    self.finishReason = finishReason
    self.model = model
    self.usage = usage
    self.isRefusal = isRefusal
  }
}
