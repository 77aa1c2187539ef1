import GatewayTypes

/// What there is to know of a provider that nothing is in the way of, for as long as nothing but time passes.
struct ClearStanding: Sendable {
  /// When the last wait ended, or will.
  let from: MonotonicTime
  /// When time alone may change whether it is penalized.
  let until: MonotonicTime
  /// The most tokens that a request may have; negative when there is no room for a request. Time alone makes it
  /// more, never less.
  let mostTokens: Int
  let isPenalized: Bool
  let lastTriedAt: MonotonicTime
  let latency: LatencyAverage

  /// How long nobody has been sent there.
  @inline(__always)
  static func idleNanoseconds(since lastTriedAt: MonotonicTime, now: MonotonicTime) -> Int64 {
    let (idle, overflow) = now.nanoseconds.subtractingReportingOverflow(lastTriedAt.nanoseconds)
    return overflow ? 0 : max(0, idle)
  }
}
