package import GatewayTypes
package import JSON

/// Writes an event stream in the form that the caller's surface has.
///
/// Events of a `StreamReader` go in one by one, bytes for the caller come out. What closes the stream is
/// written by `finish` alone, so that the call can be recorded before the caller has the end of it; a
/// stream that fails gets an error event in its place and never a clean end.
package struct StreamWriter: Sendable {
  private let surface: Surface
  private let passesThrough: Bool
  let identity: AnswerIdentity
  let wantsUsage: Bool
  /// The provider's own last event, kept until the stream is closed.
  private var closing: ArraySlice<UInt8> = []
  /// Whether the answer was ended here, though the provider's events pass through.
  private var hasEndOfOurs = false
  var chunks: OpenAIChunks
  var responses: ResponseEvents
  var messages = MessageEvents()

  /// For the answer to `request` that comes from a provider in `format`.
  package init(for request: ChatRequest, format: UpstreamFormat, identity: AnswerIdentity) {
    surface = request.surface
    passesThrough = format.passesThrough(request.surface)
    self.identity = identity
    wantsUsage = request.wantsUsageInStream
    responses = ResponseEvents(request: request, identity: identity)
    chunks = OpenAIChunks(
      isChat: request.surface == .openAIChat, identity: identity, showsUsage: request.wantsUsageInStream)
    // The provider's own chunks have told the role.
    if passesThrough { chunks.expectNoRoles() }
  }

  /// A comment, which every client passes over: it says that the gateway is still there.
  package static let keepAlive = Array(": keep-alive\n\n".utf8)

  /// Appends what `event` is for the caller; nothing for a failure, which `error` tells, and for the end.
  package mutating func write(_ event: StreamEvent, to output: inout [UInt8]) {
    switch event {
    case .raw(let bytes, let isUsageOnly):
      if !isUsageOnly || wantsUsage { output.append(contentsOf: bytes) }
      return
    case .end(let raw):
      closing = raw
      return
    case .failure: return
    case .finish: hasEndOfOurs = passesThrough
    case .text, .refusal, .reasoning, .toolCall: break
    }
    switch surface {
    case .generate, .chatPrompt: writeDelta(event, to: &output)
    case .openAIChat, .openAICompletions: chunks.write(event, to: &output)
    case .openAIResponses: responses.write(event, to: &output)
    case .anthropicMessages: messages.write(event, identity, to: &output)
    case .openAIEmbeddings: preconditionFailure("embeddings have no stream")
    }
  }

  /// Appends what closes a stream that came to its proper end.
  ///
  /// `summary` is the whole answer as the native surface gives it, a JSON object; only that one needs it.
  package mutating func finish(usage: TokenUsage, summary: [UInt8] = [], to output: inout [UInt8]) {
    if passesThrough {
      output.append(contentsOf: closing)
      // Some servers just close the connection; the caller's library may wait for the last line.
      guard closing.isEmpty else { return }
      if hasEndOfOurs { chunks.finish(usage: usage, to: &output) }
      if surface.endsWithDone { output.appendLiteral("data: [DONE]\n\n") }
      if surface == .anthropicMessages { MessageEvents.appendStop(to: &output) }
      return
    }
    switch surface {
    case .generate, .chatPrompt:
      output.appendEvent(data: summary[...])
      output.appendLiteral("data: [DONE]\n\n")
    case .openAIChat, .openAICompletions:
      chunks.finish(usage: usage, to: &output)
      output.appendLiteral("data: [DONE]\n\n")
    case .openAIResponses: responses.finish(usage: usage, to: &output)
    case .anthropicMessages: messages.finish(usage: usage, identity, to: &output)
    case .openAIEmbeddings: preconditionFailure("embeddings have no stream")
    }
  }

  /// The event that tells the caller that the stream broke off. Nothing may follow it.
  ///
  /// `type` and `code` are those of the gateway's errors.
  package func error(message: String, type: String, code: String?, requestID: String) -> [UInt8] {
    var writer = JSONWriter()
    var output: [UInt8] = []
    switch surface {
    case .generate, .chatPrompt, .openAIChat, .openAICompletions, .openAIEmbeddings:
      writer.beginObject()
      writer.key("error")
      writer.streamError(message: message, type: type, code: code, requestID: requestID)
      writer.member("status", "error" as StaticString)
      writer.endObject()
      output.appendEvent(data: writer.bytes[...])
    case .openAIResponses:
      writer.beginObject()
      writer.member("type", "error" as StaticString)
      writer.member("sequence_number", responses.sequenceNumber)
      writer.member("code", code ?? type)
      writer.member("message", message)
      writer.memberNull("param")
      // OpenAI's libraries raise an error for a member of this name alone.
      writer.key("error")
      writer.streamError(message: message, type: type, code: code, requestID: requestID)
      writer.endObject()
      output.appendEvent("error", data: writer.bytes[...])
    case .anthropicMessages:
      writer.anthropicError(message: message, type: type, requestID: requestID)
      output.appendEvent("error", data: writer.bytes[...])
    }
    return output
  }

  /// The native surface's event: a piece of the answer's text. Thoughts and tool calls are not part of it.
  private func writeDelta(_ event: StreamEvent, to output: inout [UInt8]) {
    switch event {
    case .text(let text, choice: 0), .refusal(let text, choice: 0):
      output.appendLiteral("data: {\"delta\":\"")
      output.append(contentsOf: text)
      output.appendLiteral("\"}\n\n")
    case .text, .refusal, .reasoning, .toolCall, .finish, .raw, .end, .failure: break
    }
  }
}

extension Surface {
  /// Whether a stream's last line is OpenAI's `[DONE]`.
  fileprivate var endsWithDone: Bool {
    switch self {
    case .generate, .chatPrompt, .openAIChat, .openAICompletions: true
    case .openAIResponses, .openAIEmbeddings, .anthropicMessages: false
    }
  }
}

extension JSONWriter {
  /// The inside of an error in OpenAI's form.
  fileprivate mutating func streamError(message: String, type: String, code: String?, requestID: String) {
    beginObject()
    member("message", message)
    member("type", type)
    key("code")
    if let code { value(code) } else { null() }
    memberNull("param")
    member("request_id", requestID)
    endObject()
  }

  /// An error in Anthropic's form, from the type of one of the gateway's errors.
  ///
  /// Source: https://docs.anthropic.com/en/api/errors
  package mutating func anthropicError(message: String, type: String, requestID: String) {
    beginObject()
    member("type", "error" as StaticString)
    key("error")
    beginObject()
    member("type", JSONWriter.anthropicErrorType(type))
    member("message", message)
    endObject()
    member("request_id", requestID)
    endObject()
  }

  /// Anthropic's word for the type of one of the gateway's errors.
  private static func anthropicErrorType(_ type: String) -> String {
    switch type {
    case "invalid_request_error", "rate_limit_error", "authentication_error", "permission_error",
      "not_found_error",
      "request_too_large":
      type
    case "insufficient_quota": "billing_error"
    case "service_unavailable_error": "overloaded_error"
    default: "api_error"
    }
  }
}

extension [UInt8] {
  /// Appends a server-sent event whose data is one line.
  mutating func appendEvent(_ name: StaticString = "", data: ArraySlice<UInt8>) {
    if name.utf8CodeUnitCount > 0 {
      appendLiteral("event: ")
      appendLiteral(name)
      appendLiteral("\n")
    }
    appendLiteral("data: ")
    append(contentsOf: data)
    appendLiteral("\n\n")
  }
}
