import GatewayTypes
import JSON

/// The body of a chat completion with status 200, from OpenAI or a server that speaks its protocol.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/object
package enum OpenAIResponse {
  /// Reads an answer. What is not one is a failure: mostly `malformedResponse`, or what the error object
  /// that some servers send with 200 says.
  ///
  /// Usage that is missing or impossible is estimated from `input` and the answer's text.
  package static func answer(
    from body: [UInt8], input: InputSize
  ) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body)
    let root = document.root
    let choices = document.member("choices", of: root)
    guard let choices, let choice = document.elements(of: choices).first(where: { _ in true }) else {
      throw .malformed("the answer has no choices")
    }
    if let failure = ProviderFailure.inBody(of: document, object: choice) { throw failure }
    guard let message = document.member("message", of: choice), document.kind(of: message) == .object else {
      throw .malformed("the first choice has no message")
    }
    let text = try AnswerText(of: message, in: document)
    let toolCalls = toolCalls(of: message, in: document)
    let usage = UsageReader.openAI(
      document.member("usage", of: root), in: document, input: input,
      output: written(in: choices, of: document))
    let finishReason = document.member("finish_reason", of: choice).flatMap { document.string($0) }
    let mayBeEmpty = finishReason == "length" || finishReason == "content_filter" || !toolCalls.isEmpty
    guard !text.escaped.isEmpty || mayBeEmpty else { throw .malformed("the answer is empty", usage: usage) }

    var answer = ChatAnswer(
      escapedText: text.escaped, finishReason: finishReason,
      model: document.member("model", of: root).flatMap { document.string($0) }, usage: usage,
      isRefusal: text.isRefusal)
    answer.toolCalls = toolCalls
    answer.escapedReasoning = text.reasoning
    return answer
  }

  private static func toolCalls(of message: JSONNode, in document: JSONDocument) -> [ToolCall] {
    var calls: [ToolCall] = []
    let list = document.member("tool_calls", of: message)
    for call in list.map({ Array(document.elements(of: $0)) }) ?? [] {
      let function = document.member("function", of: call) ?? document.member("custom", of: call) ?? call
      calls.append(toolCall(function, id: document.escapedString("id", of: call) ?? [], in: document))
    }
    if let function = document.member("function_call", of: message), !document.isNull(function) {
      calls.append(toolCall(function, id: [], in: document))
    }
    return calls
  }

  private static func toolCall(_ function: JSONNode, id: ArraySlice<UInt8>, in document: JSONDocument)
    -> ToolCall
  {
    let arguments =
      document.escapedString("arguments", of: function) ?? document.escapedString("input", of: function)
    return ToolCall(
      id: id, name: document.escapedString("name", of: function) ?? [], arguments: arguments ?? [])
  }

  /// The characters that the model wrote in all choices: what is charged when nobody counted.
  private static func written(in choices: JSONNode, of document: JSONDocument) -> JSONCharacterCounts {
    var written = JSONCharacterCounts()
    for choice in document.elements(of: choices) {
      guard let message = document.member("message", of: choice) else { continue }
      if let text = try? AnswerText(of: message, in: document) {
        written += JSONCharacterCounts(escaped: text.escaped)
        written += JSONCharacterCounts(escaped: text.reasoning)
      }
      for call in toolCalls(of: message, in: document) {
        written += JSONCharacterCounts(escaped: call.name)
        written += JSONCharacterCounts(escaped: call.arguments)
      }
    }
    return written
  }
}

/// The text of an answer's message: `content`, or `refusal` in its place.
private struct AnswerText {
  var escaped: ArraySlice<UInt8> = []
  var reasoning: ArraySlice<UInt8> = []
  var isRefusal = false

  init(of message: JSONNode, in document: JSONDocument) throws(ProviderFailure) {
    if let content = document.member("content", of: message) {
      escaped = try AnswerText.escapedText(ofContent: content, in: document)
    }
    reasoning =
      document.escapedString("reasoning_content", of: message)
      ?? document.escapedString("reasoning", of: message) ?? []
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
