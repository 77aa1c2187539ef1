import GatewayTypes
package import JSON

extension ChatRequest {
  /// The limits of the fields; each stands in the message of the error that it causes.
  enum Limit {
    static let nameBytes = 256
    static let tagCount = 32
    static let tagNameBytes = 64
    static let tagValueBytes = 256
    /// No model writes more; the same bound tells an impossible usage.
    static let tokens = 1...100_000_000
    /// A day: longer than any answer takes.
    static let timeoutMilliseconds = 1...86_400_000
    /// OpenAI's own limit of `n`.
    static let choices = 1...128
  }

  /// Reads the body of `POST /generate`, or that of `POST /chat/completions` with a `prompt`.
  ///
  /// Every known field is checked; unknown ones are left alone, so that a newer client is not refused.
  /// `preferences.priority` goes before `preference`. The root must be an object: `RequestBody` sees to it.
  package init(generate document: JSONDocument, surface: Surface = .generate) throws(RequestError) {
    let fields = RequestFields(document: document, object: document.root)
    let preferences = try fields.object("preferences")
    self.init(
      surface: surface, document: document, input: try ChatRequest.input(fields),
      model: try fields.shortString("model", maxBytes: Limit.nameBytes))
    system = try fields.stringNode("system")
    maxTokens = try fields.int("max_tokens", in: Limit.tokens)
    temperature = try fields.number("temperature", in: 0...2)
    let preference = try ChatRequest.priority(fields, "preference")
    priority = try ChatRequest.priority(preferences, "priority") ?? preference
    maxCost = try ChatRequest.maxCost(preferences)
    let milliseconds = try preferences?.int("timeout_ms", in: Limit.timeoutMilliseconds)
    timeout = milliseconds.map { .milliseconds($0) }
    userID = try fields.shortString("user_id", maxBytes: Limit.nameBytes)
    tags = try ChatRequest.tags(fields)
    isStreaming = try fields.bool("stream") ?? false
    optimizesPrompt = try fields.bool("optimize_prompt") ?? false
    inputSize = InputSize(of: input, system: system, in: document)
    needs = ChatRequest.imageNeed(of: input, in: document)
  }

  private static func input(_ fields: RequestFields) throws(RequestError) -> Input {
    let prompt = try fields.stringNode("prompt")
    let messages = try fields.array("messages")
    if let prompt {
      guard messages == nil else {
        throw RequestError(message: "send either `prompt` or `messages`, not both", param: "prompt")
      }
      guard !fields.document.isBlank(prompt) else {
        throw RequestError(message: "`prompt` must not be blank, it has no text to answer", param: "prompt")
      }
      return .prompt(prompt)
    }
    guard let messages else {
      throw RequestError(
        message: "`prompt` is missing: send the text to answer as a string, or a conversation as `messages`",
        param: "prompt")
    }
    try MessageCheck(document: fields.document).check(messages)
    return .messages(messages)
  }

  private static func priority(
    _ fields: RequestFields?, _ name: StaticString
  ) throws(RequestError) -> Priority? {
    guard let fields, let node = try fields.stringNode(name) else { return nil }
    if let priority = fields.document.string(node).flatMap({ Priority(rawValue: $0) }) { return priority }
    throw fields.notAllowed(node, name, "\"cost\", \"speed\" or \"quality\"")
  }

  private static func maxCost(_ fields: RequestFields?) throws(RequestError) -> Money? {
    let name: StaticString = "max_cost_per_request"
    guard let fields, let node = fields.node(name) else { return nil }
    let found = fields.document.kind(of: node)
    guard found == .number else {
      throw .wrongType(fields.param(name), expected: "a number of US dollars", found: found)
    }
    let text = String(decoding: fields.document.bytes[fields.document.range(of: node)], as: UTF8.self)
    guard let amount = exactAmount(text), amount >= .zero else {
      throw fields.notAllowed(node, name, "a number of US dollars, 0 or more, down to 1e-12")
    }
    return amount
  }

  /// Reads a limit's digits exactly. What a client's floating point adds below 10⁻¹² USD is cut off: a
  /// limit may come out lower by that, never higher.
  private static func exactAmount(_ text: String) -> Money? {
    do {
      return try Money(decimal: text)
    } catch {
      guard error == .notExact, let point = text.firstIndex(of: ".") else { return nil }
      let places = text[point...].dropFirst()
      guard places.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      return try? Money(decimal: text[..<point] + "." + places.prefix(Money.decimalPlaces))
    }
  }

  private static func tags(_ fields: RequestFields) throws(RequestError) -> [Tag] {
    guard let object = try fields.object("tags") else { return [] }
    let document = fields.document
    var tags: [Tag] = []
    for (key, value) in document.members(of: object.object) {
      let name = document.string(key) ?? ""
      guard !name.isEmpty && name.utf8.count <= Limit.tagNameBytes else {
        throw RequestError(
          message: "a name in `tags` must have 1 to \(Limit.tagNameBytes) bytes, found \(name.utf8.count)",
          param: "tags")
      }
      guard let text = document.string(value) else {
        throw .wrongType("tags.\(name)", expected: "a string", found: document.kind(of: value))
      }
      guard text.utf8.count <= Limit.tagValueBytes else {
        throw RequestError(
          message: "`tags.\(name)` must be at most \(Limit.tagValueBytes) bytes, it has \(text.utf8.count)",
          param: "tags.\(name)")
      }
      tags.removeAll { $0.name == name }
      tags.append(Tag(name: name, value: text))
      guard tags.count <= Limit.tagCount else {
        throw RequestError(message: "`tags` must have at most \(Limit.tagCount) members", param: "tags")
      }
    }
    return tags
  }
}

extension JSONDocument {
  /// Whether the string `node` is empty or all white space.
  fileprivate func isBlank(_ node: JSONNode) -> Bool {
    // The first byte decides nearly always, without a copy of a long prompt.
    let first = bytes[stringContentRange(of: node)].first ?? 0
    if first > 0x20 && first < 0x80 && first != UInt8(ascii: "\\") { return false }
    return string(node)?.allSatisfy { $0.isWhitespace } ?? true
  }
}
