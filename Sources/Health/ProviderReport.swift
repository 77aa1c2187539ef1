package import GatewayTypes

/// Attempts of one provider since the start, or since the last reset, by how they went.
///
/// The five add up to all answered attempts; those in flight are in none of them.
package struct AttemptCounts: Hashable, Sendable {
  package var successes = 0
  package var failures = 0
  /// Answers of 429: neither success nor failure.
  package var rateLimited = 0
  /// Requests that the provider rightly refused.
  package var callerFaults = 0
  /// Attempts given up because the caller hung up.
  package var cancellations = 0

  package init() {}

  package var answered: Int { successes + failures + rateLimited + callerFaults + cancellations }

  /// Successes among successes and failures, 0 … 1; 1 before the first of either.
  package var successRate: Double {
    let judged = successes + failures
    return judged == 0 ? 1 : Double(successes) / Double(judged)
  }
}

/// All that `GET /providers` and `GET /routing/analytics` show of one provider's health.
package struct ProviderReport: Hashable, Sendable {
  package var standing: ProviderStanding
  package var circuit: CircuitSnapshot
  package var isDown: Bool
  /// When the token cooldown ends; nil when there is none.
  package var coolingUntil: MonotonicTime?
  /// When the hold after a 429 ends; nil when there is none.
  package var heldUntil: MonotonicTime?
  package var counts: AttemptCounts
  package var inFlight: Int
  /// Requests that wait for a place.
  package var queued: Int
  package var lastMinute: RollingCounter.Count
  package var lastHour: RollingCounter.Count
  /// The mean latency of all successes since the start in nanoseconds; nil before the first.
  package var meanNanoseconds: Int64?
  /// The latency of the newest success in nanoseconds.
  package var lastNanoseconds: Int64?

  /// Attempts made, those in flight included.
  package var requests: Int { counts.answered + inFlight }
}
