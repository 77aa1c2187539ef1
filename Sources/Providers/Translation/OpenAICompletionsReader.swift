import JSON

/// Reads the body of a text completion of OpenAI's: the prompt is what the user says.
///
/// Source: https://platform.openai.com/docs/api-reference/completions/create
struct OpenAICompletionsReader {
  private let request: ChatRequest
  private let fields: RequestFields

  init(_ request: ChatRequest) {
    self.request = request
    fields = RequestFields(document: request.document, object: request.document.root)
  }

  func conversation() throws(RequestError) -> Conversation {
    if request.choiceCount > 1 { throw fields.untranslatable(fields.node("n") == nil ? "prompt" : "n") }
    for name: StaticString in ["suffix", "logprobs"] where fields.node(name) != nil {
      throw fields.untranslatable(name)
    }
    if try fields.bool("echo") == true { throw fields.untranslatable("echo") }
    var result = Conversation(surface: request.surface)
    result.add([.text(try prompt())], from: .user)
    result.temperature = try fields.rawNumber("temperature")
    result.topP = try fields.rawNumber("top_p")
    result.seed = try fields.rawNumber("seed")
    result.presencePenalty = try fields.rawNumber("presence_penalty")
    result.frequencyPenalty = try fields.rawNumber("frequency_penalty")
    result.stopSequences = try fields.texts("stop")
    return result
  }

  /// The one text; token numbers mean something else to every model.
  private func prompt() throws(RequestError) -> ArraySlice<UInt8> {
    let document = request.document
    switch request.input {
    case .prompt(let node):
      if let text = document.escapedContent(of: node) { return text }
    case .batch(let texts):
      for node in document.elements(of: texts) {
        if let text = document.escapedContent(of: node) { return text }
      }
    case .messages, .items: break
    }
    throw fields.untranslatable("prompt")
  }
}
