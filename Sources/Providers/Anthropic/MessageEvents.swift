import GatewayTypes
import JSON

/// Writes the events of a streamed message.
///
/// Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming
struct MessageEvents: Sendable {
  private enum Block: Equatable {
    case text
    case toolUse(call: Int)
  }

  private var hasStarted = false
  /// How many blocks are complete: the index of the open one.
  private var blockCount = 0
  private var open: Block?
  private var finishReason: String?

  mutating func write(_ event: StreamEvent, _ identity: AnswerIdentity, to output: inout [UInt8]) {
    switch event {
    case .text(let text, choice: 0), .refusal(let text, choice: 0):
      if case .refusal = event { finishReason = "content_filter" }
      begin(.text, identity, to: &output) { $0.textBlock() }
      delta(to: &output) {
        $0.member("type", "text_delta" as StaticString)
        $0.key("text")
        $0.string(escapedContent: text)
      }
    case .toolCall(let piece) where piece.choice == 0:
      begin(.toolUse(call: piece.index), identity, to: &output) { $0.toolUseBlock(piece, identity) }
      guard !piece.arguments.isEmpty else { return }
      delta(to: &output) {
        $0.member("type", "input_json_delta" as StaticString)
        $0.key("partial_json")
        $0.string(escapedContent: piece.arguments)
      }
    case .finish(let reason, choice: 0): finishReason = finishReason ?? reason
    // Thoughts of another vendor's model are left out: here they are signed.
    case .text, .refusal, .reasoning, .toolCall, .finish, .raw, .end, .failure: break
    }
  }

  mutating func finish(usage: TokenUsage, _ identity: AnswerIdentity, to output: inout [UInt8]) {
    start(identity, to: &output)
    close(to: &output)
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "message_delta" as StaticString)
    writer.key("delta")
    writer.beginObject()
    writer.member("stop_reason", AnthropicWords.stopReason(of: finishReason))
    writer.memberNull("stop_sequence")
    writer.endObject()
    writer.key("usage")
    writer.anthropicUsage(usage)
    writer.endObject()
    output.appendEvent("message_delta", data: writer.bytes[...])
    MessageEvents.appendStop(to: &output)
  }

  /// Appends the last event of a whole message.
  static func appendStop(to output: inout [UInt8]) {
    output.appendEvent("message_stop", data: Array(#"{"type":"message_stop"}"#.utf8)[...])
  }

  /// Opens the message, once. What it used is known at its end.
  private mutating func start(_ identity: AnswerIdentity, to output: inout [UInt8]) {
    guard !hasStarted else { return }
    hasStarted = true
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "message_start" as StaticString)
    writer.key("message")
    writer.beginObject()
    writer.member("id", "msg_" + identity.id)
    writer.member("type", "message" as StaticString)
    writer.member("role", "assistant" as StaticString)
    writer.member("model", identity.model)
    writer.member("content", raw: Array("[]".utf8))
    writer.memberNull("stop_reason")
    writer.memberNull("stop_sequence")
    writer.key("usage")
    writer.anthropicUsage(TokenUsage())
    writer.endObject()
    writer.endObject()
    output.appendEvent("message_start", data: writer.bytes[...])
  }

  /// Makes `block` the open one.
  private mutating func begin(
    _ block: Block, _ identity: AnswerIdentity, to output: inout [UInt8],
    _ content: (inout JSONWriter) -> Void
  ) {
    start(identity, to: &output)
    guard open != block else { return }
    close(to: &output)
    open = block
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "content_block_start" as StaticString)
    writer.member("index", blockCount)
    writer.key("content_block")
    content(&writer)
    writer.endObject()
    output.appendEvent("content_block_start", data: writer.bytes[...])
  }

  private func delta(to output: inout [UInt8], _ content: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "content_block_delta" as StaticString)
    writer.member("index", blockCount)
    writer.key("delta")
    writer.beginObject()
    content(&writer)
    writer.endObject()
    writer.endObject()
    output.appendEvent("content_block_delta", data: writer.bytes[...])
  }

  private mutating func close(to output: inout [UInt8]) {
    guard open != nil else { return }
    open = nil
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "content_block_stop" as StaticString)
    writer.member("index", blockCount)
    writer.endObject()
    output.appendEvent("content_block_stop", data: writer.bytes[...])
    blockCount += 1
  }
}

extension JSONWriter {
  fileprivate mutating func textBlock() {
    beginObject()
    member("type", "text" as StaticString)
    member("text", "" as StaticString)
    endObject()
  }

  fileprivate mutating func toolUseBlock(_ piece: ToolCallPiece, _ identity: AnswerIdentity) {
    beginObject()
    member("type", "tool_use" as StaticString)
    key("id")
    string(escapedContent: piece.id ?? ToolCall.id(ofCall: piece.index, identity))
    key("name")
    string(escapedContent: piece.name ?? [])
    member("input", raw: Array("{}".utf8))
    endObject()
  }
}
