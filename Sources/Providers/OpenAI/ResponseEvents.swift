import GatewayTypes
import JSON

/// Writes the events of a streamed response.
///
/// Source: https://platform.openai.com/docs/api-reference/responses-streaming
struct ResponseEvents: Sendable {
  /// The number that the next event gets.
  private(set) var sequenceNumber = 0
  private let object: ResponseObject
  private let identity: AnswerIdentity
  private var hasStarted = false
  /// The items that are complete.
  private var output: [[UInt8]] = []
  /// The item that is being written, and what it holds so far.
  private var open: (item: ResponseObject.Item, call: Int?, content: [UInt8])?
  private var finishReason: String?

  init(request: ChatRequest, identity: AnswerIdentity) {
    self.identity = identity
    object = ResponseObject(repeating: request, identity: identity)
  }

  mutating func write(_ event: StreamEvent, to output: inout [UInt8]) {
    switch event {
    case .text(let text, choice: 0): write(.message, text, to: &output)
    case .refusal(let text, choice: 0): write(.refusal, text, to: &output)
    case .reasoning(let text, choice: 0): write(.reasoning, text, to: &output)
    case .toolCall(let piece) where piece.choice == 0: write(piece, to: &output)
    case .finish(let reason, choice: 0): finishReason = reason
    case .text, .refusal, .reasoning, .toolCall, .finish, .raw, .end, .failure: break
    }
  }

  mutating func finish(usage: TokenUsage, to output: inout [UInt8]) {
    start(to: &output)
    close(to: &output)
    let status = ResponseObject.Status(finishReason: finishReason)
    switch status {
    case .incomplete: append("response.incomplete", response: status, usage: usage, to: &output)
    case .completed, .inProgress: append("response.completed", response: status, usage: usage, to: &output)
    }
  }

  private mutating func start(to output: inout [UInt8]) {
    guard !hasStarted else { return }
    hasStarted = true
    append("response.created", response: .inProgress, usage: nil, to: &output)
    append("response.in_progress", response: .inProgress, usage: nil, to: &output)
  }

  // MARK: Items

  private mutating func write(
    _ item: ResponseObject.Item, _ text: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    if open?.item != item { begin(item, call: nil, to: &output) }
    open?.content.append(contentsOf: text)
    let name: StaticString =
      switch item {
      case .message: "response.output_text.delta"
      case .refusal: "response.refusal.delta"
      case .reasoning: "response.reasoning_text.delta"
      case .functionCall: preconditionFailure("a function call has no text")
      }
    append(name, of: item, to: &output) {
      $0.member("content_index", 0)
      $0.key("delta")
      $0.string(escapedContent: text)
      if item == .message { $0.member("logprobs", raw: Array("[]".utf8)) }
    }
  }

  private mutating func write(_ piece: ToolCallPiece, to output: inout [UInt8]) {
    if open?.call != piece.index {
      let id = piece.id ?? ToolCall.id(ofCall: piece.index, identity)
      begin(.functionCall(id: id, name: piece.name ?? []), call: piece.index, to: &output)
    }
    guard let item = open?.item, !piece.arguments.isEmpty else { return }
    open?.content.append(contentsOf: piece.arguments)
    append("response.function_call_arguments.delta", of: item, to: &output) {
      $0.key("delta")
      $0.string(escapedContent: piece.arguments)
    }
  }

  private mutating func begin(_ item: ResponseObject.Item, call: Int?, to output: inout [UInt8]) {
    start(to: &output)
    close(to: &output)
    open = (item, call, [])
    let added = object.item(item, index: self.output.count, content: [], isComplete: false)
    appendItem("response.output_item.added", added, to: &output)
    guard call == nil else { return }
    let part = object.part(item, content: [])
    append("response.content_part.added", of: item, to: &output) {
      $0.member("content_index", 0)
      $0.member("part", raw: part)
    }
  }

  /// Completes the open item: its content once more as a whole, then the item itself.
  private mutating func close(to output: inout [UInt8]) {
    guard let (item, _, content) = open else { return }
    switch item {
    case .message:
      append("response.output_text.done", of: item, to: &output) {
        $0.member("content_index", 0)
        $0.key("text")
        $0.string(escapedContent: content[...])
        $0.member("logprobs", raw: Array("[]".utf8))
      }
    case .refusal:
      append("response.refusal.done", of: item, to: &output) {
        $0.member("content_index", 0)
        $0.key("refusal")
        $0.string(escapedContent: content[...])
      }
    case .reasoning:
      append("response.reasoning_text.done", of: item, to: &output) {
        $0.member("content_index", 0)
        $0.key("text")
        $0.string(escapedContent: content[...])
      }
    case .functionCall(id: _, let name):
      append("response.function_call_arguments.done", of: item, to: &output) {
        $0.key("name")
        $0.string(escapedContent: name)
        $0.key("arguments")
        $0.string(escapedContent: content[...])
      }
    }
    if open?.call == nil {
      let part = object.part(item, content: content[...])
      append("response.content_part.done", of: item, to: &output) {
        $0.member("content_index", 0)
        $0.member("part", raw: part)
      }
    }
    let done = object.item(item, index: self.output.count, content: content[...], isComplete: true)
    appendItem("response.output_item.done", done, to: &output)
    self.output.append(done)
    open = nil
  }

  // MARK: Events

  /// An event about the open item.
  private mutating func append(
    _ name: StaticString, of item: ResponseObject.Item, to output: inout [UInt8],
    _ members: (inout JSONWriter) -> Void
  ) {
    let (id, index) = (object.itemID(item, index: self.output.count), self.output.count)
    append(name, to: &output) {
      $0.member("item_id", id)
      $0.member("output_index", index)
      members(&$0)
    }
  }

  private mutating func appendItem(_ name: StaticString, _ item: [UInt8], to output: inout [UInt8]) {
    let index = self.output.count
    append(name, to: &output) {
      $0.member("output_index", index)
      $0.member("item", raw: item)
    }
  }

  private mutating func append(
    _ name: StaticString, response status: ResponseObject.Status, usage: TokenUsage?, to output: inout [UInt8]
  ) {
    let (object, items) = (object, self.output)
    append(name, to: &output) {
      $0.key("response")
      object.append(to: &$0, status: status, output: items, usage: usage)
    }
  }

  private mutating func append(
    _ name: StaticString, to output: inout [UInt8], _ members: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", name)
    writer.member("sequence_number", sequenceNumber)
    members(&writer)
    writer.endObject()
    output.appendEvent(name, data: writer.bytes[...])
    sequenceNumber += 1
  }
}
