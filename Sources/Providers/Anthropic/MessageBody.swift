import GatewayTypes
import JSON

extension JSONWriter {
  /// Writes an answer as Anthropic's message object.
  ///
  /// Thoughts of another vendor's model are left out: here they are signed, and sent back by the caller,
  /// unsigned ones would be refused.
  mutating func message(_ answer: ChatAnswer, _ identity: AnswerIdentity) {
    beginObject()
    member("id", "msg_" + identity.id)
    member("type", "message" as StaticString)
    member("role", "assistant" as StaticString)
    member("model", identity.model)
    key("content")
    beginArray()
    if !answer.escapedText.isEmpty {
      beginObject()
      member("type", "text" as StaticString)
      key("text")
      string(escapedContent: answer.escapedText)
      endObject()
    }
    for (index, call) in answer.toolCalls.enumerated() {
      var call = call
      if call.id.isEmpty { call.id = ToolCall.id(ofCall: index, identity) }
      toolUseBlock(call)
    }
    endArray()
    let isRefusal = answer.isRefusal ? "content_filter" : answer.finishReason
    member(
      "stop_reason", AnthropicWords.stopReason(of: isRefusal, hasStopSequence: answer.stopSequence != nil))
    key("stop_sequence")
    if let text = answer.stopSequence { string(escapedContent: text) } else { null() }
    key("usage")
    anthropicUsage(answer.usage)
    endObject()
  }

  /// Usage in Anthropic's names: the input excludes the cache.
  mutating func anthropicUsage(_ usage: TokenUsage) {
    beginObject()
    member("input_tokens", usage.uncachedInput)
    member("cache_creation_input_tokens", usage.cacheWrite)
    member("cache_read_input_tokens", usage.cacheRead)
    member("output_tokens", usage.output)
    endObject()
  }
}

extension ToolCall {
  /// A name for a call that its provider gave none; the request's makes it unlike those of other turns.
  static func id(ofCall index: Int, _ identity: AnswerIdentity) -> ArraySlice<UInt8> {
    EscapedText.escaped("call_\(identity.id)_\(index)".utf8)
  }
}
