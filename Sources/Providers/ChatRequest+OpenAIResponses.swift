package import JSON

extension ChatRequest {
  /// Reads the body of `POST /v1/responses`.
  ///
  /// Only what the gateway acts on is checked; the rest is the provider's to judge.
  package init(openAIResponses document: JSONDocument) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    guard let node = fields.node("input") else {
      throw RequestError(
        message: "`input` is missing: send the text as a string, or a conversation as an array",
        param: "input")
    }
    let input: Input
    switch document.kind(of: node) {
    case .string: input = .prompt(node)
    case .array:
      try fields.requireObjects(node, "input")
      input = .items(node)
    case .object, .number, .true, .false, .null:
      throw .wrongType("input", expected: "a string or an array of items", found: document.kind(of: node))
    }
    self.init(
      surface: .openAIResponses, document: document, input: input,
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    system = try fields.stringNode("instructions")
    try readOpenAI(fields)
    choiceCount = 1
    maxTokens = try fields.int("max_output_tokens", in: Limit.tokens)
    if let tools = try fields.array("tools"), document.count(of: tools) > 0 {
      needs.insert(.tools)
      inputSize.addTools(tools, in: document)
    }
    for name: StaticString in ["previous_response_id", "conversation", "prompt"]
    where fields.node(name) != nil {
      inputSize.openEnds.insert(.stored)
    }
    inputSize.addRaw(fields.node("text"), in: document)
  }
}
