package import GatewayTypes

/// How the penalty for failing often is set: `routing.penalty` in the file.
package struct PenaltyPolicy: Hashable, Sendable {
  package var window: Duration
  /// The share of failures, 0 … 1, above which a provider goes behind the others.
  package var threshold: Double

  package init(window: Duration = .seconds(300), threshold: Double = 0.05) {
    self.window = window
    self.threshold = threshold
  }
}

/// The share of failures among a provider's answers in a rolling window.
///
/// There is no least number of answers: a provider whose only answer was a failure is penalized, which
/// takes nothing from it but its place in the queue. Counts are exact to a sixtieth of the window.
package struct FailureWindow: Sendable {
  /// How finely the window moves: 5 s steps for the default of 300 s.
  package static let bucketCount = 60

  private var ring: BucketRing
  private let thresholdPartsPerMillion: Int

  package init(policy: PenaltyPolicy) {
    precondition((0...1).contains(policy.threshold), "a share of failures lies between 0 and 1")
    ring = BucketRing(window: policy.window, count: FailureWindow.bucketCount)
    thresholdPartsPerMillion = Int((policy.threshold * 1_000_000).rounded())
  }

  /// Counts one answer.
  package mutating func record(failed: Bool, now: MonotonicTime) {
    ring.add(events: 1, weight: failed ? 1 : 0, now: now)
  }

  /// Whether the share of failures is above the threshold.
  package mutating func isPenalized(now: MonotonicTime) -> Bool {
    let tally = ring.tally(now: now)
    return tally.weight * 1_000_000 > tally.events * thresholdPartsPerMillion
  }

  /// The answers and the failures among them in the window.
  package mutating func counts(now: MonotonicTime) -> (answers: Int, failures: Int) {
    let tally = ring.tally(now: now)
    return (tally.events, tally.weight)
  }
}
