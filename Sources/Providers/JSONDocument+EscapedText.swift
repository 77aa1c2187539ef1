import JSON

extension JSONDocument {
  /// The content of the string `node`, still escaped; nil when it is no string.
  func escapedContent(of node: JSONNode) -> ArraySlice<UInt8>? {
    guard kind(of: node) == .string else { return nil }
    return bytes[stringContentRange(of: node)]
  }

  /// The content of the string member `name` of `object`, still escaped; nil when there is none.
  func escapedString(_ name: StaticString, of object: JSONNode) -> ArraySlice<UInt8>? {
    member(name, of: object).flatMap { escapedContent(of: $0) }
  }
}

/// Texts between their escaped form, in which they pass through, and their own.
enum EscapedText {
  /// The UTF-8 text that the content of a valid JSON string stands for.
  static func decoded(_ escaped: ArraySlice<UInt8>) -> [UInt8] {
    guard escaped.contains(UInt8(ascii: "\\")) else { return Array(escaped) }
    let quote = [UInt8(ascii: "\"")]
    guard let document = try? JSONDocument(parsing: quote + escaped + quote) else {
      preconditionFailure("the content of a JSON string is valid between quotes")
    }
    return document.decodedBytes(document.root)
  }

  /// The content of a JSON string that stands for `text`.
  static func escaped(_ text: some Sequence<UInt8>) -> ArraySlice<UInt8> {
    var writer = JSONWriter()
    writer.stringFromUTF8(bytes: Array(text))
    return writer.bytes.dropFirst().dropLast()
  }
}
