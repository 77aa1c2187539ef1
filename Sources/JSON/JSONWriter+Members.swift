/// A key and its value in one call.
extension JSONWriter {
  package mutating func member(_ key: StaticString, _ value: String) {
    self.key(key)
    self.value(value)
  }

  package mutating func member(_ key: StaticString, _ value: StaticString) {
    self.key(key)
    self.value(value)
  }

  package mutating func member(_ key: StaticString, _ value: Int) {
    self.key(key)
    self.value(value)
  }

  package mutating func member(_ key: StaticString, _ value: Bool) {
    self.key(key)
    self.value(value)
  }

  /// Writes the shortest decimal that reads back the same; NaN and infinity become `null`.
  package mutating func member(_ key: StaticString, _ value: Double) {
    self.key(key)
    self.value(value)
  }

  /// Splices in a value that is already valid JSON text.
  package mutating func member(_ key: StaticString, raw value: [UInt8]) {
    self.key(key)
    self.value(raw: value)
  }

  /// Splices in a value that is already valid JSON text.
  package mutating func member(_ key: StaticString, raw value: ArraySlice<UInt8>) {
    self.key(key)
    self.value(raw: value)
  }

  /// Splices in a value of a document, byte for byte.
  package mutating func member(_ key: StaticString, _ node: JSONNode, of document: JSONDocument) {
    self.key(key)
    self.value(node, of: document)
  }

  /// Writes a string whose content is already escaped, such as one between another text's quotes.
  package mutating func member(_ key: StaticString, escapedContent: ArraySlice<UInt8>) {
    self.key(key)
    string(escapedContent: escapedContent)
  }

  /// Writes `null`.
  package mutating func memberNull(_ key: StaticString) {
    self.key(key)
    null()
  }
}
