/// The form of one call to a provider: which of its endpoints is asked, and so what goes and comes.
package enum UpstreamFormat: Hashable, Sendable, CaseIterable {
  case openAIChat
  case openAICompletions
  case openAIResponses
  case openAIEmbeddings
  case anthropicMessages
  case gemini

  /// The form that serves `surface` best at a provider of `family`.
  ///
  /// Few OpenAI-compatible servers have `/responses`; one without is asked for a chat completion.
  package init(for surface: Surface, family: ProviderFamily, servesResponses: Bool = false) {
    switch family {
    case .anthropic: self = .anthropicMessages
    case .gemini: self = .gemini
    case .openAI:
      switch surface {
      case .generate, .chatPrompt, .openAIChat, .anthropicMessages: self = .openAIChat
      case .openAICompletions: self = .openAICompletions
      case .openAIResponses: self = servesResponses ? .openAIResponses : .openAIChat
      case .openAIEmbeddings: self = .openAIEmbeddings
      }
    }
  }

  /// Whether what the caller of `surface` sends and gets is in this form already, so that bodies and
  /// events go through as they are.
  package func passesThrough(_ surface: Surface) -> Bool {
    switch surface {
    case .generate, .chatPrompt: false
    case .openAIChat: self == .openAIChat
    case .openAICompletions: self == .openAICompletions
    case .openAIResponses: self == .openAIResponses
    case .openAIEmbeddings: self == .openAIEmbeddings
    case .anthropicMessages: self == .anthropicMessages
    }
  }
}
