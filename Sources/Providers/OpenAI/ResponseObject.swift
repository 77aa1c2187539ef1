import GatewayTypes
import JSON

/// Writes OpenAI's response object: the answer itself, and what it repeats of the request.
///
/// Source: https://platform.openai.com/docs/api-reference/responses/object
struct ResponseObject: Sendable {
  enum Status {
    case inProgress
    case completed
    /// The reason in the words of responses.
    case incomplete(StaticString)

    /// How a response ended that stopped for `finishReason`, a word of chat completions.
    init(finishReason: String?) {
      switch finishReason {
      case "length": self = .incomplete("max_output_tokens")
      case "content_filter": self = .incomplete("content_filter")
      default: self = .completed
      }
    }

    var text: StaticString {
      switch self {
      case .inProgress: "in_progress"
      case .completed: "completed"
      case .incomplete: "incomplete"
      }
    }
  }

  private let identity: AnswerIdentity
  /// The members that the object repeats of the request: an object's inside, or empty.
  private let repeated: [(name: StaticString, value: [UInt8])]

  /// What is repeated, and what stands there when the caller left it out.
  private static let defaults: [(name: StaticString, value: StaticString)] = [
    ("instructions", "null"), ("max_output_tokens", "null"), ("metadata", "{}"),
    ("parallel_tool_calls", "true"),
    ("previous_response_id", "null"), ("reasoning", #"{"effort":null,"summary":null}"#),
    ("temperature", "null"), ("text", #"{"format":{"type":"text"}}"#), ("tool_choice", #""auto""#),
    ("tools", "[]"), ("top_p", "null"), ("truncation", #""disabled""#), ("user", "null"),
  ]

  init(repeating request: ChatRequest, identity: AnswerIdentity) {
    self.identity = identity
    guard request.surface == .openAIResponses else {
      repeated = []
      return
    }
    let fields = RequestFields(document: request.document, object: request.document.root)
    repeated = ResponseObject.defaults.map { name, value in
      (name, fields.raw(name).map(Array.init) ?? Array(value.description.utf8))
    }
  }

  /// Appends the object; `output` is its items, each a JSON object.
  func append(
    to writer: inout JSONWriter, status: Status, output: [[UInt8]], usage: TokenUsage?
  ) {
    writer.beginObject()
    writer.member("id", "resp_" + identity.id)
    writer.member("object", "response" as StaticString)
    writer.member("created_at", identity.created)
    writer.member("status", status.text)
    writer.memberNull("error")
    writer.key("incomplete_details")
    if case .incomplete(let reason) = status {
      writer.beginObject()
      writer.member("reason", reason)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.member("model", identity.model)
    writer.key("output")
    writer.beginArray()
    for item in output { writer.value(raw: item) }
    writer.endArray()
    for (name, value) in repeated { writer.member(name, raw: value) }
    writer.member("store", false)
    writer.key("usage")
    if let usage { writer.responseUsage(usage) } else { writer.null() }
    writer.endObject()
  }

  /// The body of a whole answer.
  func body(of answer: ChatAnswer) -> [UInt8] {
    var output: [[UInt8]] = []
    if !answer.escapedReasoning.isEmpty {
      output.append(item(.reasoning, index: 0, content: answer.escapedReasoning, isComplete: true))
    }
    if !answer.escapedText.isEmpty {
      let kind: Item = answer.isRefusal ? .refusal : .message
      output.append(item(kind, index: output.count, content: answer.escapedText, isComplete: true))
    }
    for (index, call) in answer.toolCalls.enumerated() {
      output.append(
        item(
          .functionCall(id: call.named(index, identity).id, name: call.name), index: output.count,
          content: call.arguments, isComplete: true))
    }
    var writer = JSONWriter(reserveCapacity: answer.escapedText.count + 1_024)
    append(
      to: &writer, status: Status(finishReason: answer.finishReason), output: output, usage: answer.usage)
    return writer.bytes
  }

  // MARK: Items

  enum Item: Hashable {
    case message
    case refusal
    case reasoning
    case functionCall(id: ArraySlice<UInt8>, name: ArraySlice<UInt8>)
  }

  /// The name of the item at `index` of the output.
  func itemID(_ item: Item, index: Int) -> String {
    switch item {
    case .message, .refusal: "msg_\(identity.id)_\(index)"
    case .reasoning: "rs_\(identity.id)_\(index)"
    case .functionCall: "fc_\(identity.id)_\(index)"
    }
  }

  /// An item of the output; one that is not complete has no content yet.
  func item(_ item: Item, index: Int, content: ArraySlice<UInt8>, isComplete: Bool) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: content.count + 256)
    writer.beginObject()
    writer.member("id", itemID(item, index: index))
    switch item {
    case .message, .refusal:
      writer.member("type", "message" as StaticString)
      writer.member("role", "assistant" as StaticString)
      writer.key("content")
      writer.beginArray()
      if isComplete { writer.value(raw: part(item, content: content)) }
      writer.endArray()
    case .reasoning:
      writer.member("type", "reasoning" as StaticString)
      writer.member("summary", raw: Array("[]".utf8))
      writer.key("content")
      writer.beginArray()
      if isComplete { writer.value(raw: part(item, content: content)) }
      writer.endArray()
    case .functionCall(let id, let name):
      writer.member("type", "function_call" as StaticString)
      writer.key("call_id")
      writer.string(escapedContent: id)
      writer.key("name")
      writer.string(escapedContent: name)
      writer.key("arguments")
      writer.string(escapedContent: content)
    }
    writer.member("status", isComplete ? "completed" : "in_progress" as StaticString)
    writer.endObject()
    return writer.bytes
  }

  /// The one part of an item that has parts.
  func part(_ item: Item, content: ArraySlice<UInt8>) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: content.count + 96)
    writer.beginObject()
    switch item {
    case .message:
      writer.member("type", "output_text" as StaticString)
      writer.key("text")
      writer.string(escapedContent: content)
      writer.member("annotations", raw: Array("[]".utf8))
      writer.member("logprobs", raw: Array("[]".utf8))
    case .refusal:
      writer.member("type", "refusal" as StaticString)
      writer.key("refusal")
      writer.string(escapedContent: content)
    case .reasoning:
      writer.member("type", "reasoning_text" as StaticString)
      writer.key("text")
      writer.string(escapedContent: content)
    case .functionCall: preconditionFailure("a function call has no parts")
    }
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  /// Usage in the names of responses.
  fileprivate mutating func responseUsage(_ usage: TokenUsage) {
    beginObject()
    member("input_tokens", usage.input)
    key("input_tokens_details")
    beginObject()
    member("cached_tokens", usage.cacheRead)
    member("cache_write_tokens", usage.cacheWrite)
    endObject()
    member("output_tokens", usage.output)
    key("output_tokens_details")
    beginObject()
    member("reasoning_tokens", usage.reasoning)
    endObject()
    member("total_tokens", usage.total)
    endObject()
  }
}
