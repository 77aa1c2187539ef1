import JSON

extension ChatRequest {
  /// The UTF-8 text that the caller last asked: the prompt, the last message or item whose role is `user`,
  /// its text parts joined by newlines, or the last of several texts. Empty when there is none. Decodes at
  /// every call.
  package func lastUserText() -> [UInt8] {
    switch input {
    case .prompt(let prompt):
      return document.decodedBytes(prompt)
    case .batch(let texts):
      var last: JSONNode?
      for text in document.elements(of: texts) { last = text }
      return last.map { document.decodedBytes($0) } ?? []
    case .messages(let messages), .items(let messages):
      var last: JSONNode?
      for message in document.elements(of: messages) {
        if let role = document.member("role", of: message), document.isText(role, "user") { last = message }
      }
      return last.map { text(ofMessage: $0) } ?? []
    }
  }

  private func text(ofMessage message: JSONNode) -> [UInt8] {
    guard let content = document.member("content", of: message) else { return [] }
    var text = document.decodedBytes(content)
    for part in document.elements(of: content) {
      guard let piece = document.member("text", of: part) else { continue }
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      document.appendDecodedString(piece, to: &text)
    }
    return text
  }
}
