import GatewayTypes
import JSON

/// The body of a message with status 200 from Anthropic.
///
/// Source: https://docs.anthropic.com/en/api/messages
enum AnthropicResponse {
  /// Reads an answer; what is not one is a failure.
  static func answer(from body: [UInt8], input: InputSize) throws(ProviderFailure) -> ChatAnswer {
    let document = try AnswerReader.object(in: body)
    let root = document.root
    guard let content = document.member("content", of: root), document.kind(of: content) == .array else {
      throw .malformed("the answer has no content")
    }
    var text: [UInt8] = []
    var reasoning: [UInt8] = []
    var calls: [ToolCall] = []
    for block in document.elements(of: content) {
      guard let type = document.member("type", of: block) else {
        throw .malformed("the answer has a block without a type")
      }
      if document.isText(type, "text") {
        text += document.escapedString("text", of: block) ?? []
      } else if document.isText(type, "thinking") {
        reasoning += document.escapedString("thinking", of: block) ?? []
      } else if document.isText(type, "tool_use") {
        calls.append(toolCall(block, in: document))
      }
    }
    return try answer(document, text: text, reasoning: reasoning, calls: calls, input: input)
  }

  private static func answer(
    _ document: JSONDocument, text: [UInt8], reasoning: [UInt8], calls: [ToolCall], input: InputSize
  ) throws(ProviderFailure) -> ChatAnswer {
    let root = document.root
    let stopReason = document.member("stop_reason", of: root).flatMap { document.string($0) }
    var stated = AnthropicUsage()
    if let usage = document.member("usage", of: root) { stated.read(usage, in: document) }
    var written = JSONCharacterCounts(escaped: text[...])
    written += JSONCharacterCounts(escaped: reasoning[...])
    for call in calls { written += JSONCharacterCounts(escaped: call.arguments) }

    var answer = ChatAnswer(
      escapedText: text[...], finishReason: stopReason.map { AnthropicWords.finishReason(of: $0) },
      model: document.member("model", of: root).flatMap { document.string($0) },
      usage: UsageReader.believable(stated.tokens, input: input, output: written))
    answer.escapedReasoning = reasoning[...]
    answer.toolCalls = calls
    answer.stopSequence = document.escapedString("stop_sequence", of: root)
    // An empty turn is Anthropic's way to say that there is nothing to add.
    guard !text.isEmpty || !calls.isEmpty || stopReason != nil else {
      throw .malformed("the answer is empty", usage: answer.usage)
    }
    return answer
  }

  private static func toolCall(_ block: JSONNode, in document: JSONDocument) -> ToolCall {
    let input = document.member("input", of: block).map { document.bytes[document.range(of: $0)] }
    return ToolCall(
      id: document.escapedString("id", of: block) ?? [],
      name: document.escapedString("name", of: block) ?? [],
      arguments: EscapedText.escaped(input ?? Array("{}".utf8)[...]))
  }
}
