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
    for (index, call) in answer.toolCalls.enumerated() { toolUseBlock(call.named(index, identity)) }
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
