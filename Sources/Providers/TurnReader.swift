import JSON

/// One message of a conversation, or one item, as far as it matters who speaks and what belongs together.
struct TurnReader {
  enum Role {
    case system, user, assistant
    /// What a tool gave, for a call before it.
    case result
  }

  let message: JSONNode
  private(set) var role = Role.assistant
  /// The strings that can be shortened, in the order in which they stand.
  private(set) var texts: [JSONNode] = []
  /// Those of `texts` that the user says.
  private(set) var userTexts: [JSONNode] = []
  /// The ids of the calls that are made here, and of those whose results are here.
  private(set) var calls: [String] = []
  private(set) var results: [String] = []
  private let document: JSONDocument

  init(message: JSONNode, in document: JSONDocument) {
    self.message = message
    self.document = document
    role = roleOfMessage()
    readContent(isOfUser: role == .user)
    for call in elements("tool_calls", of: message) { note("id", of: call, in: &calls) }
    note("tool_call_id", of: message, in: &results)
    if role == .result {
      if let output = document.member("output", of: message) { readTexts(output, isOfUser: false) }
      note("call_id", of: message, in: &results)
      note("approval_request_id", of: message, in: &results)
    } else if has("type", "mcp_approval_request") {
      note("id", of: message, in: &calls)
    } else {
      note("call_id", of: message, in: &calls)
    }
  }

  private func roleOfMessage() -> Role {
    if let role = document.member("role", of: message) {
      if isAny(role, ["system", "developer"]) { return .system }
      if isAny(role, ["tool", "function"]) { return .result }
      if document.isText(role, "user") { return .user }
      return .assistant
    }
    guard let type = document.member("type", of: message), let name = document.string(type) else {
      return .assistant
    }
    // Items of OpenAI's responses: `function_call_output`, `computer_call_output` and the like.
    return name.hasSuffix("_output") || name == "mcp_approval_response" ? .result : .assistant
  }

  /// A message of Anthropic's user may hold results of tools, and then belongs to what came before.
  private mutating func readContent(isOfUser: Bool) {
    guard let content = document.member("content", of: message) else { return }
    readTexts(content, isOfUser: isOfUser)
    for block in document.elements(of: content) {
      guard let type = document.member("type", of: block) else { continue }
      if document.isText(type, "tool_use") {
        note("id", of: block, in: &calls)
      } else if document.isText(type, "tool_result") {
        if isOfUser { role = .result }
        note("tool_use_id", of: block, in: &results)
      }
    }
  }

  /// The text itself, or those of its parts.
  private mutating func readTexts(_ content: JSONNode, isOfUser: Bool) {
    if document.kind(of: content) == .string {
      add(content, isOfUser: isOfUser)
      return
    }
    for part in document.elements(of: content) {
      guard let type = document.member("type", of: part) else { continue }
      if isAny(type, ["text", "input_text", "output_text"]) {
        guard let text = document.member("text", of: part), document.kind(of: text) == .string else {
          continue
        }
        add(text, isOfUser: isOfUser)
      } else if document.isText(type, "tool_result"), let inner = document.member("content", of: part) {
        readTexts(inner, isOfUser: false)
      }
    }
  }

  private mutating func add(_ text: JSONNode, isOfUser: Bool) {
    texts.append(text)
    if isOfUser { userTexts.append(text) }
  }

  private func elements(_ name: StaticString, of node: JSONNode) -> JSONElements {
    document.elements(of: document.member(name, of: node) ?? node)
  }

  private func note(_ name: StaticString, of node: JSONNode, in ids: inout [String]) {
    if let id = document.member(name, of: node).flatMap({ document.string($0) }) { ids.append(id) }
  }

  private func has(_ name: StaticString, _ text: StaticString) -> Bool {
    document.member(name, of: message).map { document.isText($0, text) } ?? false
  }

  private func isAny(_ node: JSONNode, _ names: [StaticString]) -> Bool {
    names.contains { document.isText(node, $0) }
  }
}
