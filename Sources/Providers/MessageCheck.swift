import JSON

/// Checks the `messages` of a request: a non-empty array of objects with a role and content.
struct MessageCheck {
  let document: JSONDocument

  /// More turns than any conversation has; the body's size bounds the rest.
  private static let maxCount = 10_000

  func check(_ messages: JSONNode) throws(RequestError) {
    var index = 0
    for message in document.elements(of: messages) {
      guard index < MessageCheck.maxCount else {
        throw RequestError(
          message: "`messages` must have at most \(MessageCheck.maxCount) elements", param: "messages")
      }
      try check(message, at: index)
      index += 1
    }
    guard index > 0 else {
      throw RequestError(message: "`messages` must have at least one message", param: "messages")
    }
  }

  private func check(_ message: JSONNode, at index: Int) throws(RequestError) {
    let kind = document.kind(of: message)
    guard kind == .object else {
      throw .wrongType("messages[\(index)]", expected: "an object with `role` and `content`", found: kind)
    }
    guard let role = document.member("role", of: message) else {
      let param = "messages[\(index)].role"
      throw RequestError(message: "`\(param)` is missing: say who speaks, such as \"user\"", param: param)
    }
    guard document.isRole(role) else {
      let param = "messages[\(index)].role"
      throw RequestError(
        message: "`\(param)` must be one of \"system\", \"developer\", \"user\", \"assistant\", \"tool\"",
        param: param)
    }
    try checkContent(of: message, at: index)
  }

  private func checkContent(of message: JSONNode, at index: Int) throws(RequestError) {
    let content = document.member("content", of: message)
    switch content.map({ document.kind(of: $0) }) {
    case .string:
      return
    case .array:
      if let content { try checkParts(content, "messages[\(index)].content") }
    case nil, .null:
      // An assistant's turn may consist of tool calls alone.
      if document.member("tool_calls", of: message) != nil { return }
      let param = "messages[\(index)].content"
      throw RequestError(message: "`\(param)` is missing: send the message's text as a string", param: param)
    case .some(let found):
      throw .wrongType("messages[\(index)].content", expected: "a string or an array of parts", found: found)
    }
  }

  private func checkParts(_ parts: JSONNode, _ param: String) throws(RequestError) {
    var index = 0
    for part in document.elements(of: parts) {
      let type = document.member("type", of: part)
      guard let type, document.kind(of: type) == .string else {
        throw RequestError(
          message: "`\(param)[\(index)]` must be an object with a `type`, such as \"text\"",
          param: "\(param)[\(index)]")
      }
      if document.isText(type, "text") {
        let text = document.member("text", of: part)
        guard let text, document.kind(of: text) == .string else {
          throw RequestError(
            message: "`\(param)[\(index)].text` must be a string", param: "\(param)[\(index)].text")
        }
      }
      index += 1
    }
    guard index > 0 else {
      throw RequestError(message: "`\(param)` must have at least one part", param: param)
    }
  }
}

extension JSONDocument {
  /// Whether `node` is one of the roles that a message may have.
  fileprivate func isRole(_ node: JSONNode) -> Bool {
    isText(node, "user") || isText(node, "assistant") || isText(node, "system") || isText(node, "developer")
      || isText(node, "tool") || isText(node, "function")
  }
}
