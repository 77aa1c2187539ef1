import GatewayTypes
import JSON

/// The body of a response object with status 200.
///
/// Source: https://platform.openai.com/docs/api-reference/responses/object
enum OpenAIResponsesResponse {
  static func answer(from body: [UInt8], input: InputSize) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body)
    return try answer(document.root, of: document, input: input)
  }

  private static func answer(
    _ response: JSONNode, of document: JSONDocument, input: InputSize
  ) throws(ProviderFailure) -> ChatAnswer {
    guard let output = document.member("output", of: response), document.kind(of: output) == .array else {
      throw .malformed("the answer has no output")
    }
    var text: [UInt8] = []
    var reasoning: [UInt8] = []
    var calls: [ToolCall] = []
    for item in document.elements(of: output) {
      guard let type = document.member("type", of: item) else { continue }
      if document.isText(type, "message") {
        text += texts(of: item, "content", in: document)
      } else if document.isText(type, "reasoning") {
        reasoning += texts(of: item, "summary", in: document) + texts(of: item, "content", in: document)
      } else if document.isText(type, "function_call") {
        calls.append(
          ToolCall(
            id: document.escapedString("call_id", of: item) ?? [],
            name: document.escapedString("name", of: item) ?? [],
            arguments: document.escapedString("arguments", of: item) ?? []))
      }
    }
    var written = JSONCharacterCounts(escaped: text[...])
    written += JSONCharacterCounts(escaped: reasoning[...])
    for call in calls { written += JSONCharacterCounts(escaped: call.arguments) }
    var answer = ChatAnswer(
      escapedText: text[...],
      finishReason: finishReason(of: response, hasCalls: !calls.isEmpty, in: document),
      model: document.member("model", of: response).flatMap { document.string($0) },
      usage: UsageReader.openAI(
        document.member("usage", of: response), in: document, input: input, output: written))
    answer.escapedReasoning = reasoning[...]
    answer.toolCalls = calls
    // Work that goes on in the background has no output yet; tools of the vendor's own have no text.
    guard document.count(of: output) > 0 || answer.finishReason != "stop" else {
      throw .malformed("the answer is empty", usage: answer.usage)
    }
    return answer
  }

  /// The texts of an item's parts, refusals too.
  private static func texts(of item: JSONNode, _ name: StaticString, in document: JSONDocument) -> [UInt8] {
    var texts: [UInt8] = []
    guard let parts = document.member(name, of: item) else { return [] }
    for part in document.elements(of: parts) {
      texts += document.escapedString("text", of: part) ?? document.escapedString("refusal", of: part) ?? []
    }
    return texts
  }

  /// Why a response stopped, in the words of chat completions.
  static func finishReason(of response: JSONNode, hasCalls: Bool, in document: JSONDocument) -> String {
    let details = document.member("incomplete_details", of: response)
    switch details.flatMap({ document.member("reason", of: $0) }).flatMap({ document.string($0) }) {
    case "max_output_tokens": return "length"
    case "content_filter": return "content_filter"
    default: return hasCalls ? "tool_calls" : "stop"
    }
  }
}
