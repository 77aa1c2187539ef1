/// How much a JSON text may ask of its reader.
package struct JSONLimits: Hashable, Sendable {
  /// How many arrays and objects may be open at once. No chat body comes near it; deeper is an attack.
  package var maxDepth: Int
  /// How many values, keys included, a text may have. At 16 bytes each the table stays below 16 MB.
  package var maxNodes: Int
  /// The longest text in bytes.
  package var maxBytes: Int

  /// Offsets in the node table have 32 bits, and the table's rows 31.
  static let largestOffset = 1 << 30

  package init(maxDepth: Int = 128, maxNodes: Int = 1_000_000, maxBytes: Int = 1 << 30) {
    precondition(maxDepth > 0 && maxNodes > 0 && maxBytes > 0, "a limit of nothing allows no JSON at all")
    precondition(
      maxNodes <= JSONLimits.largestOffset && maxBytes <= JSONLimits.largestOffset,
      "the node table holds offsets up to 2^30")
    self.maxDepth = maxDepth
    self.maxNodes = maxNodes
    self.maxBytes = maxBytes
  }
}
