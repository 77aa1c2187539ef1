package import JSON

/// How much a request gives a model to read, for the estimate and the bound of its tokens.
package struct InputSize: Hashable, Sendable {
  /// The characters of all texts; other fields of messages count as ASCII of their raw size.
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

  private mutating func addMessage(_ message: JSONNode, in document: JSONDocument) {
    messageCount += 1
    for (key, value) in document.members(of: message) {
      if document.isText(key, "role") { continue }
      guard document.isText(key, "content") else {
        characters.oneByte += document.range(of: value).count
        continue
      }
      characters += document.characterCounts(of: value)
      for part in document.elements(of: value) { addPart(part, in: document) }
    }
  }

  private mutating func addPart(_ part: JSONNode, in document: JSONDocument) {
    if let text = document.member("text", of: part) {
      characters += document.characterCounts(of: text)
      return
    }
    attachmentCount += 1
    // An image is charged by its pixels, which `TokenEstimate` bounds, whatever its encoded size; a file
    // or a sound may be charged by what is in it.
    if document.member("image_url", of: part) == nil {
      characters.oneByte += document.range(of: part).count
    }
  }
}
