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

  /// The longest stretch from `start` on, of whole characters of the string `node`, for which `holds` is
  /// true at every step; and the characters in it.
  ///
  /// `holds` is told the characters so far. An escape is never parted, nor a pair of surrogates.
  package func run(
    from start: Int, in node: JSONNode, while holds: (JSONCharacterCounts) -> Bool
  ) -> (end: Int, counts: JSONCharacterCounts) {
    let end = stringContentRange(of: node).upperBound
    var position = start
    var counts = JSONCharacterCounts()
    while position < end {
      var next = counts
      let stop = nextStop(from: position, to: end, counts: &next)
      if holds(next) {
        (position, counts) = (stop, next)
        continue
      }
      // Somewhere on the way to the stop; a step that is one character is not taken at all.
      guard next.oneByte - counts.oneByte > 1 else { break }
      while position < stop {
        counts.oneByte += 1
        guard holds(counts) else {
          counts.oneByte -= 1
          return (position, counts)
        }
        position += 1
      }
    }
    return (position, counts)
  }

  /// Where the character at `position` of the string `node` ends.
  package func endOfCharacter(at position: Int, in node: JSONNode) -> Int {
    var counts = JSONCharacterCounts()
    let end = nextStop(from: position, to: stringContentRange(of: node).upperBound, counts: &counts)
    return counts.oneByte > 1 ? position + 1 : end
  }

  /// Plain ASCII is taken so many bytes at a time.
  private static let stride = 32

  /// The end of the next stretch of plain ASCII, or else of the next character.
  private func nextStop(from position: Int, to end: Int, counts: inout JSONCharacterCounts) -> Int {
    let limit = min(end, position + JSONDocument.stride)
    let text = bytes.span
    let run = StringBytes.endOfPlainRun(in: text.extracting(0..<limit), from: position)
    guard run == position else {
      counts.oneByte += run - position
      return run
    }
    return position + counts.addCharacter(in: text, at: position)
  }
}
