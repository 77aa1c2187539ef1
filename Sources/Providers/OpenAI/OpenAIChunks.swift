import GatewayTypes
import JSON

/// Writes the chunks of a streamed chat completion, or of the older text completion.
///
/// Sources: https://platform.openai.com/docs/api-reference/chat/streaming,
/// https://platform.openai.com/docs/api-reference/completions/object
struct OpenAIChunks: Sendable {
  private let isChat: Bool
  private let identity: AnswerIdentity
  private let showsUsage: Bool
  /// What every chunk begins with, up to the content of `choices`.
  private let start: [UInt8]
  /// Bit `n` is set when the answer with the index `n` has got its role.
  private var choicesWithRole: UInt128 = 0

  init(isChat: Bool, identity: AnswerIdentity, showsUsage: Bool) {
    self.isChat = isChat
    self.identity = identity
    self.showsUsage = showsUsage
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("id", (isChat ? "chatcmpl-" : "cmpl-") + identity.id)
    writer.member("object", isChat ? "chat.completion.chunk" : "text_completion" as StaticString)
    writer.member("created", identity.created)
    writer.member("model", identity.model)
    writer.key("choices")
    start = Array("data: ".utf8) + writer.bytes + [UInt8(ascii: "[")]
  }

  /// Says that somebody else has begun the answers.
  mutating func expectNoRoles() {
    choicesWithRole = .max
  }

  mutating func write(_ event: StreamEvent, to output: inout [UInt8]) {
    let isChat = isChat
    switch event {
    case .text(let text, let choice):
      chunk(choice, to: &output) { $0.delta(isChat ? "content" : nil, text) }
    case .refusal(let text, let choice):
      chunk(choice, to: &output) { $0.delta(isChat ? "refusal" : nil, text) }
    case .reasoning(let text, let choice):
      // The older form has no place for thoughts, nor for tools.
      guard isChat else { return }
      chunk(choice, to: &output) { $0.delta("reasoning_content", text) }
    case .toolCall(let piece):
      guard isChat else { return }
      var piece = piece
      if piece.id == nil && piece.name != nil { piece.id = ToolCall.id(ofCall: piece.index, identity) }
      chunk(piece.choice, to: &output) { $0.delta(piece) }
    case .finish(let reason, let choice):
      chunk(choice, finishReason: reason, to: &output) { $0.delta(isChat ? "" : nil, []) }
    case .raw, .end, .failure: break
    }
  }

  /// Appends the chunk that holds the usage, if the caller wants it.
  func finish(usage: TokenUsage, to output: inout [UInt8]) {
    guard showsUsage else { return }
    var writer = JSONWriter()
    writer.openAIUsage(usage)
    output.append(contentsOf: start)
    output.appendLiteral("],\"usage\":")
    output.append(contentsOf: writer.bytes)
    output.appendLiteral("}\n\n")
  }

  private mutating func chunk(
    _ choice: Int, finishReason: String? = nil, to output: inout [UInt8], _ delta: (inout JSONWriter) -> Void
  ) {
    if isChat && choicesWithRole & 1 << UInt128(choice) == 0 {
      choicesWithRole |= 1 << UInt128(choice)
      append(choice, nil, to: &output) { $0.firstDelta() }
    }
    append(choice, finishReason, to: &output, delta)
  }

  private func append(
    _ choice: Int, _ finishReason: String?, to output: inout [UInt8], _ delta: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("index", choice)
    delta(&writer)
    writer.memberNull("logprobs")
    writer.key("finish_reason")
    if let finishReason { writer.value(finishReason) } else { writer.null() }
    writer.endObject()
    output.append(contentsOf: start)
    output.append(contentsOf: writer.bytes)
    output.appendLiteral(showsUsage ? "],\"usage\":null}\n\n" : "]}\n\n")
  }
}

extension JSONWriter {
  fileprivate mutating func firstDelta() {
    key("delta")
    beginObject()
    member("role", "assistant" as StaticString)
    member("content", "" as StaticString)
    endObject()
  }

  /// A delta with one text; an empty name is a delta with nothing, nil the older form's `text`.
  fileprivate mutating func delta(_ name: StaticString?, _ text: ArraySlice<UInt8>) {
    guard let name else {
      key("text")
      return string(escapedContent: text)
    }
    key("delta")
    beginObject()
    if name.utf8CodeUnitCount > 0 {
      key(name)
      string(escapedContent: text)
    }
    endObject()
  }

  fileprivate mutating func delta(_ piece: ToolCallPiece) {
    key("delta")
    beginObject()
    key("tool_calls")
    beginArray()
    beginObject()
    member("index", piece.index)
    if let id = piece.id {
      key("id")
      string(escapedContent: id)
      member("type", "function" as StaticString)
    }
    key("function")
    beginObject()
    if let name = piece.name {
      key("name")
      string(escapedContent: name)
    }
    key("arguments")
    string(escapedContent: piece.arguments)
    endObject()
    thoughtSignature(piece.signature)
    endObject()
    endArray()
    endObject()
  }
}
