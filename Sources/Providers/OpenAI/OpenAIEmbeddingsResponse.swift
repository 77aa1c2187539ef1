import GatewayTypes
import JSON

/// The body of embeddings with status 200.
///
/// Source: https://platform.openai.com/docs/api-reference/embeddings/object
enum OpenAIEmbeddingsResponse {
  /// As many numbers as fit into the largest answer that is read.
  private static let limits = JSONLimits(maxDepth: 16, maxNodes: 4_000_000)

  /// An answer without text: what it says is in its original only.
  static func answer(from body: [UInt8], input: InputSize) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body, limits: limits)
    guard let data = document.member("data", of: document.root),
      let first = document.elements(of: data).first(where: { _ in true }),
      document.member("embedding", of: first) != nil
    else { throw .malformed("the answer has no embeddings") }
    return ChatAnswer(
      escapedText: [], finishReason: nil,
      model: document.member("model", of: document.root).flatMap { document.string($0) },
      usage: UsageReader.openAI(
        document.member("usage", of: document.root), in: document, input: input,
        output: JSONCharacterCounts()))
  }
}
