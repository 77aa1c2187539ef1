import JSON

/// Reads the body of a response request of OpenAI's, for a provider that has only chat completions.
///
/// Source: https://platform.openai.com/docs/api-reference/responses/create
struct OpenAIResponsesReader {
  private let request: ChatRequest
  private let fields: RequestFields
  private var result: Conversation

  init(_ request: ChatRequest) {
    self.request = request
    result = Conversation(surface: request.surface)
    fields = RequestFields(document: request.document, object: request.document.root)
  }

  func conversation() throws(RequestError) -> Conversation {
    var reader = self
    // What the provider would have to remember, or do by itself.
    for name: StaticString in ["previous_response_id", "conversation", "prompt"]
    where fields.node(name) != nil { throw fields.untranslatable(name) }
    if try fields.bool("background") == true { throw fields.untranslatable("background") }
    if let instructions = try fields.text("instructions") { reader.result.system.append(instructions) }
    switch request.input {
    case .prompt(let text):
      reader.result.add([.text(request.document.escapedContent(of: text) ?? [])], from: .user)
    case .messages, .items, .batch:
      for item in try fields.objects("input") { try reader.read(item: item) }
    }
    reader.result.temperature = try fields.rawNumber("temperature")
    reader.result.topP = try fields.rawNumber("top_p")
    reader.result.reasoningEffort = try fields.object("reasoning")?.text("effort")
    reader.result.allowsParallelToolCalls = try fields.bool("parallel_tool_calls") ?? true
    try reader.readTools()
    try reader.readAnswerFormat()
    return reader.result
  }

  private mutating func read(item: RequestFields) throws(RequestError) {
    if item.node("type") == nil || item.isText("type", "message") {
      try read(message: item)
    } else if item.isText("type", "function_call") {
      let call = ToolCall(
        id: try item.requiredText("call_id"), name: try item.requiredText("name"),
        arguments: try item.text("arguments") ?? [])
      guard call.argumentsObject() != nil else {
        let param = item.param("arguments")
        throw RequestError(message: "`\(param)` must be the text of a JSON object", param: param)
      }
      result.add([.toolCall(call)], from: .assistant)
    } else if item.isText("type", "function_call_output") {
      let id = try item.requiredText("call_id")
      result.add(
        [
          .toolResult(
            Conversation.ToolResult(
              callID: id, name: result.functionName(ofCall: id), parts: try parts(of: item, "output")))
        ], from: .user)
    } else if !item.isText("type", "reasoning") {
      // Thoughts are encrypted for their own vendor, and left out.
      throw item.untranslatable("type")
    }
  }

  private mutating func read(message: RequestFields) throws(RequestError) {
    let parts = try parts(of: message, "content")
    if message.isText("role", "user") {
      result.add(parts, from: .user)
    } else if message.isText("role", "assistant") {
      result.add(parts, from: .assistant)
    } else if message.isText("role", "system") || message.isText("role", "developer") {
      for case .text(let text) in parts where !text.isEmpty { result.system.append(text) }
    } else {
      throw message.untranslatable("role")
    }
  }

  private func parts(of item: RequestFields, _ name: StaticString) throws(RequestError) -> [Conversation.Part]
  {
    guard let content = item.node(name) else { return [] }
    if let text = item.document.escapedContent(of: content) { return [.text(text)] }
    var parts: [Conversation.Part] = []
    for part in try item.objects(name) {
      if part.isText("type", "input_text") || part.isText("type", "output_text")
        || part.isText("type", "text")
      {
        parts.append(.text(try part.requiredText("text")))
      } else if part.isText("type", "refusal") {
        parts.append(.text(try part.requiredText("refusal")))
      } else if part.isText("type", "input_image"), part.node("image_url") != nil {
        parts.append(
          .image(
            Conversation.Image(
              urlOrData: try part.requiredText("image_url"), param: part.param("image_url"))))
      } else {
        throw part.untranslatable("type")
      }
    }
    return parts
  }

  private mutating func readTools() throws(RequestError) {
    for tool in try fields.objects("tools") {
      guard tool.isText("type", "function") else { throw tool.untranslatable("type") }
      result.tools.append(
        Conversation.Tool(
          name: try tool.requiredText("name"), description: try tool.text("description"),
          schema: try tool.rawObject("parameters"), strict: try tool.rawBool("strict")))
    }
    guard fields.node("tool_choice") != nil else { return }
    if fields.isText("tool_choice", "auto") {
      result.toolChoice = .automatic
    } else if fields.isText("tool_choice", "none") {
      result.toolChoice = Conversation.ToolChoice.none
    } else if fields.isText("tool_choice", "required") {
      result.toolChoice = .required
    } else if let choice = try? fields.object("tool_choice"), choice.isText("type", "function") {
      result.toolChoice = .function(try choice.requiredText("name"))
    } else {
      throw fields.untranslatable("tool_choice")
    }
  }

  private mutating func readAnswerFormat() throws(RequestError) {
    guard let format = try fields.object("text")?.object("format"), !format.isText("type", "text") else {
      return
    }
    if format.isText("type", "json_object") {
      result.answerFormat = .json
    } else if format.isText("type", "json_schema"), let schema = format.raw("schema") {
      result.answerFormat = .schema(
        name: try format.text("name") ?? [], schema: schema, strict: format.raw("strict"))
    } else {
      throw format.untranslatable("type")
    }
  }
}
