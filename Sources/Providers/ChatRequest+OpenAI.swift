package import JSON

extension ChatRequest {
  /// Reads the body of `POST /v1/chat/completions`.
  ///
  /// Only what the gateway acts on is checked: the rest is the provider's to judge, so that a field or a
  /// value that is newer than this code is served.
  package init(openAIChat document: JSONDocument) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    guard let messages = try fields.array("messages") else {
      throw RequestError(
        message: "`messages` is missing: send the conversation as an array", param: "messages")
    }
    try fields.requireObjects(messages, "messages")
    self.init(
      surface: .openAIChat, document: document, input: .messages(messages),
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    try readOpenAI(fields)
    let newer = try fields.int("max_completion_tokens", in: Limit.tokens)
    let older = try fields.int("max_tokens", in: Limit.tokens)
    maxTokens = newer ?? older
    for name: StaticString in ["tools", "functions"] {
      guard let tools = try fields.array(name), document.count(of: tools) > 0 else { continue }
      needs.insert(.tools)
      inputSize.addTools(tools, in: document)
    }
    inputSize.addRaw(fields.node("response_format"), in: document)
    if fields.node("web_search_options") != nil { inputSize.openEnds.insert(.hostedTool) }
  }

  /// Reads the fields that OpenAI's endpoints share.
  mutating func readOpenAI(_ fields: RequestFields) throws(RequestError) {
    isStreaming = try fields.bool("stream") ?? false
    wantsUsageInStream = try fields.object("stream_options")?.bool("include_usage") ?? false
    choiceCount = try fields.int("n", in: Limit.choices) ?? 1
    userID = try fields.shortString("user", maxBytes: Limit.nameBytes)
    if userID == nil { userID = try fields.shortString("safety_identifier", maxBytes: Limit.nameBytes) }
    inputSize = InputSize(of: input, system: system, in: document)
    needs = ChatRequest.imageNeed(of: input, in: document)
  }

  /// Whether a message of the conversation shows an image.
  static func imageNeed(of input: Input, in document: JSONDocument) -> RequestNeeds {
    switch input {
    case .prompt, .batch: return []
    case .messages(let messages), .items(let messages):
      for message in document.elements(of: messages) {
        guard let content = document.member("content", of: message) else { continue }
        for part in document.elements(of: content) {
          guard let type = document.member("type", of: part) else { continue }
          if PartKind.isImage(type, in: document) { return .images }
        }
      }
      return []
    }
  }
}

extension RequestFields {
  /// Checks that `array`, the value of `name`, has elements, all of them objects.
  func requireObjects(_ array: JSONNode, _ name: StaticString) throws(RequestError) {
    var index = 0
    for element in document.elements(of: array) {
      let found = document.kind(of: element)
      guard found == .object else {
        throw .wrongType("\(param(name))[\(index)]", expected: "an object", found: found)
      }
      index += 1
    }
    guard index > 0 else {
      throw RequestError(message: "`\(param(name))` must not be empty", param: param(name))
    }
  }
}
