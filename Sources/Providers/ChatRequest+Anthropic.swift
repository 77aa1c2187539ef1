package import JSON

extension ChatRequest {
  /// Reads the body of `POST /v1/messages`, or that of `/v1/messages/count_tokens`.
  ///
  /// Only what the gateway acts on is checked; the rest is the provider's to judge.
  package init(anthropicMessages document: JSONDocument) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    guard let messages = try fields.array("messages") else {
      throw RequestError(
        message: "`messages` is missing: send the conversation as an array", param: "messages")
    }
    try fields.requireObjects(messages, "messages")
    self.init(
      surface: .anthropicMessages, document: document, input: .messages(messages),
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    if let node = fields.node("system") {
      let found = document.kind(of: node)
      guard found == .string || found == .array else {
        throw .wrongType("system", expected: "a string or an array of text blocks", found: found)
      }
      system = node
    }
    maxTokens = try fields.int("max_tokens", in: Limit.tokens)
    isStreaming = try fields.bool("stream") ?? false
    userID = try fields.object("metadata")?.shortString("user_id", maxBytes: Limit.nameBytes)
    inputSize = InputSize(of: input, system: system, in: document)
    needs = ChatRequest.imageNeed(of: input, in: document)
    if let tools = try fields.array("tools"), document.count(of: tools) > 0 {
      needs.insert(.tools)
      inputSize.addTools(tools, in: document)
    }
    inputSize.addRaw(fields.node("output_config"), in: document)
    if let servers = fields.node("mcp_servers"), document.count(of: servers) > 0 {
      inputSize.openEnds.insert(.hostedTool)
    }
    if fields.node("container") != nil { inputSize.openEnds.insert(.stored) }
  }
}
