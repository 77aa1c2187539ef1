import JSON

/// Writes a conversation as a message request of Anthropic's.
///
/// Source: https://docs.anthropic.com/en/api/messages
enum AnthropicRequestBody {
  /// Anthropic wants a bound with every request; this is what its smallest current models can write.
  static let defaultMaxTokens = 4_096

  static func bytes(for conversation: Conversation, _ call: UpstreamCall) throws(RequestError) -> [UInt8] {
    try refuse(conversation)
    var writer = JSONWriter(reserveCapacity: 1_024)
    writer.beginObject()
    writer.member("model", call.model)
    writer.member("max_tokens", call.maxTokens ?? defaultMaxTokens)
    if !conversation.system.isEmpty {
      writer.key("system")
      writer.beginArray()
      for text in conversation.system { writer.textBlock(text) }
      writer.endArray()
    }
    writer.key("messages")
    writer.beginArray()
    for turn in conversation.turns { writer.message(turn) }
    writer.endArray()
    writer.options(conversation)
    if let userID = call.userID {
      writer.key("metadata")
      writer.beginObject()
      writer.member("user_id", userID)
      writer.endObject()
    }
    writer.member("stream", call.isStreaming)
    writer.endObject()
    return writer.bytes
  }

  private static func refuse(_ conversation: Conversation) throws(RequestError) {
    if conversation.answerFormat == .json { throw .untranslatable("response_format.type") }
    if conversation.presencePenalty.map({ !$0.isZero }) ?? false { throw .untranslatable("presence_penalty") }
    if conversation.frequencyPenalty.map({ !$0.isZero }) ?? false {
      throw .untranslatable("frequency_penalty")
    }
  }
}

extension ArraySlice<UInt8> {
  /// Whether this JSON number is zero.
  var isZero: Bool {
    prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy {
      $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
    }
  }
}

extension JSONWriter {
  fileprivate mutating func message(_ turn: Conversation.Turn) {
    beginObject()
    switch turn.role {
    case .user: member("role", "user" as StaticString)
    case .assistant: member("role", "assistant" as StaticString)
    }
    key("content")
    beginArray()
    // The results of calls must come first in their turn.
    for part in turn.parts where part.isToolResult { block(part) }
    for part in turn.parts where !part.isToolResult { block(part) }
    endArray()
    endObject()
  }

  fileprivate mutating func textBlock(_ text: ArraySlice<UInt8>) {
    beginObject()
    member("type", "text" as StaticString)
    key("text")
    string(escapedContent: text)
    endObject()
  }

  private mutating func block(_ part: Conversation.Part) {
    switch part {
    case .text(let text): textBlock(text)
    case .image(let image): imageBlock(image)
    case .toolCall(let call): toolUseBlock(call)
    case .toolResult(let result):
      beginObject()
      member("type", "tool_result" as StaticString)
      key("tool_use_id")
      string(escapedContent: result.callID)
      key("content")
      beginArray()
      for part in result.parts where part != .text([]) { block(part) }
      endArray()
      if result.isError { member("is_error", true) }
      endObject()
    }
  }

  /// A call as a block; arguments that are no object are shown under a name that says so.
  mutating func toolUseBlock(_ call: ToolCall) {
    beginObject()
    member("type", "tool_use" as StaticString)
    key("id")
    string(escapedContent: call.id)
    key("name")
    string(escapedContent: call.name)
    key("input")
    if let object = call.argumentsObject() {
      value(raw: object)
    } else {
      beginObject()
      key("invalid_json")
      string(escapedContent: call.arguments)
      endObject()
    }
    endObject()
  }

  private mutating func imageBlock(_ image: Conversation.Image) {
    beginObject()
    member("type", "image" as StaticString)
    key("source")
    beginObject()
    switch image {
    case .data(let mediaType, let base64):
      member("type", "base64" as StaticString)
      key("media_type")
      string(escapedContent: mediaType)
      key("data")
      string(escapedContent: base64)
    case .url(let url, param: _):
      member("type", "url" as StaticString)
      key("url")
      string(escapedContent: url)
    }
    endObject()
    endObject()
  }

  fileprivate mutating func options(_ conversation: Conversation) {
    if let temperature = conversation.temperature {
      // OpenAI's range ends at 2, Anthropic's at 1.
      let isAboveOne = (Double(String(decoding: temperature, as: UTF8.self)) ?? 0) > 1
      member("temperature", raw: isAboveOne ? Array("1".utf8)[...] : temperature)
    }
    if let topP = conversation.topP { member("top_p", raw: topP) }
    if let topK = conversation.topK { member("top_k", raw: topK) }
    if !conversation.stopSequences.isEmpty {
      key("stop_sequences")
      beginArray()
      for text in conversation.stopSequences { string(escapedContent: text) }
      endArray()
    }
    if !conversation.tools.isEmpty {
      key("tools")
      beginArray()
      for tool in conversation.tools { self.tool(tool) }
      endArray()
      toolChoice(conversation)
    }
    if case .schema(_, let schema, _) = conversation.answerFormat {
      key("output_config")
      beginObject()
      key("format")
      beginObject()
      member("type", "json_schema" as StaticString)
      member("schema", raw: schema)
      endObject()
      endObject()
    }
  }

  private mutating func tool(_ tool: Conversation.Tool) {
    beginObject()
    key("name")
    string(escapedContent: tool.name)
    if let description = tool.description {
      key("description")
      string(escapedContent: description)
    }
    member("input_schema", raw: tool.schema ?? Array(#"{"type":"object","properties":{}}"#.utf8)[...])
    endObject()
  }

  private mutating func toolChoice(_ conversation: Conversation) {
    guard conversation.toolChoice != nil || !conversation.allowsParallelToolCalls else { return }
    key("tool_choice")
    beginObject()
    switch conversation.toolChoice ?? .automatic {
    case .automatic: member("type", "auto" as StaticString)
    case .none: member("type", "none" as StaticString)
    case .required: member("type", "any" as StaticString)
    case .function(let name):
      member("type", "tool" as StaticString)
      key("name")
      string(escapedContent: name)
    }
    if !conversation.allowsParallelToolCalls && conversation.toolChoice != Conversation.ToolChoice.none {
      member("disable_parallel_tool_use", true)
    }
    endObject()
  }
}

extension Conversation.Part {
  fileprivate var isToolResult: Bool {
    if case .toolResult = self { true } else { false }
  }
}
