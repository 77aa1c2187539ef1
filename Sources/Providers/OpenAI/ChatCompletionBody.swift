import GatewayTypes
import JSON

extension JSONWriter {
  /// Writes an answer as OpenAI's chat completion object.
  ///
  /// Source: https://platform.openai.com/docs/api-reference/chat/object
  mutating func chatCompletion(_ answer: ChatAnswer, _ identity: AnswerIdentity) {
    beginObject()
    member("id", "chatcmpl-" + identity.id)
    member("object", "chat.completion" as StaticString)
    member("created", identity.created)
    member("model", identity.model)
    key("choices")
    beginArray()
    beginObject()
    member("index", 0)
    key("message")
    assistantMessage(answer, identity)
    memberNull("logprobs")
    member("finish_reason", answer.finishReason ?? "stop")
    endObject()
    endArray()
    key("usage")
    openAIUsage(answer.usage)
    endObject()
  }

  private mutating func assistantMessage(_ answer: ChatAnswer, _ identity: AnswerIdentity) {
    beginObject()
    member("role", "assistant" as StaticString)
    key("content")
    if answer.isRefusal || answer.escapedText.isEmpty && !answer.toolCalls.isEmpty {
      null()
    } else {
      string(escapedContent: answer.escapedText)
    }
    key("refusal")
    if answer.isRefusal { string(escapedContent: answer.escapedText) } else { null() }
    if !answer.escapedReasoning.isEmpty {
      key("reasoning_content")
      string(escapedContent: answer.escapedReasoning)
    }
    if !answer.toolCalls.isEmpty {
      key("tool_calls")
      beginArray()
      for (index, call) in answer.toolCalls.enumerated() { toolCall(call.named(index, identity)) }
      endArray()
    }
    endObject()
  }

  /// A tool call as OpenAI's messages have it.
  mutating func toolCall(_ call: ToolCall) {
    beginObject()
    key("id")
    string(escapedContent: call.id)
    member("type", "function" as StaticString)
    key("function")
    beginObject()
    key("name")
    string(escapedContent: call.name)
    key("arguments")
    string(escapedContent: call.arguments)
    endObject()
    thoughtSignature(call.signature)
    endObject()
  }

  /// A call's signature where Google's own OpenAI surface has it, so that a caller who sends the call back
  /// sends it too.
  mutating func thoughtSignature(_ signature: ArraySlice<UInt8>?) {
    guard let signature else { return }
    key("extra_content")
    beginObject()
    key("google")
    beginObject()
    key("thought_signature")
    string(escapedContent: signature)
    endObject()
    endObject()
  }

  /// Usage in OpenAI's names: the input includes what was cached, the output the reasoning.
  mutating func openAIUsage(_ usage: TokenUsage) {
    beginObject()
    member("prompt_tokens", usage.input)
    member("completion_tokens", usage.output)
    member("total_tokens", usage.total)
    key("prompt_tokens_details")
    beginObject()
    member("cached_tokens", usage.cacheRead)
    if usage.cacheWrite > 0 { member("cache_write_tokens", usage.cacheWrite) }
    endObject()
    key("completion_tokens_details")
    beginObject()
    member("reasoning_tokens", usage.reasoning)
    endObject()
    endObject()
  }
}
