import JSON

/// A request in no vendor's words: what every form of request is read into, and written from, where the
/// caller and the provider speak differently.
///
/// Texts are contents of JSON strings, still escaped, and numbers are as they were written: nothing is
/// decoded on the way from one form to the other.
struct Conversation {
  enum Role: Hashable { case user, assistant }

  /// What one side says before the other does.
  struct Turn: Hashable {
    var role: Role
    var parts: [Part]
  }

  enum Part: Hashable {
    case text(ArraySlice<UInt8>)
    case image(Image)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
  }

  enum Image: Hashable {
    case data(mediaType: ArraySlice<UInt8>, base64: ArraySlice<UInt8>)
    /// `param` is its place in the caller's body.
    case url(ArraySlice<UInt8>, param: String)
  }

  /// What a function that the model had called gave back: texts and images.
  struct ToolResult: Hashable {
    var callID: ArraySlice<UInt8>
    /// The function's name, where the call is part of the conversation.
    var name: ArraySlice<UInt8> = []
    var parts: [Part]
    var isError = false
  }

  /// A function that the model may call.
  struct Tool: Hashable {
    var name: ArraySlice<UInt8>
    var description: ArraySlice<UInt8>?
    /// A JSON schema, as JSON text.
    var schema: ArraySlice<UInt8>?
    /// Whether the arguments must follow the schema to the letter: JSON text.
    var strict: ArraySlice<UInt8>?
  }

  enum ToolChoice: Hashable {
    case automatic, none, required
    /// The function of this name.
    case function(ArraySlice<UInt8>)
  }

  /// The form that the answer's text must have.
  enum AnswerFormat: Hashable {
    case json
    case schema(name: ArraySlice<UInt8>, schema: ArraySlice<UInt8>, strict: ArraySlice<UInt8>?)
  }

  /// Whose words the names of fields in errors are in.
  let surface: Surface
  var system: [ArraySlice<UInt8>] = []
  private(set) var turns: [Turn] = []
  var tools: [Tool] = []
  var toolChoice: ToolChoice?
  var allowsParallelToolCalls = true
  var answerFormat: AnswerFormat?
  var stopSequences: [ArraySlice<UInt8>] = []
  /// Numbers as JSON text.
  var temperature: ArraySlice<UInt8>?
  var topP: ArraySlice<UInt8>?
  var topK: ArraySlice<UInt8>?
  var seed: ArraySlice<UInt8>?
  var presencePenalty: ArraySlice<UInt8>?
  var frequencyPenalty: ArraySlice<UInt8>?
  /// How long to think, in OpenAI's words; others have no like of it and answer without.
  var reasoningEffort: ArraySlice<UInt8>?

  init(surface: Surface) {
    self.surface = surface
  }

  /// Adds what `role` says; what it said just before becomes part of the same turn, since Anthropic and
  /// Gemini want the results of parallel calls together and the roles to alternate.
  mutating func add(_ parts: [Part], from role: Role) {
    // No vendor takes an empty text.
    let parts = parts.filter { $0 != .text([]) }
    guard !parts.isEmpty else { return }
    if turns.last?.role == role {
      turns[turns.count - 1].parts += parts
    } else {
      turns.append(Turn(role: role, parts: parts))
    }
  }

  /// The error for something that the provider's kind has nothing like, in the caller's words for it.
  func untranslatable(_ name: String, anthropic: String) -> RequestError {
    .untranslatable(surface == .anthropicMessages ? anthropic : name)
  }

  /// The name of the function that the call `id` was for; empty when there was no such call.
  func functionName(ofCall id: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for turn in turns.reversed() {
      for case .toolCall(let call) in turn.parts.reversed() where call.id == id { return call.name }
    }
    return []
  }
}

extension Conversation {
  /// Reads a request of any surface.
  init(_ request: ChatRequest) throws(RequestError) {
    switch request.surface {
    case .generate, .chatPrompt, .openAIChat: self = try OpenAIChatReader(request).conversation()
    case .anthropicMessages: self = try AnthropicReader(request).conversation()
    case .openAIResponses: self = try OpenAIResponsesReader(request).conversation()
    case .openAICompletions: self = try OpenAICompletionsReader(request).conversation()
    case .openAIEmbeddings:
      throw RequestError(
        message: "embeddings are served by OpenAI-compatible providers only; choose one of them",
        param: "model")
    }
    guard !turns.isEmpty else {
      throw RequestError(message: "the request has no text to answer", param: request.surface.inputParam)
    }
  }
}

extension ToolCall {
  /// The arguments as a JSON object; nil when what the model wrote is none.
  func argumentsObject() -> [UInt8]? {
    let text = EscapedText.decoded(arguments)
    if text.allSatisfy({ $0 == 0x20 || $0 == 0x0A }) { return Array("{}".utf8) }
    guard let document = try? JSONDocument(parsing: text), document.kind(of: document.root) == .object else {
      return nil
    }
    return text
  }
}

extension Surface {
  /// The field that holds what is to be answered.
  fileprivate var inputParam: String {
    switch self {
    case .generate, .chatPrompt, .openAICompletions: "prompt"
    case .openAIChat, .anthropicMessages: "messages"
    case .openAIResponses, .openAIEmbeddings: "input"
    }
  }
}
