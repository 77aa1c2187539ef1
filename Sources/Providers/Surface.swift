/// What a caller speaks: the form of its request, and of the answer that it gets.
package enum Surface: Hashable, Sendable, CaseIterable {
  /// The gateway's own: `POST /generate`.
  case generate
  /// `POST /chat/completions` with a `prompt`: the same request, a shorter answer.
  case chatPrompt
  /// https://platform.openai.com/docs/api-reference/chat
  case openAIChat
  /// https://platform.openai.com/docs/api-reference/completions
  case openAICompletions
  /// https://platform.openai.com/docs/api-reference/responses
  case openAIResponses
  /// https://platform.openai.com/docs/api-reference/embeddings
  case openAIEmbeddings
  /// https://docs.anthropic.com/en/api/messages
  case anthropicMessages
}
