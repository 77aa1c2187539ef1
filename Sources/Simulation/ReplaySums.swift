package import GatewayTypes

/// What one provider came to, on one side of a replay.
package struct ReplaySums: Hashable, Sendable {
  /// Those that it answered, or was the last to be asked for.
  package var requests = 0
  package var cost = Money.zero
  /// How often one of its limits was in the way.
  package var limitHits = 0
  var nanoseconds: Int128 = 0
  var measured = 0

  /// What its requests were expected to take, on average; nil where nothing was expected.
  package var meanMilliseconds: Int? {
    measured == 0 ? nil : Int(nanoseconds / Int128(measured) / 1_000_000)
  }

  mutating func add(cost: Money, nanoseconds: Int64?) {
    requests += 1
    self.cost += cost
    guard let nanoseconds else { return }
    self.nanoseconds += Int128(nanoseconds)
    measured += 1
  }

  static func += (left: inout ReplaySums, right: ReplaySums) {
    left.requests += right.requests
    left.cost += right.cost
    left.limitHits += right.limitHits
    left.nanoseconds += right.nanoseconds
    left.measured += right.measured
  }
}

/// A provider's sums as the log has them, and as the other file would have made them.
package struct ReplayRow: Hashable, Sendable {
  package var old = ReplaySums()
  package var new = ReplaySums()
}
