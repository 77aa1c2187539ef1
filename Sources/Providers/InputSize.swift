package import JSON

/// How much a request gives a model to read, for the estimate and the bound of its tokens.
package struct InputSize: Hashable, Sendable {
  /// The characters of all texts; other fields of messages count as ASCII, raw, key and value.
  package var characters = JSONCharacterCounts()
  /// How many messages the texts are in, the system text included.
  package var messageCount = 0
  /// How many images, sounds and files come along.
  package var attachmentCount = 0

  package init() {}

  init(of input: ChatRequest.Input, system: JSONNode?, in document: JSONDocument) {
    if let system { addText(system, in: document) }
    switch input {
    case .prompt(let prompt):
      addText(prompt, in: document)
    case .batch(let texts):
      for text in document.elements(of: texts) { addText(text, in: document) }
    case .messages(let messages), .items(let messages):
      for message in document.elements(of: messages) { addMessage(message, in: document) }
    }
  }

  /// Adds what is charged as its JSON text: the definitions of tools, a schema for the answer.
  mutating func addRaw(_ node: JSONNode?, in document: JSONDocument) {
    if let node { characters.oneByte += document.range(of: node).count }
  }

  private mutating func addText(_ text: JSONNode, in document: JSONDocument) {
    messageCount += 1
    switch document.kind(of: text) {
    case .string: characters += document.characterCounts(of: text)
    case .array: addParts(text, in: document)
    case .object, .number, .true, .false, .null: addRaw(text, in: document)
    }
  }

  /// Every member counts, also one whose key occurs twice: a provider may read the other one.
  mutating func addMessage(_ message: JSONNode, in document: JSONDocument) {
    messageCount += 1
    for (key, value) in document.members(of: message) {
      if document.isText(key, "content") || document.isText(key, "output") {
        characters += document.characterCounts(of: value)
        addParts(value, in: document)
      } else if !isWord(key, value, "role", in: document) {
        addRaw(key, value, in: document)
      }
    }
  }

  private mutating func addParts(_ parts: JSONNode, in document: JSONDocument) {
    for part in document.elements(of: parts) { addPart(part, in: document) }
  }

  private mutating func addPart(_ part: JSONNode, in document: JSONDocument) {
    // A number of a token, or nothing that is known.
    guard document.kind(of: part) == .object else { return addRaw(part, in: document) }
    let kind = kind(ofPart: part, in: document)
    if kind == .image || kind == .attachment { attachmentCount += 1 }
    for (key, value) in document.members(of: part) where !isWord(key, value, "type", in: document) {
      if document.isText(key, "text") {
        characters += document.characterCounts(of: value)
      } else if kind == .toolResult, document.isText(key, "content") {
        characters += document.characterCounts(of: value)
        addParts(value, in: document)
      } else if kind != .image {
        // An image is charged by its pixels, which `TokenEstimate` bounds, whatever its encoded size; a
        // file or a sound may be charged by what is in it.
        addRaw(key, value, in: document)
      }
    }
  }

  /// What a part holds says more than what its type says it is.
  private func kind(ofPart part: JSONNode, in document: JSONDocument) -> PartKind {
    if document.member("image_url", of: part) != nil { return .image }
    if document.member("text", of: part) != nil { return .data }
    return PartKind(document.member("type", of: part), in: document)
  }

  /// Whether a member is one of the short words that a message's own tokens cover.
  private func isWord(
    _ key: JSONNode, _ value: JSONNode, _ name: StaticString, in document: JSONDocument
  ) -> Bool {
    document.range(of: value).count <= 16 && document.isText(key, name)
  }

  private mutating func addRaw(_ key: JSONNode, _ value: JSONNode, in document: JSONDocument) {
    characters.oneByte += document.range(of: key).count + document.range(of: value).count
  }
}

/// What a part of a message that is no text counts as.
enum PartKind {
  case image
  /// Anthropic's block with content of its own.
  case toolResult
  /// Words that the model reads as they are: calls of tools, thoughts, token numbers.
  case data
  case attachment

  init(_ type: JSONNode?, in document: JSONDocument) {
    guard let type else {
      self = .data
      return
    }
    func isAny(of names: [StaticString]) -> Bool { names.contains { document.isText(type, $0) } }
    if isAny(of: ["image_url", "input_image", "image"]) {
      self = .image
    } else if isAny(of: ["tool_result"]) {
      self = .toolResult
    } else if isAny(of: ["tool_use", "thinking", "redacted_thinking", "refusal"]) {
      self = .data
    } else {
      self = .attachment
    }
  }
}
