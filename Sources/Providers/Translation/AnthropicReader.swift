import JSON

/// Reads the body of a message of Anthropic's.
///
/// Source: https://docs.anthropic.com/en/api/messages
struct AnthropicReader {
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
    try reader.readSystem()
    for message in try fields.objects("messages") { try reader.read(message: message) }
    reader.result.temperature = try fields.rawNumber("temperature")
    reader.result.topP = try fields.rawNumber("top_p")
    reader.result.topK = try fields.rawNumber("top_k")
    reader.result.stopSequences = try fields.texts("stop_sequences")
    try reader.readTools()
    try reader.readAnswerFormat()
    // Hints and tools of the vendor's own that the answer would be wrong without.
    for name: StaticString in ["mcp_servers", "container"] {
      if let node = fields.node(name), fields.document.count(of: node) > 0 {
        throw fields.untranslatable(name)
      }
    }
    return reader.result
  }

  private mutating func readSystem() throws(RequestError) {
    guard let system = fields.node("system") else { return }
    if let text = fields.document.escapedContent(of: system) {
      result.system = text.isEmpty ? [] : [text]
      return
    }
    for block in try fields.objects("system") { result.system.append(try block.requiredText("text")) }
  }

  private mutating func read(message: RequestFields) throws(RequestError) {
    let role = try message.requiredText("role")
    if role.isText("user") {
      result.add(try parts(of: message), from: .user)
    } else if role.isText("assistant") {
      result.add(try parts(of: message), from: .assistant)
    } else if role.isText("system") {
      for case .text(let text) in try parts(of: message) { result.system.append(text) }
    } else {
      throw message.untranslatable("role")
    }
  }

  private func parts(of message: RequestFields) throws(RequestError) -> [Conversation.Part] {
    guard let content = message.node("content") else { return [] }
    if let text = message.document.escapedContent(of: content) { return [.text(text)] }
    var parts: [Conversation.Part] = []
    for block in try message.objects("content") {
      if block.isText("type", "text") {
        parts.append(.text(try block.requiredText("text")))
      } else if block.isText("type", "image") {
        parts.append(.image(try image(block)))
      } else if block.isText("type", "tool_use") {
        let input = try block.rawObject("input") ?? Array("{}".utf8)[...]
        parts.append(
          .toolCall(
            ToolCall(
              id: try block.requiredText("id"), name: try block.requiredText("name"),
              arguments: EscapedText.escaped(input))))
      } else if block.isText("type", "tool_result") {
        parts.append(.toolResult(try toolResult(block)))
      } else if block.isText("type", "thinking") || block.isText("type", "redacted_thinking") {
        // Signed by the vendor for the vendor; no other model may see them.
        continue
      } else {
        throw block.untranslatable("type")
      }
    }
    return parts
  }

  private func toolResult(_ block: RequestFields) throws(RequestError) -> Conversation.ToolResult {
    let id = try block.requiredText("tool_use_id")
    return Conversation.ToolResult(
      callID: id, name: result.functionName(ofCall: id), parts: try parts(of: block),
      isError: try block.bool("is_error") ?? false)
  }

  private func image(_ block: RequestFields) throws(RequestError) -> Conversation.Image {
    guard let source = try block.object("source") else { throw block.untranslatable("source") }
    if source.isText("type", "base64") {
      return .data(
        mediaType: try source.requiredText("media_type"), base64: try source.requiredText("data"))
    }
    if source.isText("type", "url") {
      return .url(try source.requiredText("url"), param: source.param("url"))
    }
    throw source.untranslatable("type")
  }

  private mutating func readTools() throws(RequestError) {
    for tool in try fields.objects("tools") {
      // The vendor's own tools have a type with a date, such as `web_search_20250305`.
      guard tool.node("type") == nil || tool.isText("type", "custom") else {
        throw tool.untranslatable("type")
      }
      result.tools.append(
        Conversation.Tool(
          name: try tool.requiredText("name"), description: try tool.text("description"),
          schema: try tool.rawObject("input_schema"), strict: try tool.rawBool("strict")))
    }
    guard let choice = try fields.object("tool_choice") else { return }
    result.allowsParallelToolCalls = try choice.bool("disable_parallel_tool_use") != true
    if choice.isText("type", "auto") {
      result.toolChoice = .automatic
    } else if choice.isText("type", "any") {
      result.toolChoice = .required
    } else if choice.isText("type", "none") {
      result.toolChoice = Conversation.ToolChoice.none
    } else if choice.isText("type", "tool") {
      result.toolChoice = .function(try choice.requiredText("name"))
    } else {
      throw choice.untranslatable("type")
    }
  }

  private mutating func readAnswerFormat() throws(RequestError) {
    let outputConfig = try fields.object("output_config")
    let older = try fields.object("output_format")
    guard let format = try outputConfig?.object("format") ?? older else { return }
    guard format.isText("type", "json_schema"), let schema = format.raw("schema") else {
      throw format.untranslatable("type")
    }
    result.answerFormat = .schema(
      name: Array("answer".utf8)[...], schema: schema, strict: Array("true".utf8)[...])
  }
}
