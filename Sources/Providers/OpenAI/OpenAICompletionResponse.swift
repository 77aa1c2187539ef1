import GatewayTypes
import JSON

/// The body of a text completion with status 200.
///
/// Source: https://platform.openai.com/docs/api-reference/completions/object
enum OpenAICompletionResponse {
  static func answer(from body: [UInt8], input: InputSize) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body)
    var written = JSONCharacterCounts()
    var first: (text: ArraySlice<UInt8>, node: JSONNode)?
    for choice in document.member("choices", of: document.root).map({ Array(document.elements(of: $0)) })
      ?? []
    {
      guard let text = document.escapedString("text", of: choice) else {
        throw .malformed("a choice of the answer has no text")
      }
      written += JSONCharacterCounts(escaped: text)
      first = first ?? (text, choice)
    }
    guard let first else { throw .malformed("the answer has no choices") }
    return ChatAnswer(
      escapedText: first.text,
      finishReason: document.member("finish_reason", of: first.node).flatMap { document.string($0) },
      model: document.member("model", of: document.root).flatMap { document.string($0) },
      usage: UsageReader.openAI(
        document.member("usage", of: document.root), in: document, input: input, output: written))
  }
}
