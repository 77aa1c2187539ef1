import JSON

/// Writes a conversation as a request to generate content, of Google's.
///
/// Source: https://ai.google.dev/api/generate-content
enum GeminiRequestBody {
  static func bytes(for conversation: Conversation, _ call: UpstreamCall) throws(RequestError) -> [UInt8] {
    guard conversation.allowsParallelToolCalls || conversation.tools.isEmpty else {
      throw conversation.untranslatable(
        "parallel_tool_calls", anthropic: "tool_choice.disable_parallel_tool_use")
    }
    var writer = JSONWriter(reserveCapacity: 1_024)
    writer.beginObject()
    if !conversation.system.isEmpty {
      writer.key("systemInstruction")
      writer.beginObject()
      writer.key("parts")
      writer.beginArray()
      for text in conversation.system { writer.textPart(text) }
      writer.endArray()
      writer.endObject()
    }
    writer.key("contents")
    writer.beginArray()
    let signature = missingSignature(for: call.model)
    for turn in conversation.turns { try writer.content(turn, missingSignature: signature) }
    writer.endArray()
    writer.tools(conversation)
    writer.generationConfig(conversation, maxTokens: call.maxTokens)
    writer.endObject()
    return writer.bytes
  }

  /// What stands in for the signature of a call that another model made, or whose signature the caller did
  /// not keep. Models from the third generation on refuse a call without one; Google gives this word for it.
  ///
  /// Source: https://ai.google.dev/gemini-api/docs/thought-signatures
  private static func missingSignature(for model: String) -> StaticString? {
    let isOlder = ["gemini-1", "gemini-2", "gemma"].contains { model.hasPrefix($0) }
    return isOlder ? nil : "skip_thought_signature_validator"
  }
}

extension JSONWriter {
  fileprivate mutating func content(
    _ turn: Conversation.Turn, missingSignature: StaticString?
  ) throws(RequestError) {
    beginObject()
    switch turn.role {
    case .user: member("role", "user" as StaticString)
    case .assistant: member("role", "model" as StaticString)
    }
    key("parts")
    beginArray()
    // Of parallel calls only the first is signed.
    var missingSignature = missingSignature
    for part in turn.parts {
      switch part {
      case .text(let text): textPart(text)
      case .image(let image): try imagePart(image)
      case .toolResult(let result): try functionResponse(result)
      case .toolCall(let call):
        functionCall(call, missingSignature: missingSignature)
        missingSignature = nil
      }
    }
    endArray()
    endObject()
  }

  fileprivate mutating func textPart(_ text: ArraySlice<UInt8>) {
    beginObject()
    key("text")
    string(escapedContent: text)
    endObject()
  }

  private mutating func imagePart(_ image: Conversation.Image) throws(RequestError) {
    guard case .data(let mediaType, let base64) = image else {
      guard case .url(_, let param) = image else { return }
      throw RequestError(
        message: "`\(param)`: this provider reads no addresses; send the image itself, in base64",
        param: param)
    }
    beginObject()
    key("inlineData")
    beginObject()
    key("mimeType")
    string(escapedContent: mediaType)
    key("data")
    string(escapedContent: base64)
    endObject()
    endObject()
  }

  private mutating func functionCall(_ call: ToolCall, missingSignature: StaticString?) {
    beginObject()
    key("functionCall")
    beginObject()
    key("id")
    string(escapedContent: call.id)
    key("name")
    string(escapedContent: call.name)
    member("args", raw: call.argumentsObject() ?? Array("{}".utf8))
    endObject()
    if let signature = call.signature {
      key("thoughtSignature")
      string(escapedContent: signature)
    } else if let missingSignature {
      member("thoughtSignature", missingSignature)
    }
    endObject()
  }

  private mutating func functionResponse(_ result: Conversation.ToolResult) throws(RequestError) {
    guard !result.name.isEmpty else {
      let id = String(decoding: EscapedText.decoded(result.callID).prefix(64), as: UTF8.self)
      throw RequestError(
        message: "`messages` has a tool result for the call \"\(id)\", but not the call itself",
        param: "messages")
    }
    var text: [UInt8] = []
    for case .text(let piece) in result.parts { text += piece }
    beginObject()
    key("functionResponse")
    beginObject()
    key("id")
    string(escapedContent: result.callID)
    key("name")
    string(escapedContent: result.name)
    key("response")
    let decoded = EscapedText.decoded(text[...])
    if !result.isError, let document = try? JSONDocument(parsing: decoded),
      document.kind(of: document.root) == .object
    {
      value(document.root, of: document)
    } else {
      beginObject()
      key(result.isError ? "error" : "output" as StaticString)
      string(escapedContent: text[...])
      endObject()
    }
    endObject()
    endObject()
    for case .image(let image) in result.parts { try imagePart(image) }
  }

  fileprivate mutating func tools(_ conversation: Conversation) {
    guard !conversation.tools.isEmpty else { return }
    key("tools")
    beginArray()
    beginObject()
    key("functionDeclarations")
    beginArray()
    for tool in conversation.tools {
      beginObject()
      key("name")
      string(escapedContent: tool.name)
      if let description = tool.description {
        key("description")
        string(escapedContent: description)
      }
      if let schema = tool.schema { member("parametersJsonSchema", raw: schema) }
      endObject()
    }
    endArray()
    endObject()
    endArray()
    guard let choice = conversation.toolChoice else { return }
    key("toolConfig")
    beginObject()
    key("functionCallingConfig")
    beginObject()
    switch choice {
    case .automatic: member("mode", "AUTO" as StaticString)
    case .none: member("mode", "NONE" as StaticString)
    case .required: member("mode", "ANY" as StaticString)
    case .function(let name):
      member("mode", "ANY" as StaticString)
      key("allowedFunctionNames")
      beginArray()
      string(escapedContent: name)
      endArray()
    }
    endObject()
    endObject()
  }

  fileprivate mutating func generationConfig(_ conversation: Conversation, maxTokens: Int?) {
    key("generationConfig")
    beginObject()
    if let maxTokens { member("maxOutputTokens", maxTokens) }
    let numbers: [(StaticString, ArraySlice<UInt8>?)] = [
      ("temperature", conversation.temperature), ("topP", conversation.topP), ("topK", conversation.topK),
      ("seed", conversation.seed), ("presencePenalty", conversation.presencePenalty),
      ("frequencyPenalty", conversation.frequencyPenalty),
    ]
    for (name, number) in numbers {
      if let number { member(name, raw: number) }
    }
    if !conversation.stopSequences.isEmpty {
      key("stopSequences")
      beginArray()
      for text in conversation.stopSequences { string(escapedContent: text) }
      endArray()
    }
    switch conversation.answerFormat {
    case nil: break
    case .json: member("responseMimeType", "application/json" as StaticString)
    case .schema(name: _, let schema, strict: _):
      member("responseMimeType", "application/json" as StaticString)
      member("responseJsonSchema", raw: schema)
    }
    endObject()
  }
}
