extension JSONDocument {
  /// The text with some stretches of it replaced and every other byte as it was.
  ///
  /// The edits are in order and do not overlap; what comes out is JSON only if they leave it so.
  package func splicing(_ edits: [(range: Range<Int>, bytes: [UInt8])]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + edits.reduce(0) { $0 + $1.bytes.count })
    var position = 0
    for (range, replacement) in edits {
      precondition(range.lowerBound >= position, "edits come in order and do not overlap")
      output.append(contentsOf: bytes[position..<range.lowerBound])
      output.append(contentsOf: replacement)
      position = range.upperBound
    }
    output.append(contentsOf: bytes[position...])
    return output
  }
}

/// Where the string `node` can be cut: between characters, so never inside an escape, a pair of surrogates or
/// a sequence of UTF-8.
extension JSONDocument {
  /// Where the longest beginning of the string ends whose characters are such that `holds`.
  package func endOfPrefix(of node: JSONNode, while holds: (JSONCharacterCounts) -> Bool) -> Int {
    let content = stringContentRange(of: node)
    var position = content.lowerBound
    var counts = JSONCharacterCounts()
    var stride = JSONDocument.stride
    while position < content.upperBound {
      let stop = nextStop(from: position, to: content.upperBound, stride: stride)
      var next = counts
      next += characterCounts(in: position..<stop)
      if holds(next) {
        (position, counts) = (stop, next)
      } else if stride > 1 {
        // Some of the stretch may still fit.
        stride = 1
      } else {
        break
      }
    }
    return position
  }

  /// Where the longest end of the string begins, at `start` or behind it, whose characters are such that
  /// `holds`. `start` is between two characters.
  package func startOfSuffix(
    of node: JSONNode, from start: Int, while holds: (JSONCharacterCounts) -> Bool
  ) -> Int {
    let end = stringContentRange(of: node).upperBound
    // Escapes can be told from the front only.
    var stops = [start]
    var position = start
    while position < end {
      position = nextStop(from: position, to: end, stride: JSONDocument.stride)
      stops.append(position)
    }
    var counts = JSONCharacterCounts()
    for (lower, upper) in zip(stops, stops.dropFirst()).reversed() {
      var next = counts
      next += characterCounts(in: lower..<upper)
      if holds(next) {
        (position, counts) = (lower, next)
        continue
      }
      guard isPlain(lower..<upper) else { break }
      while position > lower {
        counts += characterCounts(in: position - 1..<position)
        guard holds(counts) else { return position }
        position -= 1
      }
      break
    }
    return position
  }

  /// Plain ASCII is taken so many bytes at a time.
  private static let stride = 32

  /// The end of the stretch of plain ASCII at `position`, at most `stride` long, or else of the character.
  private func nextStop(from position: Int, to end: Int, stride: Int) -> Int {
    let text = bytes.span.extracting(0..<min(end, position + stride))
    let run = StringBytes.endOfPlainRun(in: text, from: position)
    guard run == position else { return run }
    switch bytes[position] {
    case UInt8(ascii: "\\"):
      guard bytes[position + 1] == UInt8(ascii: "u") else { return position + 2 }
      let isPair =
        (0xD800..<0xDC00).contains(StringBytes.codeUnit(in: bytes.span, at: position + 2))
        && StringBytes.isLowSurrogateEscape(in: bytes.span, at: position + 6)
      return position + (isPair ? 12 : 6)
    case 0xF0...: return position + 4
    case 0xE0...: return position + 3
    case 0xC0...: return position + 2
    default: return position + 1
    }
  }

  private func isPlain(_ range: Range<Int>) -> Bool {
    let text = bytes.span.extracting(0..<range.upperBound)
    return StringBytes.endOfPlainRun(in: text, from: range.lowerBound) == range.upperBound
  }

  private func characterCounts(in range: Range<Int>) -> JSONCharacterCounts {
    JSONCharacterCounts(escaped: bytes.span.extracting(range))
  }
}
