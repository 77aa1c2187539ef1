import GatewayTypes

/// Writes the events of a streamed message.
struct MessageEvents: Sendable {
  mutating func write(_ event: StreamEvent, _ identity: AnswerIdentity, to output: inout [UInt8]) {}
  mutating func finish(usage: TokenUsage, _ identity: AnswerIdentity, to output: inout [UInt8]) {}
}
