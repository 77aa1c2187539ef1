package import GatewayTypes

/// What the router needs to know of a provider's health at one moment: a plain value without references.
package struct ProviderStanding: Hashable, Sendable {
  /// Why the provider may not be called; nil when it may. Of several reasons the first in the order of
  /// `Unavailability`'s cases.
  package var unavailability: Unavailability?
  /// The earliest time at which nothing known stands in the way; nil when available, or when nobody knows.
  package var retryAt: MonotonicTime?
  /// Whether the share of failures is above the threshold: the provider goes behind all that have none.
  package var isPenalized: Bool
  /// Whether the breaker is half-open and a call now would be its trial.
  package var isOnTrial: Bool
  /// How fast it has been.
  package var latency: LatencyAverage
  /// How long its answers to requests of this kind are.
  package var answer: ExpectedAnswer
  /// How long nobody has been sent there, in nanoseconds: what is known of its speed loses weight with it.
  package var idleNanoseconds: Int64

  package init(
    unavailability: Unavailability? = nil, retryAt: MonotonicTime? = nil, isPenalized: Bool = false,
    isOnTrial: Bool = false, latency: LatencyAverage = LatencyAverage(),
    answer: ExpectedAnswer = ExpectedAnswer(), idleNanoseconds: Int64 = 0
  ) {
    self.unavailability = unavailability
    self.retryAt = retryAt
    self.isPenalized = isPenalized
    self.isOnTrial = isOnTrial
    self.latency = latency
    self.answer = answer
    self.idleNanoseconds = idleNanoseconds
  }

  /// Notes one more thing in the way: the first reason is kept, and of the times the latest.
  mutating func block(_ reason: Unavailability, until time: MonotonicTime?) {
    if unavailability == nil {
      unavailability = reason
      retryAt = time
    } else if let known = retryAt, let time {
      retryAt = max(known, time)
    } else {
      retryAt = nil
    }
  }
}
