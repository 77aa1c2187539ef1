/// Whose protocol a provider speaks.
package enum ProviderFamily: Hashable, Sendable, CaseIterable {
  /// OpenAI, and every server that is compatible with it.
  case openAI
  /// Anthropic's Messages.
  case anthropic
  /// Google's generateContent.
  case gemini
}
