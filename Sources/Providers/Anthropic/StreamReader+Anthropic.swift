import JSON

struct AnthropicStreamState: Sendable {}

extension StreamReader {
  mutating func readAnthropic(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    throw .malformed("this form of stream is not read")
  }
}
