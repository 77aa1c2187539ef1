import GatewayTypes
import JSON

/// The body of generated content with status 200 from Gemini.
enum GeminiResponse {
  /// Reads an answer; what is not one is a failure.
  static func answer(from body: [UInt8], input: InputSize) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body)
    let stated = GeminiUsage.tokens(in: document)
    guard let candidates = document.member("candidates", of: document.root),
      let node = document.elements(of: candidates).first(where: { _ in true })
    else {
      var failure = GeminiCandidate.blocked(document) ?? .malformed("the answer has no candidates")
      failure.usage = stated
      throw failure
    }
    let candidate = GeminiCandidate(node, in: document, callCount: 0)
    var text: [UInt8] = []
    var reasoning: [UInt8] = []
    var calls: [ToolCall] = []
    for part in candidate.parts {
      switch part {
      case .text(let piece): text += piece
      case .thought(let piece): reasoning += piece
      case .toolCall(let call): calls.append(call)
      }
    }
    var written = JSONCharacterCounts(escaped: text[...])
    written += JSONCharacterCounts(escaped: reasoning[...])
    for call in calls { written += JSONCharacterCounts(escaped: call.arguments) }
    let usage = UsageReader.believable(stated, input: input, output: written)

    var answer = ChatAnswer(
      escapedText: text[...], finishReason: nil,
      model: document.member("modelVersion", of: document.root).flatMap { document.string($0) }, usage: usage)
    answer.escapedReasoning = reasoning[...]
    answer.toolCalls = calls
    do {
      answer.finishReason = try candidate.finishReason.map { reason throws(ProviderFailure) in
        try GeminiCandidate.finishReason(of: reason, hasToolCalls: !calls.isEmpty)
      }
    } catch {
      throw .malformed(error.reason, usage: usage)
    }
    let mayBeEmpty = answer.finishReason == "length" || answer.finishReason == "content_filter"
    guard !text.isEmpty || !calls.isEmpty || mayBeEmpty else {
      throw .malformed("the answer is empty", usage: usage)
    }
    return answer
  }
}
