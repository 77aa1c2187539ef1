import GatewayTypes
import JSON

/// What ends a stream that is about to cost more than was set aside for it.
///
/// The provider was told the bound and keeps to it as a rule. Whether one does not can only be guessed while
/// it writes: nobody counts before the end. Each event that brings text has at least a token, so an honest
/// provider sends no more of them than tokens; where each brings many, what the text comes to has to be half
/// as much again as the bound, which no usual text of so many tokens is.
extension StreamReader {
  /// Whether what has come is more than `limit` tokens.
  func exceeds(_ limit: Int) -> Bool {
    if let statedUsage, statedUsage.output > limit { return true }
    let estimate = TokenEstimate.tokens(in: characters)
    guard estimate > limit else { return false }
    return pieceCount > limit || estimate - limit > limit / 2 + StreamReader.grace
  }

  /// Short answers differ more from what is usual.
  private static let grace = 64

  /// Appends what ends the answer as one that has reached its bound.
  mutating func cut(into events: inout [StreamEvent]) throws(ProviderFailure) {
    wasCut = true
    for choice in unfinishedChoices { try finish(choice: choice, into: &events) }
    if passesThrough {
      switch format {
      case .anthropicMessages: cutAnthropic(into: &events)
      case .openAIChat, .openAICompletions, .gemini, .openAIEmbeddings: break
      case .openAIResponses: throw .malformed("the answer is longer than the bound that was asked for")
      }
    }
  }

  private mutating func finish(choice: Int, into events: inout [StreamEvent]) throws(ProviderFailure) {
    let event = StreamEvent.finish(reason: "length", choice: choice)
    try note(event, into: &events)
    // Where events pass through as bytes, the writer makes these of it.
    if passesThrough && format != .anthropicMessages { events.append(event) }
  }

  /// Closes the open block and the message, in the provider's place.
  private func cutAnthropic(into events: inout [StreamEvent]) {
    var bytes: [UInt8] = []
    if let block = anthropic.openBlock {
      var writer = JSONWriter()
      writer.beginObject()
      writer.member("type", "content_block_stop" as StaticString)
      writer.member("index", block)
      writer.endObject()
      bytes.appendEvent("content_block_stop", data: writer.bytes[...])
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("type", "message_delta" as StaticString)
    writer.key("delta")
    writer.beginObject()
    writer.member("stop_reason", AnthropicWords.stopReason(of: "length"))
    writer.memberNull("stop_sequence")
    writer.endObject()
    writer.key("usage")
    writer.beginObject()
    writer.member("output_tokens", cutOutput)
    writer.endObject()
    writer.endObject()
    bytes.appendEvent("message_delta", data: writer.bytes[...])
    events.append(.raw(bytes[...], isUsageOnly: false))
  }

  /// The output of a stream that was cut: what the provider has counted so far, or what the text comes to,
  /// which is a guess and not held to be more than the bound that the provider was told.
  var cutOutput: Int {
    let estimate = min(TokenEstimate.tokens(in: characters), outputLimit ?? .max)
    return max(statedUsage?.output ?? 0, estimate)
  }
}
