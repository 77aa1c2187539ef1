/// All times of a run, counted in steps of less than 1 % of themselves, so that any number of them takes the same
/// memory and none fades.
package struct LatencyHistogram: Hashable, Sendable {
  /// 128 steps to each doubling.
  private static let stepBits = 7
  private var counts: [Int] = []
  package private(set) var count = 0

  package init() {}

  /// Counts one, in nanoseconds.
  mutating func record(_ nanoseconds: Int64) {
    let bucket = Self.bucket(UInt64(max(0, nanoseconds)))
    while counts.count <= bucket { counts.append(0) }
    counts[bucket] += 1
    count += 1
  }

  /// The time that a share of all are no longer than; nil before the first.
  package func quantile(_ share: Double) -> Duration? {
    guard count > 0 else { return nil }
    let rank = min(count, max(1, Int((Double(count) * share).rounded(.up))))
    var passed = 0
    for (bucket, count) in counts.enumerated() {
      passed += count
      if passed >= rank { return .nanoseconds(Int64(Self.middle(of: bucket))) }
    }
    return nil
  }

  private static func bucket(_ value: UInt64) -> Int {
    let shift = max(0, UInt64.bitWidth - value.leadingZeroBitCount - stepBits - 1)
    return shift << stepBits + Int(value >> UInt64(shift))
  }

  private static func middle(of bucket: Int) -> UInt64 {
    let shift = max(0, bucket >> stepBits - 1)
    let low = UInt64(bucket - shift << stepBits) << UInt64(shift)
    return low + (UInt64(1) << UInt64(shift)) / 2
  }
}
