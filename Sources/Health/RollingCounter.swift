package import GatewayTypes

/// Requests and tokens of the last minute and the last hour, for people to read.
///
/// The minute moves in steps of 1 s and the hour in steps of 60 s; within that, counts are exact. It is
/// no limiter: `RateLimiter` is exact at every nanosecond.
package struct RollingCounter: Sendable {
  private var minute = BucketRing(window: .seconds(60), count: 60)
  private var hour = BucketRing(window: .seconds(3600), count: 60)

  /// What was counted in a window.
  package struct Count: Hashable, Sendable {
    package var requests: Int
    package var tokens: Int
  }

  package init() {}

  /// Counts `requests` and `tokens`; either may be 0, as tokens are known later than requests.
  package mutating func record(requests: Int, tokens: Int, now: MonotonicTime) {
    minute.add(events: requests, weight: tokens, now: now)
    hour.add(events: requests, weight: tokens, now: now)
  }

  package mutating func lastMinute(now: MonotonicTime) -> Count {
    let tally = minute.tally(now: now)
    return Count(requests: tally.events, tokens: tally.weight)
  }

  package mutating func lastHour(now: MonotonicTime) -> Count {
    let tally = hour.tally(now: now)
    return Count(requests: tally.events, tokens: tally.weight)
  }
}
