import JSON

/// What a reader of Gemini's streams must remember from event to event.
struct GeminiStreamState: Sendable {
  var toolCallCount = 0
}

/// The pieces of streamed content: each is an answer of its own with the next part of the text.
///
/// Source: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
extension StreamReader {
  mutating func readGemini(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    let root = document.root
    if model == nil { model = document.member("modelVersion", of: root).flatMap { document.string($0) } }
    if let usage = GeminiUsage.tokens(in: document) { statedUsage = usage }
    if let failure = GeminiCandidate.blocked(document) { throw failure }
    guard let candidates = document.member("candidates", of: root) else { return .content }
    for node in document.elements(of: candidates) {
      let choice = document.member("index", of: node).flatMap { document.int($0) } ?? 0
      let candidate = GeminiCandidate(node, in: document, callCount: gemini.toolCallCount)
      for part in candidate.parts { try note(part, choice: choice, into: &events) }
      guard let reason = candidate.finishReason else { continue }
      let word = try GeminiCandidate.finishReason(of: reason, hasToolCalls: gemini.toolCallCount > 0)
      try note(.finish(reason: word, choice: choice), into: &events)
    }
    return .content
  }

  private mutating func note(
    _ part: GeminiCandidate.Part, choice: Int, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    switch part {
    case .text(let text): try note(.text(text, choice: choice), into: &events)
    case .thought(let text): try note(.reasoning(text, choice: choice), into: &events)
    case .toolCall(let call):
      var piece = ToolCallPiece(
        choice: choice, index: gemini.toolCallCount, id: call.id.isEmpty ? nil : call.id, name: call.name,
        arguments: call.arguments)
      piece.signature = call.signature
      gemini.toolCallCount += 1
      try note(.toolCall(piece), into: &events)
    }
  }
}
