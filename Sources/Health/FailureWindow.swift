package import GatewayTypes

/// How the penalty for failing often is set: `routing.penalty` in the file.
package struct PenaltyPolicy: Hashable, Sendable {
  package var window: Duration
  /// The share of failures, 0 … 1, above which a provider goes behind the others.
  package var threshold: Double
  /// The least number of answers in the window that a share is taken of; at least 1.
  package var minimumAnswers: Int

  /// `minimumAnswers` is the breaker's threshold unless the file says otherwise: of fewer answers the
  /// breaker is the judge.
  package init(
    window: Duration = .seconds(300), threshold: Double = 0.05,
    minimumAnswers: Int = BreakerPolicy.usualFailureThreshold
  ) {
    self.window = window
    self.threshold = threshold
    self.minimumAnswers = minimumAnswers
  }
}

/// The share of failures among a provider's answers in a rolling window.
///
/// It is for providers that fail now and then; one that fails all the time is the breaker's. So a share of
/// fewer than `minimumAnswers` answers says nothing (one failure of one would be all of them, and would send
/// every request to a dearer provider for the length of the window), and failures in a row count only once a
/// success, or as many as that, has ended the row. Those that opened the breaker never count: its wait is
/// what they cost. Counts are exact to a sixtieth of the window.
package struct FailureWindow: Sendable {
  /// How finely the window moves: 5 s steps for the default of 300 s.
  package static let bucketCount = 60

  private var ring: BucketRing
  private let thresholdPartsPerMillion: Int
  private let minimumAnswers: Int
  /// The failures since the last success.
  private var run = 0

  package init(policy: PenaltyPolicy) {
    precondition((0...1).contains(policy.threshold), "a share of failures lies between 0 and 1")
    precondition(policy.minimumAnswers >= 1, "there is no share of no answers")
    ring = BucketRing(window: policy.window, count: FailureWindow.bucketCount)
    minimumAnswers = policy.minimumAnswers
    thresholdPartsPerMillion = Int((policy.threshold * 1_000_000).rounded())
  }

  /// Counts one answer.
  package mutating func record(failed: Bool, now: MonotonicTime) {
    run = failed ? run + 1 : 0
    ring.add(events: 1, weight: failed ? 1 : 0, now: now)
  }

  /// Whether there are enough answers and the share of failures among them is above the threshold.
  package mutating func isPenalized(now: MonotonicTime) -> Bool {
    isPenalized(by: ring.tally(now: now))
  }

  /// Whether it is by what was last counted, and when time alone may change that.
  var standing: (isPenalized: Bool, until: MonotonicTime) {
    let (tally, until) = ring.standing
    return (isPenalized(by: tally), tally.weight == 0 ? .distantFuture : until)
  }

  private func isPenalized(by tally: BucketRing.Tally) -> Bool {
    guard tally.weight > 0, tally.events >= minimumAnswers else { return false }
    let failures = run < minimumAnswers ? tally.weight - run : tally.weight
    return failures * 1_000_000 > tally.events * thresholdPartsPerMillion
  }

  /// The answers and the failures among them in the window.
  package mutating func counts(now: MonotonicTime) -> (answers: Int, failures: Int) {
    let tally = ring.tally(now: now)
    return (tally.events, tally.weight)
  }
}
