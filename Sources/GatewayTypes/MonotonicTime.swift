/// A point on the monotonic clock, in nanoseconds since some point that does not matter.
///
/// Everything that waits or measures takes one as a parameter, so a test moves the clock by hand.
@usableFromInline package struct MonotonicTime: Hashable, Comparable, Sendable {
  @usableFromInline package var nanoseconds: Int64

  @inlinable package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Later than any time the clock will show.
  package static let distantFuture = MonotonicTime(nanoseconds: .max)

  @inlinable package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The time `duration` later; a sum past the end of time is `distantFuture`.
  package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
    let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return overflow ? .distantFuture : MonotonicTime(nanoseconds: sum)
  }

  /// The time from `earlier` to `later`; negative when they are the other way round.
  package static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
    .nanoseconds(later.nanoseconds - earlier.nanoseconds)
  }
}

extension Duration {
  /// The duration in nanoseconds, the rest below cut off; `Int64.max` (292 years) when it is longer.
  package var wholeNanoseconds: Int64 {
    let whole = attoseconds
    // Up to nine seconds 64 bits do, and a division of 128 takes ten times as long.
    if let short = Int64(exactly: whole) { return short / 1_000_000_000 }
    return Int64(clamping: whole / 1_000_000_000)
  }

  /// The duration in milliseconds, the rest below cut off.
  package var wholeMilliseconds: Int { Int(wholeNanoseconds / 1_000_000) }

  /// The duration in seconds.
  package var inSeconds: Double { Double(wholeNanoseconds) / 1e9 }
}
