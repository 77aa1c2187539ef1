extension JSONDocument {
  /// The text with some of the root object's members changed and every other byte as it was.
  ///
  /// A value replaces every occurrence of its key, however the key is escaped, so that none slips past a
  /// reader that takes the first; nil removes them all with their commas; a key that is absent is added
  /// at the end. Only the byte order mark, if there was one, is left out. The root must be an object, the
  /// values valid JSON, and the keys plain ASCII without quote and backslash.
  package func replacing(members: [(key: StaticString, value: [UInt8]?)]) -> [UInt8] {
    precondition(kind(of: root) == .object, "only an object has members to replace")
    let added = members.reduce(0) { $0 + $1.key.utf8CodeUnitCount + ($1.value?.count ?? 0) + 4 }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + added)

    var isPending = [Bool](repeating: true, count: members.count)
    /// All before this place is written or dropped.
    var position = bytes.first == 0xEF ? 3 : 0
    var hasMember = false
    for (key, value) in self.members(of: root) {
      let change = members.firstIndex { change in change.key.withSpan { isEqual(key, to: $0) } }
      let valueRange = range(of: value)
      guard let change else {
        hasMember = true
        position = copy(from: position, to: valueRange.upperBound, into: &output)
        continue
      }
      isPending[change] = false
      if let replacement = members[change].value {
        hasMember = true
        _ = copy(from: position, to: valueRange.lowerBound, into: &output)
        output.append(contentsOf: replacement)
      } else if !hasMember {
        // The first that stays comes without the comma, so here the comma behind goes, not the one before.
        _ = copy(from: position, to: range(of: key).lowerBound, into: &output)
        position = startOfMember(behind: value) ?? valueRange.upperBound
        continue
      }
      position = valueRange.upperBound
    }
    if count(of: root) == 0 {
      position = copy(from: position, to: range(of: root).lowerBound + 1, into: &output)
    }
    for (index, member) in members.enumerated() where isPending[index] {
      guard let value = member.value else { continue }
      if hasMember { output.append(UInt8(ascii: ",")) }
      hasMember = true
      JSONWriter.appendKey(member.key, to: &output)
      output.append(contentsOf: value)
    }
    _ = copy(from: position, to: bytes.count, into: &output)
    return output
  }

  private func copy(from start: Int, to end: Int, into output: inout [UInt8]) -> Int {
    output.append(contentsOf: bytes[start..<end])
    return end
  }

  /// Where the root's member behind `value` begins; nil when `value` is the last.
  private func startOfMember(behind value: JSONNode) -> Int? {
    let row = nodes[Int(value.index)].next
    return row < nodes[0].next ? Int(nodes[Int(row)].start) : nil
  }
}
