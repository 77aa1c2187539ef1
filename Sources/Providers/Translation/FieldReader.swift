import JSON

/// Reads the fields of a request that is to be said in another vendor's words.
///
/// `param` is the place of `object` in the body, such as `messages[2].`, for the names in errors.
struct FieldReader {
  let document: JSONDocument
  let object: JSONNode
  var param = ""

  /// The member's value; nil when it is absent or `null`.
  func node(_ name: StaticString) -> JSONNode? {
    guard let node = document.member(name, of: object), !document.isNull(node) else { return nil }
    return node
  }

  func name(_ field: StaticString) -> String { param + field.description }

  func object(_ name: StaticString) throws(RequestError) -> FieldReader? {
    guard let node = node(name) else { return nil }
    try require(.object, node, name, "an object")
    return FieldReader(document: document, object: node, param: self.name(name) + ".")
  }

  /// The elements of an array member, each of them an object.
  func objects(_ name: StaticString) throws(RequestError) -> [FieldReader] {
    guard let node = node(name) else { return [] }
    try require(.array, node, name, "an array")
    var readers: [FieldReader] = []
    for element in document.elements(of: node) {
      let place = "\(self.name(name))[\(readers.count)]"
      let found = document.kind(of: element)
      guard found == .object else { throw .wrongType(place, expected: "an object", found: found) }
      readers.append(FieldReader(document: document, object: element, param: place + "."))
    }
    return readers
  }

  /// A string's content, still escaped.
  func text(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    guard let node = node(name) else { return nil }
    try require(.string, node, name, "a string")
    return document.escapedContent(of: node)
  }

  /// A string that must be there.
  func requiredText(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8> {
    guard let text = try text(name) else {
      throw RequestError(message: "`\(self.name(name))` is missing", param: self.name(name))
    }
    return text
  }

  /// A number as it was written.
  func number(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    guard let node = node(name) else { return nil }
    try require(.number, node, name, "a number")
    return document.bytes[document.range(of: node)]
  }

  func bool(_ name: StaticString) throws(RequestError) -> Bool? {
    guard let node = node(name) else { return nil }
    guard let value = document.bool(node) else {
      throw .wrongType(self.name(name), expected: "true or false", found: document.kind(of: node))
    }
    return value
  }

  /// Any value as JSON text.
  func raw(_ name: StaticString) -> ArraySlice<UInt8>? {
    node(name).map { document.bytes[document.range(of: $0)] }
  }

  /// An object as JSON text.
  func rawObject(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    guard let node = node(name) else { return nil }
    try require(.object, node, name, "an object")
    return document.bytes[document.range(of: node)]
  }

  /// A truth value as JSON text.
  func rawBool(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    try bool(name) == nil ? nil : raw(name)
  }

  func isText(_ name: StaticString, _ text: StaticString) -> Bool {
    node(name).map { document.isText($0, text) } ?? false
  }

  /// The error for a field that the provider's kind has nothing like.
  func untranslatable(_ name: StaticString) -> RequestError {
    .untranslatable(self.name(name))
  }

  private func require(
    _ kind: JSONKind, _ node: JSONNode, _ name: StaticString, _ expected: String
  ) throws(RequestError) {
    let found = document.kind(of: node)
    guard found == kind else { throw .wrongType(self.name(name), expected: expected, found: found) }
  }
}

extension RequestError {
  /// The field says something that the provider's kind has no words for.
  static func untranslatable(_ param: String) -> RequestError {
    RequestError(
      message: "`\(param)` cannot be translated for this provider: leave it out, or choose another provider",
      param: param)
  }
}
