package import GatewayTypes

/// A provider to try, and what the try is expected to take.
package struct RankedCandidate: Hashable, Sendable {
  /// Its index in the roster.
  package let index: Int
  package let expectedCost: Money
  /// In nanoseconds; nil when neither observed nor configured.
  package let expectedNanoseconds: Int64?
  /// Behind the others because it failed too often lately.
  package let isPenalized: Bool
  /// Forward because it is preferred for the request's intent.
  package let isBoosted: Bool
  /// Its breaker is half-open, and the try would be its trial.
  package let isOnTrial: Bool

  /// Why it ranks where it does, as sentences. Made on demand: only `/routing/explain` asks.
  package func reasons(strategy: RankingStrategy, intent: Intent) -> [String] {
    let latency = expectedNanoseconds.map { "\($0 / 1_000_000) ms" } ?? "unknown, taken as 1000 ms"
    var reasons: [String]
    switch strategy {
    case .cost: reasons = ["ranked by cost: \(expectedCost) USD expected"]
    case .speed: reasons = ["ranked by speed: \(latency) expected"]
    case .quality: reasons = ["ranked by quality_score"]
    }
    if isBoosted { reasons.append("preferred for \(intent.rawValue)") }
    if isPenalized { reasons.append("behind the others: too high a share of failures lately") }
    return reasons
  }
}

/// A provider that is not to be tried, and why.
package struct LeftOutCandidate: Hashable, Sendable {
  /// Its index in the roster.
  package let index: Int
  package let reason: LeftOutReason
  /// The earliest time it may be tried; nil when waiting does not help, or nobody knows how long.
  package let retryAt: MonotonicTime?
  package let expectedCost: Money
  package let expectedNanoseconds: Int64?
  /// It would be behind the others as well; false where its health was not asked.
  package let isPenalized: Bool
}

/// Which providers to try for a request, in order, and why not the others.
package struct RoutePlan: Sendable {
  /// The one to try first comes first.
  package let order: [RankedCandidate]
  package let leftOut: [LeftOutCandidate]
  /// Whether the asked name is known at all; if not, the answer is `model_not_found`.
  package let modelIsKnown: Bool

  /// The earliest time at which one of those left out may be tried.
  package var retryAt: MonotonicTime? {
    leftOut.lazy.compactMap(\.retryAt).min()
  }

  /// What to tell the caller when there is nothing to try; nil when there is.
  package var refusal: RouteRefusal? {
    order.isEmpty ? RouteRefusal(modelIsKnown: modelIsKnown, leftOut: leftOut) : nil
  }
}
