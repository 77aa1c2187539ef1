package import GatewayTypes

/// A provider to try, and what the try is expected to take.
package struct RankedCandidate: Hashable, Sendable {
  /// Its index in the roster.
  package let index: Int
  package let expected: Expectation
  /// Behind the others because it failed too often lately.
  package let isPenalized: Bool
  /// Forward because it is preferred for the request's intent.
  package let isBoosted: Bool
  /// In front because it answered the user's last request and may still have the prompt in its cache.
  package let isWarm: Bool
  /// The chance of being drawn first, under `weighted`, in millionths; nil for those behind a penalty.
  package let sharePerMillion: Int?
  /// How long nobody has been sent there: under `speed` its expected time counts the less.
  package let idleNanoseconds: Int64
  /// Its breaker is half-open, and the try would be its trial.
  package let isOnTrial: Bool

  package init(
    index: Int, expected: Expectation, isPenalized: Bool, isBoosted: Bool, isWarm: Bool,
    sharePerMillion: Int?, idleNanoseconds: Int64, isOnTrial: Bool
  ) {
    self.index = index
    self.expected = expected
    self.isPenalized = isPenalized
    self.isBoosted = isBoosted
    self.isWarm = isWarm
    self.sharePerMillion = sharePerMillion
    self.idleNanoseconds = idleNanoseconds
    self.isOnTrial = isOnTrial
  }

  package var expectedCost: Money { expected.cost }
  /// In nanoseconds; nil when neither observed nor configured.
  package var expectedNanoseconds: Int64? { expected.nanoseconds }
}

/// A provider that is not to be tried, and why.
package struct LeftOutCandidate: Hashable, Sendable {
  /// Its index in the roster.
  package let index: Int
  package let reason: LeftOutReason
  /// The earliest time it may be tried; nil when waiting does not help, or nobody knows how long.
  package let retryAt: MonotonicTime?
  package let expected: Expectation
  /// It would be behind the others as well; false where its health was not asked.
  package let isPenalized: Bool
  /// How long nobody has been sent there; 0 where its health was not asked.
  package let idleNanoseconds: Int64

  package var expectedCost: Money { expected.cost }
  package var expectedNanoseconds: Int64? { expected.nanoseconds }
}

/// Which providers to try for a request, in order, and why not the others.
package struct RoutePlan: Sendable {
  /// The one to try first comes first.
  package let order: RankedOrder
  package let leftOut: [LeftOutCandidate]
  /// Of those left out the ones where only `max_concurrency` is in the way, in order: a place at one of them
  /// is waited for when nobody else can answer.
  package let busy: [RankedCandidate]
  /// Whether the asked name is known at all; if not, the answer is `model_not_found`.
  package let modelIsKnown: Bool

  /// The earliest time at which one of those left out may be tried.
  package var retryAt: MonotonicTime? {
    leftOut.lazy.compactMap(\.retryAt).min()
  }

  /// The same plan without those that `reason` names a reason for.
  package func leavingOut(_ reason: (_ index: Int) -> LeftOutReason?) -> RoutePlan {
    var leftOut = leftOut
    let order = order.removing { candidate in
      guard let reason = reason(candidate.index) else { return false }
      leftOut.append(
        LeftOutCandidate(
          index: candidate.index, reason: reason, retryAt: nil, expected: candidate.expected,
          isPenalized: candidate.isPenalized, idleNanoseconds: candidate.idleNanoseconds))
      return true
    }
    let busy = busy.filter { reason($0.index) == nil }
    return RoutePlan(order: order, leftOut: leftOut, busy: busy, modelIsKnown: modelIsKnown)
  }

  /// What to tell the caller when there is nothing to try; nil when there is.
  package var refusal: RouteRefusal? {
    order.isEmpty && busy.isEmpty ? RouteRefusal(modelIsKnown: modelIsKnown, leftOut: leftOut) : nil
  }
}
