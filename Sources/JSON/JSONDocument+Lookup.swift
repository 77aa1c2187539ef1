extension JSONDocument {
  /// The value of the last member of `node` named `key`; nil when there is none or `node` is no object.
  ///
  /// Keys are compared as text: `"\u006dodel"` is `model`.
  package func member(_ key: StaticString, of node: JSONNode) -> JSONNode? {
    key.withSpan { lastMember($0, of: node) }
  }

  /// The value of the last member of `node` named `key`; nil when there is none or `node` is no object.
  package func member(named key: String, of node: JSONNode) -> JSONNode? {
    lastMember(key.utf8.span, of: node)
  }

  /// The members of an object in the order written, duplicates included; of anything else, none.
  package func members(of node: JSONNode) -> JSONMembers {
    JSONMembers(nodes: nodes, container: kind(of: node) == .object ? node : nil)
  }

  /// The elements of an array in order; of anything else, none.
  package func elements(of node: JSONNode) -> JSONElements {
    JSONElements(nodes: nodes, container: kind(of: node) == .array ? node : nil)
  }

  /// How many members or elements `node` has; 0 for a scalar. Takes a step for each.
  package func count(of node: JSONNode) -> Int {
    let container = nodes[Int(node.index)]
    var count = 0
    var row = node.index + 1
    while row < container.next {
      row = nodes[Int(row)].next
      count += 1
    }
    return container.kind == .object ? count / 2 : count
  }

  /// Whether `node` is a string and its text is `text`; nothing is decoded or allocated as a rule.
  package func isText(_ node: JSONNode, _ text: StaticString) -> Bool {
    kind(of: node) == .string && text.withSpan { isEqual(node, to: $0) }
  }

  /// Whether the text of the string `node` is `text`.
  func isEqual(_ node: JSONNode, to text: Span<UInt8>) -> Bool {
    let content = stringContentRange(of: node)
    if hasEscapes(node) {
      // An escape is at least as long as what it stands for.
      guard content.count > text.count else { return false }
      return JSONDocument.areEqual(decodedBytes(node).span, text)
    }
    guard content.count == text.count else { return false }
    return JSONDocument.areEqual(bytes.span.extracting(content), text)
  }

  private func lastMember(_ key: Span<UInt8>, of node: JSONNode) -> JSONNode? {
    let rows = nodes.span
    let container = rows[Int(node.index)]
    guard container.kind == .object, container.keySizes.mayContain(key.count) else { return nil }
    // The length rules out nearly every key that is not the one.
    let size = UInt32(truncatingIfNeeded: key.count + 2)
    var found: JSONNode?
    var row = node.index + 1
    while row < container.next {
      // Safe: the scanner made the table, in which every row of a container has its place, and behind a
      // key's row is its value's.
      let entry = unsafe rows[unchecked: Int(row)]
      if entry.hasEscapes || entry.end &- entry.start == size, isEqual(JSONNode(index: row), to: key) {
        found = JSONNode(index: row &+ 1)
      }
      row = unsafe rows[unchecked: Int(row) &+ 1].next
    }
    return found
  }

  private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var index = 0
    // Safe: the bytes are only read, as bytes.
    let (leftBytes, rightBytes) = unsafe (left.bytes, right.bytes)
    while index &+ 8 <= left.count {
      // Safe: any eight bytes are a UInt64, and the loads check that they are inside.
      let leftWord = unsafe leftBytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let rightWord = unsafe rightBytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      guard leftWord == rightWord else { return false }
      index &+= 8
    }
    while index < left.count {
      guard left[index] == right[index] else { return false }
      index &+= 1
    }
    return true
  }
}

/// The members of one object, in the order written. Iterating allocates nothing.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let nodes: [JSONEntry]
  private var row: Int32
  private let end: Int32

  init(nodes: [JSONEntry], container: JSONNode?) {
    self.nodes = nodes
    row = container.map { $0.index + 1 } ?? 0
    end = container.map { nodes[Int($0.index)].next } ?? 0
  }

  /// The next member: its key, a string, and its value.
  package mutating func next() -> (key: JSONNode, value: JSONNode)? {
    guard row < end else { return nil }
    let key = row
    row = nodes[Int(key) + 1].next
    return (JSONNode(index: key), JSONNode(index: key + 1))
  }
}

/// The elements of one array, in order. Iterating allocates nothing.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let nodes: [JSONEntry]
  private var row: Int32
  private let end: Int32

  init(nodes: [JSONEntry], container: JSONNode?) {
    self.nodes = nodes
    row = container.map { $0.index + 1 } ?? 0
    end = container.map { nodes[Int($0.index)].next } ?? 0
  }

  package mutating func next() -> JSONNode? {
    guard row < end else { return nil }
    let element = row
    row = nodes[Int(element)].next
    return JSONNode(index: element)
  }
}
