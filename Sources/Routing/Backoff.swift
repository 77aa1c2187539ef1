import GatewayTypes

/// How long to wait before the same provider is tried again: exponential, with full jitter.
///
/// Full jitter (anything from zero to the exponential bound, evenly) spreads the callers that failed
/// together furthest apart: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
package struct Backoff: Hashable, Sendable {
  /// The bound before the first retry.
  package let base: Duration
  /// What the doubling bound never passes.
  package let cap: Duration

  package init(base: Duration = .milliseconds(100), cap: Duration = .seconds(2)) {
    precondition(base >= .zero && cap >= base, "a wait grows from its base to its cap")
    self.base = base
    self.cap = cap
  }

  /// The wait before retry number `retry`, counted from 0, or nil when it would not end before the
  /// deadline: then the next provider is asked at once.
  ///
  /// `random` is 64 evenly spread bits. A provider's `retryAfter` is waited for in full, as sooner is
  /// known to be in vain.
  package func delay(
    retry: Int, random: UInt64, retryAfter: Duration? = nil, remaining: Duration
  ) -> Duration? {
    let delay = max(jittered(retry: retry, random: random), retryAfter ?? .zero)
    return delay < remaining ? delay : nil
  }

  private func jittered(retry: Int, random: UInt64) -> Duration {
    // Past 2³² times the base every cap in use is reached.
    let bound = min(base * (Int64(1) << min(max(0, retry), 32)), cap).wholeNanoseconds
    // The high half of a product spreads `random` evenly over 0 … bound without a division.
    let share = random.multipliedFullWidth(by: UInt64(bound) + 1).high
    return .nanoseconds(Int64(share))
  }
}
