import GatewayTypes

/// Writes the events of a streamed response.
struct ResponseEvents: Sendable {
  /// The number that the next event gets.
  private(set) var sequenceNumber = 0

  mutating func write(_ event: StreamEvent, _ identity: AnswerIdentity, to output: inout [UInt8]) {}
  mutating func finish(usage: TokenUsage, _ identity: AnswerIdentity, to output: inout [UInt8]) {}
}
