import JSON

/// Reads the body of a provider's good answer, whatever its form.
package enum AnswerReader {
  /// The answer in `body`, which came with status 200. What is not one is a failure: mostly
  /// `malformedResponse`, or what an error object that came with 200 says.
  ///
  /// Usage that is missing or impossible is estimated from `input` and what the model wrote.
  package static func answer(
    from body: [UInt8], format: UpstreamFormat, input: InputSize
  ) throws(ProviderFailure) -> ChatAnswer {
    var answer: ChatAnswer
    switch format {
    case .openAIChat: answer = try OpenAIResponse.answer(from: body, input: input)
    case .anthropicMessages: answer = try AnthropicResponse.answer(from: body, input: input)
    case .gemini: answer = try GeminiResponse.answer(from: body, input: input)
    case .openAICompletions: answer = try OpenAICompletionResponse.answer(from: body, input: input)
    case .openAIResponses: answer = try OpenAIResponsesResponse.answer(from: body, input: input)
    case .openAIEmbeddings: answer = try OpenAIEmbeddingsResponse.answer(from: body, input: input)
    }
    answer.original = (body, format)
    return answer
  }

  /// The object that a body with status 200 is, unless it holds an error.
  static func object(
    in body: [UInt8], limits: JSONLimits = limits
  ) throws(ProviderFailure) -> JSONDocument {
    guard let document = try? JSONDocument(parsing: body, limits: limits) else {
      throw .malformed("the answer is not JSON")
    }
    guard document.kind(of: document.root) == .object else { throw .malformed("the answer is not an object") }
    if let failure = ProviderFailure.inBody(of: document, object: document.root) { throw failure }
    return document
  }

  /// A long answer has far fewer values; a body with more is not an answer.
  private static let limits = JSONLimits(maxDepth: 64, maxNodes: 200_000)
}
