import JSON

struct GeminiStreamState: Sendable {}

extension StreamReader {
  mutating func readGemini(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    throw .malformed("this form of stream is not read")
  }
}
