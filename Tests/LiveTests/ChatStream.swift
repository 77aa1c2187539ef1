import TestSupport

/// Asking for streams on OpenAI's path.
extension GatewayProcess {
  static let chatPath = "/v1/chat/completions"

  static func chatBody(_ text: String = "What is it?", _ members: String = "", isStream: Bool = true)
    -> String
  {
    #"{"model":"auto","stream":\#(isStream),"messages":[{"role":"user","content":"\#(text)"}]"#
      + "\(members.isEmpty ? "" : ",")\(members)}"
  }

  /// A stream of OpenAI's, or what came of it. `members` are further members of the body, as JSON.
  /// `onHead` is called when the answer's head is there, and with it the first token.
  func chatStream(
    _ text: String = "What is it?", _ members: String = "", onHead: () -> Void = {}
  ) throws -> (response: RawResponse, isComplete: Bool) {
    let client = try connect()
    try client.send(Self.message("POST", Self.chatPath, Self.chatBody(text, members)))
    return try client.responseOrPart(onHead: onHead)
  }
}

extension RawResponse {
  /// The `data` of each event of an event stream.
  var events: [String] {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(separator: "\n\n").map {
      $0.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }.joined(
        separator: "\n")
    }
  }

  /// Whether it says `[DONE]`, as only a whole answer may.
  var hasDone: Bool { text.contains("[DONE]") }

  /// The error that a stream ends with.
  var errorEvent: JSONValue { events.last.flatMap { try? JSONValue(parsing: $0)["error"] } ?? .null }
}
