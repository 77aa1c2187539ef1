/// A place in a file: line and column from 1, the column in characters.
struct YAMLMark: Hashable, Comparable {
  var line: Int
  var column: Int

  static func < (left: YAMLMark, right: YAMLMark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One value of a YAML document, with its place.
///
/// Scalars stay text: what a number or a duration means is for the reader of the key to say, and a price
/// must never pass through a binary fraction.
struct YAMLNode {
  var content: Content
  var mark: YAMLMark

  enum Content {
    case scalar(text: String, isQuoted: Bool)
    case sequence([YAMLNode])
    /// In the order written; keys are unique.
    case mapping([YAMLEntry])
  }

  /// Whether there is no value here: nothing written, `~` or `null`, without quotes.
  var isNull: Bool {
    guard case .scalar(let text, isQuoted: false) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What stands here, for a message. Never the text itself, which may be a secret.
  var kindName: String {
    switch content {
    case .scalar: isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// One `key: value` of a mapping.
struct YAMLEntry {
  var key: String
  var keyMark: YAMLMark
  var value: YAMLNode
}
