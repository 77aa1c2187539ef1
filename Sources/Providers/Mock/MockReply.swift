import GatewayTypes
import JSON

/// The answer of a provider of kind `mock`: made here, without any network.
package enum MockReply {
  /// How much of the prompt the default reply repeats, in characters.
  private static let echoLength = 200

  /// Answers `request` with `reply`, or with a text that says that no model was asked.
  ///
  /// The counts are the mock's own, so they are exact and not marked as estimated. An answer longer than
  /// `maxTokens` is cut to it, as a model's would be.
  package static func answer(to request: ChatRequest, reply: String?, maxTokens: Int?) -> ChatAnswer {
    var text = reply ?? defaultReply(to: request)
    var finishReason = "stop"
    if let maxTokens, tokens(in: text) > maxTokens {
      text = cut(text, toTokens: maxTokens)
      finishReason = "length"
    }
    var writer = JSONWriter(reserveCapacity: text.utf8.count + 16)
    writer.value(text)
    return ChatAnswer(
      escapedText: writer.bytes.dropFirst().dropLast(), finishReason: finishReason,
      usage: TokenUsage(uncachedInput: TokenEstimate.tokens(in: request.inputSize), output: tokens(in: text)))
  }

  private static func defaultReply(to request: ChatRequest) -> String {
    let prompt = String(decoding: request.lastUserText(), as: UTF8.self)
    let start = prompt.prefix(echoLength)
    let echo = start.count < prompt.count ? start + "…" : start
    return "This is Tollgate's built-in demo provider: no real model was asked. "
      + "Set a provider's API key to get real answers. You wrote: \(echo)"
  }

  private static func tokens(in text: String) -> Int {
    TokenEstimate.tokens(in: JSONCharacterCounts(text))
  }

  /// The longest start of `text`, in whole characters, that has at most `maxTokens`.
  private static func cut(_ text: String, toTokens maxTokens: Int) -> String {
    var counts = JSONCharacterCounts()
    var end = text.startIndex
    while end < text.endIndex {
      let next = text.index(after: end)
      counts += JSONCharacterCounts(text[end..<next])
      if TokenEstimate.tokens(in: counts) > maxTokens { break }
      end = next
    }
    return String(text[..<end])
  }
}

extension JSONCharacterCounts {
  /// Counts the characters of a text that is not JSON.
  fileprivate init(_ text: some StringProtocol) {
    self.init()
    for scalar in text.unicodeScalars {
      switch UTF8.width(scalar) {
      case 1:
        oneByte += 1
        if scalar.properties.isAlphabetic { letters += 1 }
        if scalar == " " { spaces += 1 }
      case 2: twoBytes += 1
      case 3: threeBytes += 1
      default: fourBytes += 1
      }
    }
  }
}
