import JSON

/// Reads the body of a chat completion, or of the gateway's own surface, whose messages are the same.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/create
struct OpenAIChatReader {
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
    if let system = request.system.flatMap({ request.document.escapedContent(of: $0) }) {
      reader.result.system.append(system)
    }
    switch request.input {
    case .prompt(let prompt):
      reader.result.add([.text(request.document.escapedContent(of: prompt) ?? [])], from: .user)
    case .messages, .items, .batch:
      for message in try fields.objects("messages") { try reader.read(message: message) }
    }
    reader.result.temperature = try fields.rawNumber("temperature")
    // The native surface has no more than that.
    if request.surface == .openAIChat { try reader.readOptions() }
    return reader.result
  }

  // MARK: Messages

  private mutating func read(message: RequestFields) throws(RequestError) {
    let role = try message.requiredText("role")
    if role.isText("system") || role.isText("developer") {
      for part in try parts(of: message) {
        guard case .text(let text) = part else { throw message.untranslatable("content") }
        if !text.isEmpty { result.system.append(text) }
      }
    } else if role.isText("user") {
      result.add(try parts(of: message), from: .user)
    } else if role.isText("assistant") {
      try readAssistant(message)
    } else if role.isText("tool") {
      try readResult(message, callID: try message.requiredText("tool_call_id"))
    } else if role.isText("function") {
      // The older form has one call at a time, known by its function's name.
      try readResult(message, callID: try message.requiredText("name"))
    } else {
      throw message.untranslatable("role")
    }
  }

  private mutating func readAssistant(_ message: RequestFields) throws(RequestError) {
    var parts = try parts(of: message)
    if let refusal = try message.text("refusal") { parts.append(.text(refusal)) }
    if message.node("audio") != nil { throw message.untranslatable("audio") }
    for call in try message.objects("tool_calls") {
      guard let function = try call.object("function") else { throw call.untranslatable("type") }
      // Where Google's own OpenAI surface has it.
      let google = try call.object("extra_content")?.object("google")
      parts.append(
        .toolCall(
          try toolCall(
            function, id: try call.requiredText("id"), signature: try google?.text("thought_signature"))))
    }
    if let function = try message.object("function_call") {
      parts.append(.toolCall(try toolCall(function, id: try function.requiredText("name"))))
    }
    result.add(parts, from: .assistant)
  }

  private func toolCall(
    _ function: RequestFields, id: ArraySlice<UInt8>, signature: ArraySlice<UInt8>? = nil
  ) throws(RequestError) -> ToolCall {
    var call = ToolCall(
      id: id, name: try function.requiredText("name"), arguments: try function.text("arguments") ?? [])
    call.signature = signature
    guard call.argumentsObject() != nil else {
      let param = function.param("arguments")
      throw RequestError(message: "`\(param)` must be the text of a JSON object", param: param)
    }
    return call
  }

  private mutating func readResult(
    _ message: RequestFields, callID: ArraySlice<UInt8>
  ) throws(RequestError) {
    let name = result.functionName(ofCall: callID)
    result.add(
      [.toolResult(Conversation.ToolResult(callID: callID, name: name, parts: try parts(of: message)))],
      from: .user)
  }

  /// The content of a message: a text, or parts.
  private func parts(of message: RequestFields) throws(RequestError) -> [Conversation.Part] {
    guard let content = message.node("content") else { return [] }
    if let text = message.document.escapedContent(of: content) { return [.text(text)] }
    var parts: [Conversation.Part] = []
    for part in try message.objects("content") {
      if part.isText("type", "text") {
        parts.append(.text(try part.requiredText("text")))
      } else if part.isText("type", "refusal") {
        parts.append(.text(try part.requiredText("refusal")))
      } else if part.isText("type", "image_url"), let image = try part.object("image_url") {
        parts.append(
          .image(Conversation.Image(urlOrData: try image.requiredText("url"), param: image.param("url"))))
      } else {
        throw part.untranslatable("type")
      }
    }
    return parts
  }

  // MARK: Options

  private mutating func readOptions() throws(RequestError) {
    try refuseWhatHasNoCounterpart()
    result.topP = try fields.rawNumber("top_p")
    result.topK = try fields.rawNumber("top_k")
    result.seed = try fields.rawNumber("seed")
    result.presencePenalty = try fields.rawNumber("presence_penalty")
    result.frequencyPenalty = try fields.rawNumber("frequency_penalty")
    result.reasoningEffort = try fields.text("reasoning_effort")
    result.stopSequences = try fields.texts("stop")
    result.allowsParallelToolCalls = try fields.bool("parallel_tool_calls") ?? true
    try readTools()
    try readAnswerFormat()
  }

  /// What changes the answer and is known to no other vendor. Hints, such as `store` or
  /// `reasoning_effort`, are left out without a word: the answer is right without them.
  private func refuseWhatHasNoCounterpart() throws(RequestError) {
    if request.choiceCount > 1 { throw fields.untranslatable("n") }
    if try fields.bool("logprobs") == true { throw fields.untranslatable("logprobs") }
    // `functions` are the older form of `tools`, and their answers are too.
    for name: StaticString in ["logit_bias", "audio", "web_search_options", "functions"] {
      guard let node = fields.node(name), fields.document.count(of: node) > 0 else { continue }
      throw fields.untranslatable(name)
    }
  }

  private mutating func readTools() throws(RequestError) {
    for tool in try fields.objects("tools") {
      guard tool.isText("type", "function"), let function = try tool.object("function") else {
        throw tool.untranslatable("type")
      }
      result.tools.append(try self.tool(function))
    }
    result.toolChoice = try toolChoice()
  }

  private func tool(_ function: RequestFields) throws(RequestError) -> Conversation.Tool {
    Conversation.Tool(
      name: try function.requiredText("name"), description: try function.text("description"),
      schema: try function.rawObject("parameters"), strict: try function.rawBool("strict"))
  }

  private func toolChoice() throws(RequestError) -> Conversation.ToolChoice? {
    let name: StaticString = "tool_choice"
    guard let node = fields.node(name) else { return nil }
    if fields.document.isText(node, "auto") { return .automatic }
    if fields.document.isText(node, "none") { return Conversation.ToolChoice.none }
    if fields.document.isText(node, "required") { return .required }
    guard fields.document.kind(of: node) == .object,
      let function = try fields.object(name)?.object("function")
    else { throw fields.untranslatable(name) }
    return .function(try function.requiredText("name"))
  }

  private mutating func readAnswerFormat() throws(RequestError) {
    guard let format = try fields.object("response_format"), !format.isText("type", "text") else { return }
    if format.isText("type", "json_object") {
      result.answerFormat = .json
    } else if format.isText("type", "json_schema"), let inner = try format.object("json_schema"),
      let schema = inner.raw("schema")
    {
      result.answerFormat = .schema(
        name: try inner.text("name") ?? [], schema: schema, strict: inner.raw("strict"))
    } else {
      throw format.untranslatable("type")
    }
  }
}

extension Conversation.Image {
  /// An image from OpenAI's `url`, which is an address or a `data:` URL (RFC 2397) in base64.
  init(urlOrData url: ArraySlice<UInt8>, param: String) {
    // Base64 has slashes, and some writers escape them.
    let plain = url.contains(UInt8(ascii: "\\")) ? EscapedText.decoded(url)[...] : url
    guard plain.starts(with: "data:".utf8), let comma = plain.firstIndex(of: UInt8(ascii: ",")) else {
      self = .url(url, param: param)
      return
    }
    let head = plain[plain.startIndex + 5..<comma]
    let type = head.prefix { $0 != UInt8(ascii: ";") }
    guard head.suffix(7).isText(";base64"), !type.isEmpty else {
      self = .url(url, param: param)
      return
    }
    let data = plain[(comma + 1)...]
    // What is not plain must not leave the quotes that it is put between.
    let isPlain = (type + data).allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain else {
      self = .url(url, param: param)
      return
    }
    self = .data(mediaType: type, base64: data)
  }
}
