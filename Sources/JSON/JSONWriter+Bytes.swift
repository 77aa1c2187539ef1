/// How texts and numbers become bytes.
extension JSONWriter {
  /// Appends `"key":`. Keys are literals of ours, so nothing in them needs an escape.
  static func appendKey(_ key: StaticString, to output: inout [UInt8]) {
    assert(
      key.withSpan { StringBytes.endOfPlainRun(in: $0, from: 0) == $0.count },
      "a key that is a literal must need no escape")
    output.append(UInt8(ascii: "\""))
    append(key, to: &output)
    output.append(UInt8(ascii: "\""))
    output.append(UInt8(ascii: ":"))
  }

  static func append(_ literal: StaticString, to output: inout [UInt8]) {
    literal.withSpan { append($0, to: &output) }
  }

  static func appendInteger(_ value: Int, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    var place: UInt = 1
    while magnitude / place >= 10 { place *= 10 }
    while place > 0 {
      output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / place % 10))
      place /= 10
    }
  }

  /// Appends `text` in quotes, escaped (RFC 8259 §7), with U+FFFD in place of each byte that is not UTF-8.
  static func appendString(_ text: Span<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var runStart = 0
    var index = 0
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
