/// A handle to one value of a `JSONDocument`: good for that document and for no other.
package struct JSONNode: Hashable, Sendable {
  /// The value's place in the document's node table.
  let index: Int32
}

/// What a JSON value is (RFC 8259 §3).
package enum JSONKind: UInt8, Hashable, Sendable, CaseIterable {
  case object
  case array
  case string
  case number
  case `true`
  case `false`
  case null

  /// The kind with its article, for messages: `an object`, `a string`, `null`.
  package var phrase: StaticString {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .true: "true"
    case .false: "false"
    case .null: "null"
    }
  }
}

/// One row of the node table, 16 bytes.
///
/// Rows stand in the order in which their values begin, so the first child of row `i` is row `i + 1`,
/// and in an object a key's row is followed by its value's.
struct JSONEntry: Sendable {
  /// The offset of the value's first byte; of a string, the opening quote.
  var start: UInt32
  /// The offset behind the value's last byte.
  var end: UInt32
  /// The row behind this value and all that is inside it: the next sibling, if there is one.
  var next: Int32
  var kind: JSONKind
  /// Whether a string has a backslash in it, so that its raw bytes are not its text.
  var hasEscapes = false
  /// Of an object, which sizes its keys have: a look-up of an absent member mostly ends here.
  var keySizes = KeySizes()
}

/// The sizes of an object's keys, a bit for each size modulo 16; all bits where a key has escapes.
struct KeySizes: Sendable {
  private var bits: UInt16 = 0

  mutating func insert(_ size: Int, hasEscapes: Bool) {
    bits |= hasEscapes ? .max : 1 &<< UInt16(truncatingIfNeeded: size)
  }

  /// Whether a key whose text has `size` bytes may be there.
  func mayContain(_ size: Int) -> Bool { bits >> UInt16(size & 15) & 1 == 1 }
}
