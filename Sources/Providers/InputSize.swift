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
    case .messages(let messages):
      for message in document.elements(of: messages) { addMessage(message, in: document) }
    }
  }

  private mutating func addText(_ text: JSONNode, in document: JSONDocument) {
    messageCount += 1
    characters += document.characterCounts(of: text)
  }

  /// Every member counts, also one whose key occurs twice: a provider may read the other one.
  private mutating func addMessage(_ message: JSONNode, in document: JSONDocument) {
    messageCount += 1
    for (key, value) in document.members(of: message) {
      if document.isText(key, "content") {
        characters += document.characterCounts(of: value)
        for part in document.elements(of: value) { addPart(part, in: document) }
      } else if !isWord(key, value, "role", in: document) {
        addRaw(key, value, in: document)
      }
    }
  }

  private mutating func addPart(_ part: JSONNode, in document: JSONDocument) {
    var isTextOnly = true
    for (key, value) in document.members(of: part) {
      if document.isText(key, "text") {
        characters += document.characterCounts(of: value)
      } else if document.isText(key, "image_url") {
        // An image is charged by its pixels, which `TokenEstimate` bounds, whatever its encoded size.
        isTextOnly = false
      } else if !isWord(key, value, "type", in: document) {
        // A file or a sound may be charged by what is in it.
        isTextOnly = false
        addRaw(key, value, in: document)
      }
    }
    if !isTextOnly { attachmentCount += 1 }
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
