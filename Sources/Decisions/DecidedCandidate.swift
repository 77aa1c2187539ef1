package import GatewayTypes
package import Routing

/// One candidate of a decision, as it was written down.
package struct DecidedCandidate: Hashable, Sendable {
  /// Its place in the decision's roster.
  package var index: Int
  package var expectedCost: Money
  /// Nil when it was neither observed nor configured.
  package var expectedNanoseconds: Int64?
  package var isBoosted = false
  package var isPenalized: Bool
  package var isOnTrial = false
  /// Why it was left out; nil for one that was ranked.
  package var reason: LeftOutReason?
  package var retryAt: MonotonicTime?

  /// Why it stood where it stood, as sentences.
  func reasons(in request: RoutingRequest, at plannedAt: MonotonicTime) -> [String] {
    if let reason { return [reason.sentence(retryAt: retryAt, now: plannedAt)] }
    var reasons: [String]
    switch request.strategy {
    case .cost: reasons = ["ranked by cost: \(expectedCost) USD expected"]
    case .speed:
      let latency = expectedNanoseconds.map { "\($0 / 1_000_000) ms expected" }
      reasons = ["ranked by speed: \(latency ?? "nothing was known of it")"]
    case .quality: reasons = ["ranked by quality_score"]
    }
    if isBoosted { reasons.append("preferred for \(request.intent.rawValue)") }
    if isPenalized { reasons.append("behind the others: too high a share of failures lately") }
    return reasons
  }
}
