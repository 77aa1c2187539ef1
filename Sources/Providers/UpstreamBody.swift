import JSON

/// The body of a call to a provider, whatever form the request came in and the provider wants.
package enum UpstreamBody {
  /// Builds the body for one attempt.
  ///
  /// Where the provider speaks what the caller spoke, the caller's body goes on byte for byte but for the
  /// fields that the gateway owns: the model, the bound of the answer, whether it is streamed, and that a
  /// stream ends with its usage, or it could not be billed. Elsewhere it is translated, and an error names
  /// the field that has no counterpart.
  ///
  /// `model` is the provider's name for it. `maxTokens` is the bound that a reservation was made for; nil
  /// leaves the caller's own as it is.
  package static func bytes(
    for request: ChatRequest, format: UpstreamFormat, model: String, maxTokens: Int?, isStreaming: Bool
  ) throws(RequestError) -> [UInt8] {
    if format.passesThrough(request.surface) {
      return passedThrough(request, format, model: model, maxTokens: maxTokens, isStreaming: isStreaming)
    }
    let isNative = request.surface == .generate || request.surface == .chatPrompt
    if isNative && format == .openAIChat {
      return OpenAIRequestBody.bytes(
        for: request, model: model, maxTokens: maxTokens, isStreaming: isStreaming)
    }
    let conversation = try Conversation(request)
    let call = UpstreamCall(
      model: model, maxTokens: maxTokens ?? request.maxTokens, isStreaming: isStreaming,
      userID: isNative ? nil : request.userID)
    switch format {
    case .openAIChat: return OpenAIChatBody.bytes(for: conversation, call)
    case .anthropicMessages: return try AnthropicRequestBody.bytes(for: conversation, call)
    case .gemini: return try GeminiRequestBody.bytes(for: conversation, call)
    case .openAICompletions, .openAIResponses, .openAIEmbeddings:
      preconditionFailure("only their own surfaces are served by these forms, and those pass through")
    }
  }

  /// The caller's body with the gateway's fields.
  private static func passedThrough(
    _ request: ChatRequest, _ format: UpstreamFormat, model: String, maxTokens: Int?, isStreaming: Bool
  ) -> [UInt8] {
    let document = request.document
    var changes: [(key: StaticString, value: [UInt8]?)] = [("model", quoted(model))]
    if isStreaming != request.isStreaming {
      changes.append(("stream", Array((isStreaming ? "true" : "false").utf8)))
    }
    switch format {
    case .openAIChat, .openAICompletions:
      if isStreaming && !request.wantsUsageInStream {
        changes.append(("stream_options", streamOptions(in: document)))
      }
    case .openAIResponses, .openAIEmbeddings, .anthropicMessages, .gemini: break
    }
    if let maxTokens {
      let digits = Array(String(maxTokens).utf8)
      for name in boundNames(request, format, model: model) {
        let asked = document.member(named: name.description, of: document.root).flatMap { document.int($0) }
        if asked.map({ $0 > maxTokens }) ?? true { changes.append((name, digits)) }
      }
    }
    return document.replacing(members: changes)
  }

  /// The fields that bound the answer: those that the caller wrote, or else the one that the model takes.
  private static func boundNames(
    _ request: ChatRequest, _ format: UpstreamFormat, model: String
  ) -> [StaticString] {
    switch format {
    case .openAIChat:
      let document = request.document
      let names: [StaticString] = ["max_completion_tokens", "max_tokens"]
      let written = names.filter { name in
        document.member(named: name.description, of: document.root).map { !document.isNull($0) } ?? false
      }
      return written.isEmpty ? [OpenAIRequestBody.boundName(for: model)] : written
    case .openAICompletions, .anthropicMessages: return ["max_tokens"]
    case .openAIResponses: return ["max_output_tokens"]
    case .openAIEmbeddings, .gemini: return []
    }
  }

  /// The caller's options of the stream, if any, with the usage asked for.
  private static func streamOptions(in document: JSONDocument) -> [UInt8] {
    if let options = document.member("stream_options", of: document.root),
      let inner = try? JSONDocument(parsing: Array(document.bytes[document.range(of: options)])),
      inner.kind(of: inner.root) == .object
    {
      return inner.replacing(members: [("include_usage", Array("true".utf8))])
    }
    return Array(#"{"include_usage":true}"#.utf8)
  }

  private static func quoted(_ text: String) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: text.utf8.count + 8)
    writer.value(text)
    return writer.bytes
  }
}
