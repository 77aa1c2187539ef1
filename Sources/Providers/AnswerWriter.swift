import JSON

/// Writes a whole answer in the form that the caller's surface has.
package enum AnswerWriter {
  /// The body for the caller of `request`; what the provider said in the caller's own form goes on byte
  /// for byte.
  ///
  /// The native surfaces tell of routing and cost, which is not known here: they write their own.
  package static func body(
    of answer: ChatAnswer, for request: ChatRequest, identity: AnswerIdentity
  ) -> [UInt8] {
    if let original = answer.original, original.format.passesThrough(request.surface) { return original.body }
    var writer = JSONWriter(reserveCapacity: answer.escapedText.count + 512)
    switch request.surface {
    case .openAIChat: writer.chatCompletion(answer, identity)
    case .anthropicMessages: writer.message(answer, identity)
    case .openAICompletions: writer.textCompletion(answer, identity)
    case .openAIResponses: return ResponseObject(repeating: request, identity: identity).body(of: answer)
    case .openAIEmbeddings: preconditionFailure("embeddings come in their own form only")
    case .generate, .chatPrompt: preconditionFailure("the native surfaces write their own answers")
    }
    return writer.bytes
  }

  /// The body that answers Anthropic's `count_tokens` for `request`: an estimate, since no provider is asked.
  package static func tokenCount(of request: ChatRequest) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: 32)
    writer.beginObject()
    writer.member("input_tokens", TokenEstimate.tokens(in: request.inputSize))
    writer.endObject()
    return writer.bytes
  }
}
