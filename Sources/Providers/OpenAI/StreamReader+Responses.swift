import JSON

/// What a reader of streamed responses must remember from event to event.
struct ResponsesStreamState: Sendable {
  var toolCallCount = 0
}

/// The events of a streamed response.
///
/// Source: https://platform.openai.com/docs/api-reference/responses-streaming
extension StreamReader {
  mutating func readResponses(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    let root = document.root
    guard let type = document.member("type", of: root) else {
      throw .malformed("the stream has an event without a type")
    }
    if document.isText(type, "response.output_text.delta") {
      try note(.text(delta(of: document), choice: 0), into: &events)
    } else if document.isText(type, "response.refusal.delta") {
      try note(.refusal(delta(of: document), choice: 0), into: &events)
    } else if document.isText(type, "response.reasoning_text.delta")
      || document.isText(type, "response.reasoning_summary_text.delta")
    {
      try note(.reasoning(delta(of: document), choice: 0), into: &events)
    } else if document.isText(type, "response.function_call_arguments.delta") {
      let index = max(0, responses.toolCallCount - 1)
      try note(.toolCall(ToolCallPiece(index: index, arguments: delta(of: document))), into: &events)
    } else if document.isText(type, "response.output_item.added") {
      try readItem(document, into: &events)
    } else if document.isText(type, "response.completed") || document.isText(type, "response.incomplete") {
      return try readEnd(document, into: &events)
    } else if document.isText(type, "response.failed") || document.isText(type, "response.cancelled") {
      let response = document.member("response", of: root)
      throw response.flatMap { ProviderFailure.inBody(of: document, object: $0) }
        ?? .malformed("the provider broke its answer off")
    } else if document.isText(type, "error") {
      throw ProviderFailure(errorEvent: document)
    } else if document.isText(type, "response.created"), let response = document.member("response", of: root)
    {
      model = document.member("model", of: response).flatMap { document.string($0) }
    }
    return .content
  }

  private func delta(of document: JSONDocument) -> ArraySlice<UInt8> {
    document.escapedString("delta", of: document.root) ?? []
  }

  private mutating func readItem(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    guard let item = document.member("item", of: document.root),
      let type = document.member("type", of: item), document.isText(type, "function_call")
    else { return }
    try note(
      .toolCall(
        ToolCallPiece(
          index: responses.toolCallCount, id: document.escapedString("call_id", of: item),
          name: document.escapedString("name", of: item))), into: &events)
    responses.toolCallCount += 1
  }

  /// The last event holds the whole response, with what it used.
  private mutating func readEnd(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    guard let response = document.member("response", of: document.root) else {
      throw .malformed("the last event has no response")
    }
    if let usage = document.member("usage", of: response), let usage = UsageReader.openAI(usage, in: document)
    {
      statedUsage = usage
    }
    let reason = OpenAIResponsesResponse.finishReason(
      of: response, hasCalls: responses.toolCallCount > 0, in: document)
    try note(.finish(reason: reason, choice: 0), into: &events)
    return .end
  }
}
