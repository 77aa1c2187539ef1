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
    case .openAICompletions, .openAIResponses, .openAIEmbeddings, .anthropicMessages, .gemini:
      throw .malformed("this form of answer is not read")
    }
    answer.original = (body, format)
    return answer
  }
}
