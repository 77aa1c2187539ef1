import GatewayTypes
import JSON

/// The chunks of a chat completion, and those of the older text completion.
///
/// Source: https://platform.openai.com/docs/api-reference/chat/streaming
extension StreamReader {
  mutating func readOpenAI(
    _ document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) -> EventKind {
    let root = document.root
    if model == nil { model = document.member("model", of: root).flatMap { document.string($0) } }
    let hasUsage = readUsage(document)
    var hasChoice = false
    if let choices = document.member("choices", of: root) {
      for choice in document.elements(of: choices) {
        hasChoice = true
        try read(choice: choice, of: document, into: &events)
      }
    }
    return hasUsage && !hasChoice ? .usageOnly : .content
  }

  /// Takes the usage that a chunk states, wherever it is. Whether there was any.
  private mutating func readUsage(_ document: JSONDocument) -> Bool {
    // Groq wraps it into an object of its own.
    let holders = [document.root, document.member("x_groq", of: document.root)]
    for holder in holders {
      guard let holder, let usage = document.member("usage", of: holder), !document.isNull(usage) else {
        continue
      }
      if let usage = UsageReader.openAI(usage, in: document) { statedUsage = usage }
      return true
    }
    return false
  }

  private mutating func read(
    choice: JSONNode, of document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    if let failure = ProviderFailure.inBody(of: document, object: choice) { throw failure }
    let index = document.member("index", of: choice).flatMap { document.int($0) } ?? 0
    if let text = document.escapedString("text", of: choice) {
      try note(.text(text, choice: index), into: &events)
    }
    if let delta = document.member("delta", of: choice) {
      try read(delta: delta, choice: index, of: document, into: &events)
    }
    guard let node = document.member("finish_reason", of: choice), let reason = document.string(node),
      !reason.isEmpty
    else { return }
    // OpenRouter's word for an answer that its provider broke off.
    guard reason != "error" else { throw .malformed("the provider broke its answer off") }
    try note(.finish(reason: reason, choice: index), into: &events)
  }

  private mutating func read(
    delta: JSONNode, choice: Int, of document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    for (key, value) in document.members(of: delta) {
      if document.isText(key, "content") {
        try read(content: value, choice: choice, of: document, into: &events)
      } else if document.isText(key, "reasoning_content") || document.isText(key, "reasoning") {
        // Some servers send both, with the same text.
        if document.isText(key, "reasoning"), document.escapedString("reasoning_content", of: delta) != nil {
          continue
        }
        if let text = document.escapedContent(of: value) {
          try note(.reasoning(text, choice: choice), into: &events)
        }
      } else if document.isText(key, "refusal") {
        if let text = document.escapedContent(of: value) {
          try note(.refusal(text, choice: choice), into: &events)
        }
      } else if document.isText(key, "tool_calls") {
        var position = 0
        for call in document.elements(of: value) {
          try read(toolCall: call, at: position, choice: choice, of: document, into: &events)
          position += 1
        }
      } else if document.isText(key, "function_call") {
        try read(function: value, id: nil, index: 0, choice: choice, of: document, into: &events)
      }
    }
  }

  /// A text, or as Mistral's reasoning models send it, parts of text and thought.
  private mutating func read(
    content: JSONNode, choice: Int, of document: JSONDocument, into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    if let text = document.escapedContent(of: content) {
      return try note(.text(text, choice: choice), into: &events)
    }
    for part in document.elements(of: content) {
      if let text = document.escapedString("text", of: part) {
        try note(.text(text, choice: choice), into: &events)
      }
      guard let thinking = document.member("thinking", of: part) else { continue }
      for thought in document.elements(of: thinking) {
        guard let text = document.escapedString("text", of: thought) else { continue }
        try note(.reasoning(text, choice: choice), into: &events)
      }
    }
  }

  private mutating func read(
    toolCall call: JSONNode, at position: Int, choice: Int, of document: JSONDocument,
    into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    // Some servers send whole calls without an index.
    let index = document.member("index", of: call).flatMap { document.int($0) } ?? position
    guard let function = document.member("function", of: call) ?? document.member("custom", of: call) else {
      return
    }
    try read(
      function: function, id: document.escapedString("id", of: call), index: index, choice: choice,
      of: document, into: &events)
  }

  private mutating func read(
    function: JSONNode, id: ArraySlice<UInt8>?, index: Int, choice: Int, of document: JSONDocument,
    into events: inout [StreamEvent]
  ) throws(ProviderFailure) {
    guard (0..<1_000).contains(index) else {
      throw .malformed("the stream has a tool call with an odd index")
    }
    let arguments =
      document.escapedString("arguments", of: function) ?? document.escapedString("input", of: function)
    try note(
      .toolCall(
        ToolCallPiece(
          choice: choice, index: index, id: id.flatMap { $0.isEmpty ? nil : $0 },
          name: document.escapedString("name", of: function).flatMap { $0.isEmpty ? nil : $0 },
          arguments: arguments ?? [])), into: &events)
  }
}
