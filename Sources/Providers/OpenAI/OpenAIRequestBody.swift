import JSON

/// The body of a chat completions call for a request that came to the gateway's own surface.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/create
package enum OpenAIRequestBody {
  /// Builds the body: the caller's texts as the bytes that came, the rest the gateway's.
  ///
  /// `model` is the provider's name for it. `maxTokens` is the bound that a reservation was made for; nil
  /// leaves it out. A stream asks for usage in its last event, or it could not be billed.
  package static func bytes(
    for request: ChatRequest, model: String, maxTokens: Int?, isStreaming: Bool = false
  ) -> [UInt8] {
    let document = request.document
    var writer = JSONWriter(reserveCapacity: document.bytes.count + model.utf8.count + 256)
    writer.beginObject()
    writer.member("model", model)
    writer.key("messages")
    writer.beginArray()
    if let system = request.system { writer.message("system", content: system, of: document) }
    switch request.input {
    case .prompt(let prompt):
      writer.message("user", content: prompt, of: document)
    case .messages(let messages), .items(let messages), .batch(let messages):
      for message in document.elements(of: messages) { writer.value(message, of: document) }
    }
    writer.endArray()
    if let maxTokens {
      writer.member(boundName(for: model), maxTokens)
    }
    if let temperature = request.temperature { writer.member("temperature", temperature, of: document) }
    writer.member("stream", isStreaming)
    if isStreaming { writer.member("stream_options", raw: Array(#"{"include_usage":true}"#.utf8)) }
    writer.endObject()
    return writer.bytes
  }

  /// The field that bounds an answer: OpenAI's reasoning models refuse `max_tokens` and take `max_completion_tokens`; other servers may
  /// know only the older name.
  static func boundName(for model: String) -> StaticString {
    let isReasoning = ["o1", "o3", "o4", "gpt-5"].contains { model.hasPrefix($0) }
    return isReasoning ? "max_completion_tokens" : "max_tokens"
  }
}

extension JSONWriter {
  fileprivate mutating func message(_ role: StaticString, content: JSONNode, of document: JSONDocument) {
    beginObject()
    member("role", role)
    member("content", content, of: document)
    endObject()
  }
}
