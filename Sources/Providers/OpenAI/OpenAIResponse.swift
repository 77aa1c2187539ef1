import GatewayTypes
import JSON

/// The body of a chat completion with status 200, from OpenAI or a server that speaks its protocol.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/object
package enum OpenAIResponse {
  /// An embedding or a long answer has far fewer; a body with more is not an answer.
  private static let limits = JSONLimits(maxDepth: 64, maxNodes: 200_000)

  /// Reads an answer. What is not one is a failure: mostly `malformedResponse`, or what the error object
  /// that some servers send with 200 says.
  ///
  /// Usage that is missing or impossible is estimated from `input` and the answer's text.
  package static func answer(
    from body: [UInt8], input: InputSize
  ) throws(ProviderFailure) -> ChatAnswer {
    guard let document = try? JSONDocument(parsing: body, limits: limits) else {
      throw .malformed("the answer is not JSON")
    }
    let root = document.root
    guard document.kind(of: root) == .object else { throw .malformed("the answer is not an object") }
    if let failure = ProviderFailure.inBody(of: document, object: root) { throw failure }

    let choices = document.member("choices", of: root)
    guard let choices, let choice = document.elements(of: choices).first(where: { _ in true }) else {
      throw .malformed("the answer has no choices")
    }
    if let failure = ProviderFailure.inBody(of: document, object: choice) { throw failure }
    guard let message = document.member("message", of: choice), document.kind(of: message) == .object else {
      throw .malformed("the first choice has no message")
    }
    let finishReason = document.member("finish_reason", of: choice).flatMap { document.string($0) }
    let text = try AnswerText(of: message, in: document)
    let usage = UsageReader.openAI(
      document.member("usage", of: root), in: document, input: input, escapedText: text.escaped)
    guard !text.escaped.isEmpty || mayBeEmpty(message, finishReason, in: document) else {
      throw .malformed("the answer is empty", usage: usage)
    }
    return ChatAnswer(
      escapedText: text.escaped, finishReason: finishReason,
      model: document.member("model", of: root).flatMap { document.string($0) }, usage: usage,
      isRefusal: text.isRefusal)
  }

  /// An answer without text is one when it calls tools, or when the provider says what cut it to nothing.
  private static func mayBeEmpty(
    _ message: JSONNode, _ finishReason: String?, in document: JSONDocument
  ) -> Bool {
    if finishReason == "length" || finishReason == "content_filter" { return true }
    let calls = document.member("tool_calls", of: message)
    return calls.map { document.count(of: $0) > 0 } ?? false
      || document.member("function_call", of: message) != nil
  }
}

/// The text of an answer's message: `content`, or `refusal` in its place.
private struct AnswerText {
  var escaped: ArraySlice<UInt8> = []
  var isRefusal = false

  init(of message: JSONNode, in document: JSONDocument) throws(ProviderFailure) {
    if let content = document.member("content", of: message) {
      escaped = try AnswerText.escapedText(ofContent: content, in: document)
    }
    guard escaped.isEmpty, let refusal = document.member("refusal", of: message) else { return }
    guard document.kind(of: refusal) == .string else { return }
    escaped = document.bytes[document.stringContentRange(of: refusal)]
    isRefusal = !escaped.isEmpty
  }

  private static func escapedText(
    ofContent content: JSONNode, in document: JSONDocument
  ) throws(ProviderFailure) -> ArraySlice<UInt8> {
    switch document.kind(of: content) {
    case .string:
      return document.bytes[document.stringContentRange(of: content)]
    case .null:
      return []
    case .array:
      var joined: [UInt8] = []
      for part in document.elements(of: content) {
        guard let text = document.member("text", of: part), document.kind(of: text) == .string else {
          continue
        }
        joined.append(contentsOf: document.bytes[document.stringContentRange(of: text)])
      }
      return joined[...]
    case .object, .number, .true, .false:
      throw .malformed("the answer's content is not text")
    }
  }
}
