/// Writes JSON text into bytes, putting the commas itself.
///
/// The caller opens and closes containers and alternates keys and values; it splices in raw JSON that is
/// known to be valid. Keys are literals of plain ASCII. Belongs to whoever holds it; not shared.
package struct JSONWriter {
  /// What has been written so far; a complete text once every container is closed.
  package var bytes: [UInt8] = []
  private var needsComma = false
  private var depth = 0

  package init(reserveCapacity capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Writes a member's key; its value must follow.
  package mutating func key(_ key: StaticString) {
    JSONWriter.appendKey(key, afterComma: needsComma, to: &bytes)
    needsComma = false
  }

  /// Writes a member's key that is not a literal; its value must follow.
  package mutating func key(_ key: String) {
    separate()
    JSONWriter.appendString(key.utf8.span, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a string value, escaped.
  package mutating func value(_ value: String) {
    separate()
    JSONWriter.appendString(value.utf8.span, to: &bytes)
    needsComma = true
  }

  /// Writes a string value, escaped.
  package mutating func value(_ value: StaticString) {
    separate()
    value.withSpan { JSONWriter.appendString($0, to: &bytes) }
    needsComma = true
  }

  package mutating func value(_ value: Int) {
    separate()
    JSONWriter.appendInteger(value, to: &bytes)
    needsComma = true
  }

  /// Writes a number whose text `append` appends: valid JSON of at most `capacity` bytes.
  package mutating func number(capacity: Int, _ append: (inout OutputSpan<UInt8>) -> Void) {
    separate()
    bytes.append(addingCapacity: capacity) { append(&$0) }
    needsComma = true
  }

  package mutating func value(_ value: Bool) {
    separate()
    JSONWriter.append(value ? "true" : "false", to: &bytes)
    needsComma = true
  }

  /// Writes the shortest decimal that reads back as the same number; JSON has no NaN or infinity, so
  /// those become `null`.
  package mutating func value(_ value: Double) {
    guard value.isFinite else { return null() }
    separate()
    // Swift writes the shortest text that reads back the same; `1e+20` and `5e-05` are JSON as they are.
    bytes.append(contentsOf: value.description.utf8)
    needsComma = true
  }

  package mutating func null() {
    separate()
    JSONWriter.append("null", to: &bytes)
    needsComma = true
  }

  /// Splices in a value that is already valid JSON text.
  package mutating func value(raw: [UInt8]) { value(raw: raw[...]) }

  /// Splices in a value that is already valid JSON text.
  package mutating func value(raw: ArraySlice<UInt8>) {
    precondition(!raw.isEmpty, "an empty text is no JSON value")
    separate()
    bytes.append(contentsOf: raw)
    needsComma = true
  }

  /// Splices in a value of a document, byte for byte.
  package mutating func value(_ node: JSONNode, of document: JSONDocument) {
    value(raw: document.bytes[document.range(of: node)])
  }

  /// Writes bytes as a string value: escaped, and U+FFFD in place of what is not UTF-8.
  package mutating func stringFromUTF8(bytes text: [UInt8]) { stringFromUTF8(bytes: text[...]) }

  /// Writes bytes as a string value: escaped, and U+FFFD in place of what is not UTF-8.
  package mutating func stringFromUTF8(bytes text: ArraySlice<UInt8>) {
    separate()
    JSONWriter.appendString(text.span, to: &bytes)
    needsComma = true
  }

  /// Writes a string value whose content is already escaped, such as one between another text's quotes.
  package mutating func string(escapedContent: ArraySlice<UInt8>) {
    separate()
    JSONWriter.appendQuoted(escapedContent.span, to: &bytes)
    needsComma = true
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
    depth += 1
  }

  private mutating func end(_ bracket: UInt8) {
    precondition(depth > 0, "more containers are closed than were opened")
    depth -= 1
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = false
  }
}
