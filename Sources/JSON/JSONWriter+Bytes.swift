/// How texts and numbers become bytes.
extension JSONWriter {
  /// Appends `"key":`, a comma before it where it needs one. Keys are literals of ours, so nothing in them
  /// needs an escape.
  static func appendKey(_ key: StaticString, afterComma: Bool = false, to output: inout [UInt8]) {
    assert(
      key.withSpan { StringBytes.endOfPlainRun(in: $0, from: 0) == $0.count },
      "a key that is a literal must need no escape")
    output.append(addingCapacity: key.utf8CodeUnitCount + 4) { output in
      if afterComma { output.append(UInt8(ascii: ",")) }
      output.append(UInt8(ascii: "\""))
      output.append(literal: key)
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
    }
  }

  static func append(_ literal: StaticString, to output: inout [UInt8]) {
    output.append(addingCapacity: literal.utf8CodeUnitCount) { $0.append(literal: literal) }
  }

  static func appendInteger(_ value: Int, to output: inout [UInt8]) {
    // A sign and 19 digits.
    output.append(addingCapacity: 20) { output in
      if value < 0 { output.append(UInt8(ascii: "-")) }
      append(value.magnitude, to: &output)
    }
  }

  private static func append(_ value: UInt, to output: inout OutputSpan<UInt8>) {
    if value >= 10 { append(value / 10, to: &output) }
    output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends `text` in quotes, escaped (RFC 8259 §7), with U+FFFD in place of each byte that is not UTF-8.
  static func appendString(_ text: Span<UInt8>, to output: inout [UInt8]) {
    var index = StringBytes.endOfPlainRun(in: text, from: 0)
    guard index < text.count else { return appendQuoted(text, to: &output) }
    output.append(UInt8(ascii: "\""))
    var runStart = 0
    while true {
      index = StringBytes.endOfPlainRun(in: text, from: index)
      guard index < text.count else { break }
      let byte = text[index]
      if byte >= 0x80 {
        let size = StringBytes.sizeOfSequence(in: text, at: index)
        if size > 0 {
          index += size
          continue
        }
      }
      append(text.extracting(runStart..<index), to: &output)
      appendEscape(of: byte, to: &output)
      index += 1
      runStart = index
    }
    append(text.extracting(runStart..<text.count), to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    // Safe: the bytes are copied inside the call.
    unsafe text.withUnsafeBufferPointer { buffer in unsafe output.append(contentsOf: buffer) }
  }

  /// Appends `text`, in which nothing needs an escape, between quotes.
  static func appendQuoted(_ text: Span<UInt8>, to output: inout [UInt8]) {
    output.append(addingCapacity: text.count + 2) { output in
      output.append(UInt8(ascii: "\""))
      output.append(text: text)
      output.append(UInt8(ascii: "\""))
    }
  }

  private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"", to: &output)
    case UInt8(ascii: "\\"): append("\\\\", to: &output)
    case 0x08: append("\\b", to: &output)
    case 0x09: append("\\t", to: &output)
    case 0x0A: append("\\n", to: &output)
    case 0x0C: append("\\f", to: &output)
    case 0x0D: append("\\r", to: &output)
    case 0x80...: append("\u{FFFD}", to: &output)
    default:
      // The rest are the control characters below 0x20.
      append(byte < 0x10 ? "\\u000" : "\\u001", to: &output)
      let digit = byte & 0xF
      output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
