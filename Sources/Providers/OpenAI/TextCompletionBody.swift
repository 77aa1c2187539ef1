import JSON

extension JSONWriter {
  /// Writes an answer as OpenAI's text completion object. It has no place for thoughts and tools.
  ///
  /// Source: https://platform.openai.com/docs/api-reference/completions/object
  mutating func textCompletion(_ answer: ChatAnswer, _ identity: AnswerIdentity) {
    beginObject()
    member("id", "cmpl-" + identity.id)
    member("object", "text_completion" as StaticString)
    member("created", identity.created)
    member("model", identity.model)
    key("choices")
    beginArray()
    beginObject()
    member("index", 0)
    key("text")
    string(escapedContent: answer.escapedText)
    memberNull("logprobs")
    member("finish_reason", answer.finishReason ?? "stop")
    endObject()
    endArray()
    key("usage")
    openAIUsage(answer.usage)
    endObject()
  }
}
