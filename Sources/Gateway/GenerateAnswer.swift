internal import Configuration
internal import GatewayTypes
internal import JSON
internal import Providers
internal import Routing

/// The body of a good answer of `POST /generate`.
enum GenerateAnswer {
  static func body(_ answer: ChatAnswer, _ call: ChatCall, _ result: DispatchResult) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: answer.escapedText.count + 640)
    writer.beginObject()
    writer.member("id", call.id)
    writer.member("status", "success" as StaticString)
    writer.member("provider", result.provider?.id.text ?? "")
    writer.member("modelUsed", result.provider?.configuration.model ?? "")
    writer.key("response")
    writer.string(escapedContent: answer.escapedText)
    writer.member("tokens", answer.usage.total)
    writer.key("usage")
    writer.usage(answer.usage)
    writer.member("cost", result.cost)
    writer.member("latency", seconds: result.endedAt - call.receivedAt)
    writer.member("intent", call.intent.rawValue)
    writer.optionalMember("finish_reason", answer.finishReason)
    writer.attempts(result.attempts)
    writer.warnings(call.warnings(result.warnings, from: result.provider))
    writer.endObject()
    return writer.bytes
  }
}

/// The body of a good answer of `POST /chat/completions` with a `prompt`.
enum ChatPromptAnswer {
  static func body(_ answer: ChatAnswer, _ call: ChatCall, _ result: DispatchResult) -> [UInt8] {
    var writer = JSONWriter(reserveCapacity: answer.escapedText.count + 160)
    writer.beginObject()
    writer.member("provider_used", result.provider?.id.text ?? "")
    writer.key("content")
    writer.string(escapedContent: answer.escapedText)
    writer.member("latency_ms", (result.endedAt - call.receivedAt).wholeMilliseconds)
    writer.member("cost", result.cost)
    let warnings = call.warnings(result.warnings, from: result.provider)
    if !warnings.isEmpty { writer.warnings(warnings) }
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func warnings(_ warnings: [String]) {
    key("warnings")
    beginArray()
    for warning in warnings { value(warning) }
    endArray()
  }

  /// The usage of an answer, in the names of OpenAI.
  mutating func usage(_ usage: TokenUsage) {
    beginObject()
    member("prompt_tokens", usage.input)
    member("completion_tokens", usage.output)
    member("total_tokens", usage.total)
    member("cached_tokens", usage.cacheRead)
    member("reasoning_tokens", usage.reasoning)
    member("estimated", usage.isEstimated)
    endObject()
  }
}
