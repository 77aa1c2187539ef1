import JSON

struct ResponsesStreamState: Sendable {}

extension StreamReader {
  mutating func readResponses(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    throw .malformed("this form of stream is not read")
  }
}
