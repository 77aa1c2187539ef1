/// A JSON text that was found valid, and the table of where each of its values is.
///
/// The bytes are kept as they came: values are read where they stand, and pieces of them are copied
/// elsewhere without being decoded. Has value semantics; any thread may read a copy.
package struct JSONDocument: Sendable {
  /// The text, as given.
  package let bytes: [UInt8]
  let nodes: [JSONEntry]

  /// Reads a text that is strictly RFC 8259, in UTF-8, within `limits`.
  ///
  /// A byte order mark at the start is allowed. A key may occur twice in an object: a lookup finds the
  /// last. A lone surrogate escape is allowed and decodes to U+FFFD.
  package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    nodes = try JSONScanner.scan(bytes.span, limits: limits)
    self.bytes = bytes
  }

  /// The one value that the text is.
  package var root: JSONNode { JSONNode(index: 0) }

  /// What `node` is.
  package func kind(of node: JSONNode) -> JSONKind {
    nodes[Int(node.index)].kind
  }

  /// Where the value's bytes are; of a string, the quotes included.
  package func range(of node: JSONNode) -> Range<Int> {
    let entry = nodes[Int(node.index)]
    return Int(entry.start)..<Int(entry.end)
  }

  /// Where a string's raw bytes are, between the quotes and still escaped.
  package func stringContentRange(of node: JSONNode) -> Range<Int> {
    let entry = nodes[Int(node.index)]
    precondition(entry.kind == .string, "only a string has content between quotes")
    return Int(entry.start) + 1..<Int(entry.end) - 1
  }

  /// Whether `node` is a string with a backslash in it, so that its raw bytes are not its text.
  package func hasEscapes(_ node: JSONNode) -> Bool {
    nodes[Int(node.index)].hasEscapes
  }

  /// The line and the character in it (both from 1) of a byte offset, for messages.
  package func position(ofByte offset: Int) -> (line: Int, column: Int) {
    JSONError.position(ofByte: offset, in: bytes.span)
  }
}
