/// When a prompt is shortened before it is sent.
package struct PromptConfiguration: Sendable {
  /// Prompts longer than this many tokens are trimmed; nil is off.
  package var maxTokens: Int?

  package init() {}
}
