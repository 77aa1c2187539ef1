import GatewayTypes
import JSON

/// What a reader of Anthropic's streams must remember from event to event.
struct AnthropicStreamState: Sendable {
  /// The block of a tool call that is being written: its place in the message and among the calls.
  var toolBlock: (block: Int, call: Int)?
  var toolCallCount = 0
  /// The place of the block that is being written, of whatever type.
  var openBlock: Int?
  /// Whether the call's arguments have begun.
  var hasArguments = false
  var usage = AnthropicUsage()
}

/// The events of a streamed message.
///
/// Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming
extension StreamReader {
  mutating func readAnthropic(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    let root = document.root
    guard let type = document.member("type", of: root) else {
      throw .malformed("the stream has an event without a type")
    }
    if document.isText(type, "content_block_delta") {
      if let delta = document.member("delta", of: root) {
        try read(delta: delta, of: document, into: &events)
      }
    } else if document.isText(type, "content_block_start") {
      try readBlockStart(document, into: &events)
    } else if document.isText(type, "content_block_stop") {
      try readBlockStop(document, into: &events)
    } else if document.isText(type, "message_start") {
      if let message = document.member("message", of: root) {
        model = document.member("model", of: message).flatMap { document.string($0) }
        readUsage(of: message, in: document)
      }
    } else if document.isText(type, "message_delta") {
      readUsage(of: root, in: document)
      try readStop(document, into: &events)
    } else if document.isText(type, "message_stop") {
      guard finishReason != nil else { throw .malformed("the stream ended before the answer did") }
      return .end
    } else if document.isText(type, "error") {
      throw ProviderFailure(errorEvent: document)
    }
    // `ping`, and types that are newer than this code, say nothing that is needed here.
    return .content
  }

  /// Each event's counts stand for the whole message so far, so that the last of each counts.
  private mutating func readUsage(of object: JSONNode, in document: JSONDocument) {
    guard let usage = document.member("usage", of: object) else { return }
    anthropic.usage.read(usage, in: document)
    statedUsage = anthropic.usage.tokens
  }

  private mutating func readBlockStart(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    let place = document.member("index", of: document.root).flatMap { document.int($0) }
    anthropic.openBlock = place
    guard let block = document.member("content_block", of: document.root),
      let type = document.member("type", of: block)
    else { return }
    if document.isText(type, "text") {
      if let text = document.escapedString("text", of: block) {
        try note(.text(text, choice: 0), into: &events)
      }
    } else if document.isText(type, "tool_use") {
      anthropic.toolBlock = (place ?? -1, anthropic.toolCallCount)
      anthropic.hasArguments = false
      try note(
        .toolCall(
          ToolCallPiece(
            index: anthropic.toolCallCount, id: document.escapedString("id", of: block),
            name: document.escapedString("name", of: block))), into: &events)
      anthropic.toolCallCount += 1
    }
  }

  private mutating func read(
    delta: JSONNode, of document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    guard let type = document.member("type", of: delta) else { return }
    if document.isText(type, "text_delta") {
      guard let text = document.escapedString("text", of: delta) else { return }
      try note(.text(text, choice: 0), into: &events)
    } else if document.isText(type, "thinking_delta") {
      guard let text = document.escapedString("thinking", of: delta) else { return }
      try note(.reasoning(text, choice: 0), into: &events)
    } else if document.isText(type, "input_json_delta") {
      // The arguments of the vendor's own tools are nobody's else.
      guard let tool = anthropic.toolBlock, let json = document.escapedString("partial_json", of: delta),
        !json.isEmpty
      else { return }
      anthropic.hasArguments = true
      try note(.toolCall(ToolCallPiece(index: tool.call, arguments: json)), into: &events)
    }
  }

  private mutating func readBlockStop(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    let index = document.member("index", of: document.root).flatMap { document.int($0) }
    anthropic.openBlock = nil
    guard let tool = anthropic.toolBlock, tool.block == index else { return }
    anthropic.toolBlock = nil
    // A call without arguments has no pieces here, and an empty object everywhere else.
    guard !anthropic.hasArguments else { return }
    try note(.toolCall(ToolCallPiece(index: tool.call, arguments: Array("{}".utf8)[...])), into: &events)
  }

  private mutating func readStop(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    guard let delta = document.member("delta", of: document.root),
      let reason = document.member("stop_reason", of: delta).flatMap({ document.string($0) })
    else { return }
    try note(.finish(reason: AnthropicWords.finishReason(of: reason), choice: 0), into: &events)
  }
}
