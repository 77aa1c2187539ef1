package import JSON

/// How much a request gives a model to read, for the estimate and the bound of its tokens.
package struct InputSize: Hashable, Sendable {
  /// The characters of all texts; other fields of messages count as ASCII, raw, key and value.
  package var characters = JSONCharacterCounts()
  /// How many messages the texts are in, the system text included.
  package var messageCount = 0
  /// How many images come along: charged by their pixels, whatever their encoded size.
  package var imageCount = 0
  /// The encoded size of sounds in bytes: a token of sound lasts some 100 ms, which is hundreds of bytes.
  package var soundBytes = 0
  /// The encoded size of files in bytes: what is packed in them says nothing of what is read out of them.
  package var fileBytes = 0
  /// The definitions of tools, in bytes of their JSON.
  package var toolBytes = 0
  /// Tools of the vendor's own that the caller runs: a word in the request, a page of text for the model.
  package var knownToolCount = 0
  /// What is read besides the request.
  package var openEnds: OpenEnds = []

  /// What a provider reads, and charges, that no byte of the request bounds.
  package struct OpenEnds: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// A file, which may be packed, or may be elsewhere.
    package static let file = OpenEnds(rawValue: 1 << 0)
    /// Something that is kept at the provider: an earlier answer, a conversation, a prompt.
    package static let stored = OpenEnds(rawValue: 1 << 1)
    /// A tool that the provider runs by itself, as often as it likes, each time reading everything again.
    package static let hostedTool = OpenEnds(rawValue: 1 << 2)
  }

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
    if let node { addRaw(document.range(of: node).count) }
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
    // OpenAI's references to an answer's sound, and to an item, that it keeps.
    let type = document.member("type", of: message)
    if document.member("audio", of: message) != nil
      || type.map({ document.isText($0, "item_reference") }) == true
    {
      openEnds.insert(.stored)
    }
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
    let kind = PartKind(of: part, in: document)
    if kind == .file { openEnds.insert(.file) }
    var hasImage = kind == .image
    for (key, value) in document.members(of: part) where !isWord(key, value, "type", in: document) {
      if document.isText(key, "text") {
        characters += document.characterCounts(of: value)
      } else if document.isText(key, "image_url") {
        hasImage = true
      } else if kind == .toolResult, document.isText(key, "content") {
        characters += document.characterCounts(of: value)
        addParts(value, in: document)
      } else if kind == .image, PartKind.isPayload(key, in: document) {
        // Its pixels are charged, not its bytes.
        continue
      } else if kind == .sound, document.isText(key, "input_audio") {
        soundBytes += document.range(of: value).count
      } else if kind == .file, PartKind.isPayload(key, in: document) {
        fileBytes += document.range(of: value).count
      } else {
        addRaw(key, value, in: document)
      }
    }
    if hasImage { imageCount += 1 }
  }

  /// Whether a member is one of the short words that a message's own tokens cover.
  private func isWord(
    _ key: JSONNode, _ value: JSONNode, _ name: StaticString, in document: JSONDocument
  ) -> Bool {
    document.range(of: value).count <= 16 && document.isText(key, name)
  }

  private mutating func addRaw(_ key: JSONNode, _ value: JSONNode, in document: JSONDocument) {
    addRaw(document.range(of: key).count + document.range(of: value).count)
  }

  /// Half of JSON are letters.
  private mutating func addRaw(_ byteCount: Int) {
    characters.oneByte += byteCount
    characters.letters += byteCount / 2
  }
}
