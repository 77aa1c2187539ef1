extension JSONDocument {
  /// The text of a string; nil when `node` is none.
  package func string(_ node: JSONNode) -> String? {
    guard kind(of: node) == .string else { return nil }
    guard hasEscapes(node) else {
      return String(decoding: bytes[stringContentRange(of: node)], as: UTF8.self)
    }
    return String(decoding: decodedBytes(node), as: UTF8.self)
  }

  /// The UTF-8 text of a string; empty when `node` is none.
  package func decodedBytes(_ node: JSONNode) -> [UInt8] {
    var decoded: [UInt8] = []
    appendDecodedString(node, to: &decoded)
    return decoded
  }

  /// Appends the UTF-8 text of a string; nothing when `node` is none.
  package func appendDecodedString(_ node: JSONNode, to output: inout [UInt8]) {
    guard kind(of: node) == .string else { return }
    let content = stringContentRange(of: node)
    output.reserveCapacity(output.count + content.count)
    guard hasEscapes(node) else {
      output.append(contentsOf: bytes[content])
      return
    }
    var runStart = content.lowerBound
    var index = runStart
    while index < content.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      output.append(contentsOf: bytes[runStart..<index])
      index = appendDecodedEscape(at: index, to: &output)
      runStart = index
    }
    output.append(contentsOf: bytes[runStart..<content.upperBound])
  }

  /// How many characters of each width a string's text has, without decoding it; none when it is no string.
  package func characterCounts(of node: JSONNode) -> JSONCharacterCounts {
    guard kind(of: node) == .string else { return JSONCharacterCounts() }
    return JSONCharacterCounts(escaped: bytes.span.extracting(stringContentRange(of: node)))
  }

  private func appendDecodedEscape(at backslash: Int, to output: inout [UInt8]) -> Int {
    let escape = decodedEscape(at: backslash)
    output.append(contentsOf: UTF8.encode(escape.scalar)!)  // Every Unicode scalar has a UTF-8 form.
    return escape.end
  }

  /// What the escape at `backslash` stands for, and the place behind it. The scanner has checked its form.
  private func decodedEscape(at backslash: Int) -> (scalar: Unicode.Scalar, end: Int) {
    let letter = bytes[backslash + 1]
    switch letter {
    case UInt8(ascii: "b"): return ("\u{8}", backslash + 2)
    case UInt8(ascii: "f"): return ("\u{C}", backslash + 2)
    case UInt8(ascii: "n"): return ("\n", backslash + 2)
    case UInt8(ascii: "r"): return ("\r", backslash + 2)
    case UInt8(ascii: "t"): return ("\t", backslash + 2)
    case UInt8(ascii: "u"): break
    default: return (Unicode.Scalar(letter), backslash + 2)
    }
    let unit = StringBytes.codeUnit(in: bytes.span, at: backslash + 2)
    let end = backslash + 6
    if let scalar = Unicode.Scalar(unit) { return (scalar, end) }
    // A high surrogate counts only with a low one right behind it (RFC 8259 §7).
    guard unit < 0xDC00, StringBytes.isLowSurrogateEscape(in: bytes.span, at: end) else {
      return ("\u{FFFD}", end)
    }
    let low = StringBytes.codeUnit(in: bytes.span, at: end + 2)
    let value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
    return (Unicode.Scalar(value) ?? "\u{FFFD}", end + 6)
  }
}
