import JSON

/// What is to be said in another vendor's words, as the bytes that came: texts still escaped, numbers as
/// they were written.
extension RequestFields {
  /// The elements of an array member, each of them an object.
  func objects(_ name: StaticString) throws(RequestError) -> [RequestFields] {
    guard let array = try array(name) else { return [] }
    var readers: [RequestFields] = []
    for element in document.elements(of: array) {
      let place = "\(param(name))[\(readers.count)]"
      let found = document.kind(of: element)
      guard found == .object else { throw .wrongType(place, expected: "an object", found: found) }
      readers.append(RequestFields(document: document, object: element, path: place + "."))
    }
    return readers
  }

  /// A string's content, still escaped.
  func text(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    try stringNode(name).flatMap { document.escapedContent(of: $0) }
  }

  /// A string that must be there.
  func requiredText(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8> {
    guard let text = try text(name) else {
      throw RequestError(message: "`\(param(name))` is missing", param: param(name))
    }
    return text
  }

  /// A text, or several, as `stop` may be.
  func texts(_ name: StaticString) throws(RequestError) -> [ArraySlice<UInt8>] {
    guard let node = node(name) else { return [] }
    if let text = document.escapedContent(of: node) { return [text] }
    let found = document.kind(of: node)
    guard found == .array else {
      throw .wrongType(param(name), expected: "a string or an array of strings", found: found)
    }
    var texts: [ArraySlice<UInt8>] = []
    for element in document.elements(of: node) {
      guard let text = document.escapedContent(of: element) else {
        throw .wrongType(
          "\(param(name))[\(texts.count)]", expected: "a string", found: document.kind(of: element))
      }
      texts.append(text)
    }
    return texts
  }

  /// Any value as JSON text.
  func raw(_ name: StaticString) -> ArraySlice<UInt8>? {
    node(name).map { document.bytes[document.range(of: $0)] }
  }

  /// A number as JSON text.
  func rawNumber(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    guard let node = node(name) else { return nil }
    let found = document.kind(of: node)
    guard found == .number else { throw .wrongType(param(name), expected: "a number", found: found) }
    return raw(name)
  }

  /// An object as JSON text.
  func rawObject(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    try object(name) == nil ? nil : raw(name)
  }

  /// A truth value as JSON text.
  func rawBool(_ name: StaticString) throws(RequestError) -> ArraySlice<UInt8>? {
    try bool(name) == nil ? nil : raw(name)
  }

  func isText(_ name: StaticString, _ text: StaticString) -> Bool {
    node(name).map { document.isText($0, text) } ?? false
  }

  /// The error for a field that the provider's kind has nothing like.
  func untranslatable(_ name: StaticString) -> RequestError { .untranslatable(param(name)) }
}

extension RequestError {
  /// The field says something that the provider's kind has no words for.
  static func untranslatable(_ param: String) -> RequestError {
    RequestError(
      message: "`\(param)` cannot be translated for this provider: leave it out, or choose another provider",
      param: param)
  }
}
