package import JSON

extension ChatRequest {
  /// Reads a body in the form that `surface` has; on `/chat/completions` the body tells which it is.
  package init(_ document: JSONDocument, surface: Surface) throws(RequestError) {
    switch surface {
    case .generate: try self.init(generate: document)
    case .chatPrompt:
      if document.member("messages", of: document.root) != nil {
        try self.init(openAIChat: document)
      } else {
        try self.init(generate: document, surface: .chatPrompt)
      }
    case .openAIChat: try self.init(openAIChat: document)
    case .anthropicMessages: try self.init(anthropicMessages: document)
    case .openAICompletions: try self.init(openAICompletions: document)
    case .openAIResponses: try self.init(openAIResponses: document)
    case .openAIEmbeddings: try self.init(openAIEmbeddings: document)
    }
  }
}
