import GatewayTypes
import JSON

/// One candidate of Gemini's, whole or a piece of a stream: the same object is sent for both.
///
/// Source: https://ai.google.dev/api/generate-content#candidate
struct GeminiCandidate {
  enum Part {
    case text(ArraySlice<UInt8>)
    case thought(ArraySlice<UInt8>)
    case toolCall(ToolCall)
  }

  var parts: [Part] = []
  /// In Google's words; nil while there is more to come.
  var finishReason: String?

  /// `callCount` is how many calls came before in the same answer: those that Gemini gives no name are
  /// known by their place in it.
  init(_ candidate: JSONNode, in document: JSONDocument, callCount: Int) {
    finishReason = document.member("finishReason", of: candidate).flatMap { document.string($0) }
    guard let content = document.member("content", of: candidate),
      let list = document.member("parts", of: content)
    else { return }
    var callCount = callCount
    for part in document.elements(of: list) {
      if let text = document.escapedString("text", of: part) {
        let isThought = document.member("thought", of: part).flatMap { document.bool($0) } ?? false
        parts.append(isThought ? .thought(text) : .text(text))
      } else if let function = document.member("functionCall", of: part) {
        parts.append(.toolCall(GeminiCandidate.call(function, part: part, index: callCount, in: document)))
        callCount += 1
      }
    }
  }

  private static func call(
    _ function: JSONNode, part: JSONNode, index: Int, in document: JSONDocument
  ) -> ToolCall {
    let arguments = document.member("args", of: function).map { document.bytes[document.range(of: $0)] }
    var call = ToolCall(
      id: document.escapedString("id", of: function) ?? GeminiCandidate.id(ofCall: index, in: document),
      name: document.escapedString("name", of: function) ?? [],
      arguments: EscapedText.escaped(arguments ?? Array("{}".utf8)[...]))
    call.signature = document.escapedString("thoughtSignature", of: part)
    return call
  }

  private static func id(ofCall index: Int, in document: JSONDocument) -> ArraySlice<UInt8> {
    guard let response = document.escapedString("responseId", of: document.root), !response.isEmpty else {
      return []
    }
    return Array("call_".utf8) + response + Array("_\(index)".utf8)
  }

  /// OpenAI's word for the reason to stop; a reason that is a fault of the model's is a failure.
  static func finishReason(of reason: String, hasToolCalls: Bool) throws(ProviderFailure) -> String {
    switch reason {
    case "STOP": return hasToolCalls ? "tool_calls" : "stop"
    case "MAX_TOKENS": return "length"
    case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
      "MISSING_THOUGHT_SIGNATURE":
      throw .malformed("the model's call of a tool was not well-formed")
    // SAFETY, RECITATION, LANGUAGE, BLOCKLIST, PROHIBITED_CONTENT, SPII, OTHER: the answer was withheld.
    default: return "content_filter"
    }
  }

  /// The failure that an answer without candidates is, when it says that the prompt was blocked.
  static func blocked(_ document: JSONDocument) -> ProviderFailure? {
    guard let feedback = document.member("promptFeedback", of: document.root),
      let reason = document.member("blockReason", of: feedback).flatMap({ document.string($0) })
    else { return nil }
    return ProviderFailure(
      .invalidRequest, reason: "the provider blocked the prompt",
      callerMessage: SafeMessage.text("The provider blocked the prompt (\(reason)).", secret: nil))
  }
}
