import JSON

/// Writes a conversation as a chat completion request of OpenAI's.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/create
enum OpenAIChatBody {
  static func bytes(for conversation: Conversation, _ call: UpstreamCall) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: 1_024)
    writer.beginObject()
    writer.member("model", call.model)
    writer.key("messages")
    writer.beginArray()
    if !conversation.system.isEmpty { writer.system(conversation.system) }
    for turn in conversation.turns {
      switch turn.role {
      case .user: writer.user(turn.parts)
      case .assistant: writer.assistant(turn.parts)
      }
    }
    writer.endArray()
    if let maxTokens = call.maxTokens {
      writer.member(OpenAIRequestBody.boundName(for: call.model), maxTokens)
    }
    writer.options(conversation)
    if let effort = conversation.reasoningEffort {
      writer.key("reasoning_effort")
      writer.string(escapedContent: effort)
    }
    if let userID = call.userID { writer.member("user", userID) }
    writer.member("stream", call.isStreaming)
    if call.isStreaming { writer.member("stream_options", raw: Array(#"{"include_usage":true}"#.utf8)) }
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func system(_ texts: [ArraySlice<UInt8>]) {
    beginObject()
    member("role", "system" as StaticString)
    key("content")
    string(escapedContent: texts.count == 1 ? texts[0] : Array(texts.joined(separator: #"\n\n"#.utf8))[...])
    endObject()
  }

  /// Each result of a call is a message of its own, and must follow the calls directly; then what the user
  /// says. Images in results go with that: OpenAI takes only texts in results.
  fileprivate mutating func user(_ parts: [Conversation.Part]) {
    var said: [Conversation.Part] = []
    for part in parts {
      guard case .toolResult(let result) = part else {
        said.append(part)
        continue
      }
      var text: [UInt8] = result.isError ? Array("Error: ".utf8) : []
      for part in result.parts {
        if case .text(let piece) = part { text += piece } else { said.append(part) }
      }
      beginObject()
      member("role", "tool" as StaticString)
      key("tool_call_id")
      string(escapedContent: result.callID)
      key("content")
      string(escapedContent: text[...])
      endObject()
    }
    guard !said.isEmpty else { return }
    beginObject()
    member("role", "user" as StaticString)
    key("content")
    if said.count == 1, case .text(let text) = said[0] {
      string(escapedContent: text)
    } else {
      beginArray()
      for part in said { contentPart(part) }
      endArray()
    }
    endObject()
  }

  private mutating func contentPart(_ part: Conversation.Part) {
    switch part {
    case .text(let text):
      beginObject()
      member("type", "text" as StaticString)
      key("text")
      string(escapedContent: text)
      endObject()
    case .image(let image):
      beginObject()
      member("type", "image_url" as StaticString)
      key("image_url")
      beginObject()
      key("url")
      string(escapedContent: image.url)
      endObject()
      endObject()
    // A user makes no calls, and the results have been written.
    case .toolCall, .toolResult: break
    }
  }

  fileprivate mutating func assistant(_ parts: [Conversation.Part]) {
    var text: [UInt8] = []
    var calls: [ToolCall] = []
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .toolCall(let call): calls.append(call)
      case .image, .toolResult: break
      }
    }
    beginObject()
    member("role", "assistant" as StaticString)
    key("content")
    if text.isEmpty { null() } else { string(escapedContent: text[...]) }
    if !calls.isEmpty {
      key("tool_calls")
      beginArray()
      for call in calls { toolCall(call) }
      endArray()
    }
    endObject()
  }

  fileprivate mutating func options(_ conversation: Conversation) {
    let numbers: [(StaticString, ArraySlice<UInt8>?)] = [
      ("temperature", conversation.temperature), ("top_p", conversation.topP), ("seed", conversation.seed),
      ("presence_penalty", conversation.presencePenalty),
      ("frequency_penalty", conversation.frequencyPenalty),
    ]
    for (name, number) in numbers {
      if let number { member(name, raw: number) }
    }
    if !conversation.stopSequences.isEmpty {
      key("stop")
      beginArray()
      for text in conversation.stopSequences { string(escapedContent: text) }
      endArray()
    }
    if !conversation.tools.isEmpty {
      key("tools")
      beginArray()
      for tool in conversation.tools { self.tool(tool) }
      endArray()
      toolChoice(conversation.toolChoice)
      if !conversation.allowsParallelToolCalls { member("parallel_tool_calls", false) }
    }
    answerFormat(conversation.answerFormat)
  }

  private mutating func tool(_ tool: Conversation.Tool) {
    beginObject()
    member("type", "function" as StaticString)
    key("function")
    beginObject()
    key("name")
    string(escapedContent: tool.name)
    if let description = tool.description {
      key("description")
      string(escapedContent: description)
    }
    if let schema = tool.schema { member("parameters", raw: schema) }
    if let strict = tool.strict { member("strict", raw: strict) }
    endObject()
    endObject()
  }

  private mutating func toolChoice(_ choice: Conversation.ToolChoice?) {
    switch choice {
    case nil: break
    case .automatic: member("tool_choice", "auto" as StaticString)
    case .some(.none): member("tool_choice", "none" as StaticString)
    case .required: member("tool_choice", "required" as StaticString)
    case .function(let name):
      key("tool_choice")
      beginObject()
      member("type", "function" as StaticString)
      key("function")
      beginObject()
      key("name")
      string(escapedContent: name)
      endObject()
      endObject()
    }
  }

  private mutating func answerFormat(_ format: Conversation.AnswerFormat?) {
    switch format {
    case nil: break
    case .json: member("response_format", raw: Array(#"{"type":"json_object"}"#.utf8))
    case .schema(let name, let schema, let strict):
      key("response_format")
      beginObject()
      member("type", "json_schema" as StaticString)
      key("json_schema")
      beginObject()
      key("name")
      string(escapedContent: name.isEmpty ? Array("answer".utf8)[...] : name)
      member("schema", raw: schema)
      if let strict { member("strict", raw: strict) }
      endObject()
      endObject()
    }
  }
}

extension Conversation.Image {
  /// The image as OpenAI's `url`.
  var url: ArraySlice<UInt8> {
    switch self {
    case .url(let url, param: _): url
    case .data(let mediaType, let base64):
      Array("data:".utf8)[...] + mediaType + Array(";base64,".utf8) + base64
    }
  }
}
