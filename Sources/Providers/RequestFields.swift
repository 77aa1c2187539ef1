import JSON

/// The optional fields of one object of a request, read with their types checked.
///
/// A field that is absent or `null` is nil: clients send `null` for what they leave open.
struct RequestFields {
  let document: JSONDocument
  let object: JSONNode
  /// What stands before a field's name in messages, such as `preferences.`.
  var path = ""

  func node(_ name: StaticString) -> JSONNode? {
    guard let node = document.member(name, of: object), !document.isNull(node) else { return nil }
    return node
  }

  /// The field's full name, for messages.
  func param(_ name: StaticString) -> String { path + name.description }

  func object(_ name: StaticString) throws(RequestError) -> RequestFields? {
    guard let node = node(name) else { return nil }
    try require(.object, node, name, expected: "an object")
    return RequestFields(document: document, object: node, path: param(name) + ".")
  }

  func array(_ name: StaticString) throws(RequestError) -> JSONNode? {
    guard let node = node(name) else { return nil }
    try require(.array, node, name, expected: "an array")
    return node
  }

  func stringNode(_ name: StaticString) throws(RequestError) -> JSONNode? {
    guard let node = node(name) else { return nil }
    try require(.string, node, name, expected: "a string")
    return node
  }

  /// A short string of at most `maxBytes`; an empty one is as good as absent.
  func shortString(_ name: StaticString, maxBytes: Int) throws(RequestError) -> String? {
    guard let node = try stringNode(name), let text = document.string(node), !text.isEmpty else { return nil }
    guard text.utf8.count <= maxBytes else {
      let message = "`\(param(name))` must be at most \(maxBytes) bytes, it has \(text.utf8.count)"
      throw RequestError(message: message, param: param(name))
    }
    return text
  }

  func bool(_ name: StaticString) throws(RequestError) -> Bool? {
    guard let node = node(name) else { return nil }
    guard let value = document.bool(node) else {
      throw .wrongType(param(name), expected: "true or false", found: document.kind(of: node))
    }
    return value
  }

  /// A whole number within `range`.
  func int(_ name: StaticString, in range: ClosedRange<Int>) throws(RequestError) -> Int? {
    guard let node = node(name) else { return nil }
    try require(.number, node, name, expected: "a number")
    guard let value = document.int(node), range.contains(value) else {
      throw notAllowed(node, name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number within `range`, kept as it was written.
  func number(_ name: StaticString, in range: ClosedRange<Double>) throws(RequestError) -> JSONNode? {
    guard let node = node(name) else { return nil }
    try require(.number, node, name, expected: "a number")
    guard let value = document.double(node), range.contains(value) else {
      throw notAllowed(node, name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return node
  }

  /// The error for a value that is not one of those allowed; it is shown, cut to a sensible length.
  func notAllowed(_ node: JSONNode, _ name: StaticString, _ expected: String) -> RequestError {
    let found = String(decoding: document.bytes[document.range(of: node)].prefix(40), as: UTF8.self)
    return RequestError(message: "`\(param(name))` must be \(expected), found \(found)", param: param(name))
  }

  private func require(
    _ kind: JSONKind, _ node: JSONNode, _ name: StaticString, expected: String
  ) throws(RequestError) {
    let found = document.kind(of: node)
    guard found == kind else { throw .wrongType(param(name), expected: expected, found: found) }
  }
}
