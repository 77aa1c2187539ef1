package import GatewayTypes
package import Routing

/// One candidate of a decision, as it was written down.
package struct DecidedCandidate: Hashable, Sendable {
  /// Its place in the decision's roster.
  package var index: Int
  package var expected: Expectation
  package var isBoosted = false
  package var isPenalized: Bool
  package var isOnTrial = false
  /// In front because the user's prompts were warm there.
  package var isWarm = false
  /// The chance of being drawn first, under `weighted`, in millionths; nil for those behind a penalty.
  package var sharePerMillion: Int?
  /// How long nobody had been sent there; kept under `speed` alone, where it counts.
  package var idleNanoseconds: Int64 = 0
  /// Why it was left out; nil for one that was ranked.
  package var reason: LeftOutReason?
  package var retryAt: MonotonicTime?

  package var expectedCost: Money { expected.cost }
  /// Nil when it was neither observed nor configured.
  package var expectedNanoseconds: Int64? { expected.nanoseconds }

  /// Why it stood where it stood, as sentences.
  func reasons(in request: RoutingRequest, at plannedAt: MonotonicTime) -> [String] {
    if let reason { return [reason.sentence(retryAt: retryAt, now: plannedAt)] }
    let ranked = RankedCandidate(
      index: index, expected: expected, isPenalized: isPenalized, isBoosted: isBoosted, isWarm: isWarm,
      sharePerMillion: sharePerMillion, idleNanoseconds: idleNanoseconds, isOnTrial: isOnTrial)
    return ranked.reasons(strategy: request.strategy, intent: request.intent)
  }
}
