/// Where a call to a provider goes, below its base URL, and what its head must say.
package enum UpstreamPath {
  /// The path with its query, beginning with a slash.
  ///
  /// A base URL ends as each vendor writes it: `https://api.openai.com/v1`, `https://api.anthropic.com`
  /// (with or without `/v1`, which `base` tells), `https://generativelanguage.googleapis.com/v1beta`.
  package static func path(_ format: UpstreamFormat, base: String, model: String, isStreaming: Bool) -> String
  {
    switch format {
    case .openAIChat: "/chat/completions"
    case .openAICompletions: "/completions"
    case .openAIResponses: "/responses"
    case .openAIEmbeddings: "/embeddings"
    case .anthropicMessages: base.hasSuffix("/v1") || base.hasSuffix("/v1/") ? "/messages" : "/v1/messages"
    case .gemini:
      "/models/" + escaped(model.hasPrefix("models/") ? String(model.dropFirst(7)) : model)
        + (isStreaming ? ":streamGenerateContent?alt=sse" : ":generateContent")
    }
  }

  /// The header fields that carry the key, and the version of the protocol where one must be named.
  package static func fields(_ family: ProviderFamily, key: String?) -> [(name: String, value: String)] {
    switch family {
    case .openAI: key.map { [("Authorization", "Bearer " + $0)] } ?? []
    case .anthropic: (key.map { [("x-api-key", $0)] } ?? []) + [("anthropic-version", "2023-06-01")]
    case .gemini: key.map { [("x-goog-api-key", $0)] } ?? []
    }
  }

  /// `text` as one segment of a path (RFC 3986 §3.3): what is not unreserved is percent-encoded.
  private static func escaped(_ text: String) -> String {
    var segment = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character)) {
        segment.append(character)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        segment += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return segment
  }
}
