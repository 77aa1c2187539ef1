import GatewayTypes

/// How a provider's latencies have been spread lately, to tell the time within which a share of its answers
/// comes.
///
/// Counts in buckets whose width grows with the value: eight to each doubling, so a quantile is at most an
/// eighth too long and never too short. When there are `memory` of them all counts are halved: what is old
/// fades. Whole numbers throughout; about a kilobyte.
struct RecentLatencies: Sendable {
  /// Half of this many samples are left after a halving; enough for one in a hundred to show.
  static let memory = 1_024
  /// The first bucket holds all below 2²⁰ ns, a millisecond; the last one all from 2⁴² ns, over an hour.
  private static let lowestExponent = 20
  private static let highestExponent = 42
  /// Binary digits of a value after its first that choose the bucket.
  private static let digits = 3

  private var counts: [UInt32]
  /// Samples that count now.
  private(set) var total = 0

  init() {
    let doublings = Self.highestExponent - Self.lowestExponent
    counts = Array(repeating: 0, count: doublings << Self.digits + 1)
  }

  /// Counts one answer.
  mutating func record(_ latency: Duration) {
    counts[bucket(of: latency.wholeNanoseconds)] += 1
    total += 1
    if total >= Self.memory { halve() }
  }

  /// The time within which `perThousand` of a thousand answers came; nil before the first.
  func quantile(perThousand: Int) -> Duration? {
    precondition((0...1_000).contains(perThousand), "a quantile is a share")
    guard total > 0 else { return nil }
    let rank = max(1, (total * perThousand + 999) / 1_000)
    var passed = 0
    for index in counts.indices {
      passed += Int(counts[index])
      if passed >= rank { return .nanoseconds(upperEdge(of: index)) }
    }
    preconditionFailure("all samples are in some bucket")
  }

  private func bucket(of nanoseconds: Int64) -> Int {
    guard nanoseconds >= 1 << Self.lowestExponent else { return 0 }
    let exponent = 63 - nanoseconds.leadingZeroBitCount
    guard exponent < Self.highestExponent else { return counts.count - 1 }
    let digits = Int(nanoseconds >> Int64(exponent - Self.digits)) & (1 << Self.digits - 1)
    return (exponent - Self.lowestExponent) << Self.digits + digits
  }

  private func upperEdge(of index: Int) -> Int64 {
    let exponent = index >> Self.digits + Self.lowestExponent
    let digits = Int64(index & (1 << Self.digits - 1))
    return (1 << Self.digits + digits + 1) << Int64(exponent - Self.digits)
  }

  private mutating func halve() {
    total = 0
    for index in counts.indices {
      counts[index] /= 2
      total += Int(counts[index])
    }
  }
}
