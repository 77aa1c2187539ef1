package import GatewayTypes
package import Health

/// Ranks the providers for a request: a pure function of the request, the roster and how the providers
/// stand. The same input gives the same plan.
package enum Router {
  /// The plan for `request`.
  ///
  /// `standing` is asked once for each provider that the model reaches and that can do the request, in no
  /// particular order; it must answer from one moment. What is left out for its expected cost, or for its
  /// health, has been asked as well.
  package static func plan(
    _ request: RoutingRequest, roster: Roster, policy: RoutingPolicy = RoutingPolicy(),
    standing: (_ index: Int) -> ProviderStanding
  ) -> RoutePlan {
    makePlan(request, roster: roster, policy: policy, standing: standing)
  }

  /// The plan for `request` where `healths` stand as they do at `now`; `kind` is the request's.
  package static func plan(
    _ request: RoutingRequest, roster: Roster, policy: RoutingPolicy = RoutingPolicy(), healths: HealthTable,
    kind: RequestKind, now: MonotonicTime
  ) -> RoutePlan {
    makePlan(request, roster: roster, policy: policy) { index in
      healths.standing(at: index, tokens: request.inputTokens, kind: kind, now: now)
    }
  }

  /// Inlined into both, so that no call through a closure stands between a plan and a health.
  @inline(__always)
  private static func makePlan(
    _ request: RoutingRequest, roster: Roster, policy: RoutingPolicy,
    standing: (_ index: Int) -> ProviderStanding
  ) -> RoutePlan {
    let reached = roster.indices(for: request.model)
    let allowance = roster.allowance(request.allowedModels)
    var ranking = Ranking(capacity: reached.count, request: request, policy: policy)
    var leftOut: [LeftOutCandidate] = []
    // Few are, so the loop carries no second ranking for them.
    var busy: [(index: Int, expectation: Expectation, standing: ProviderStanding)] = []

    let usual = UsualAnswer(request.usualAnswer, prior: request.outputTokens)
    let allFacts = roster.facts.span
    for index in reached {
      let facts = allFacts[index]
      let tieredPrices = facts.hasTiers ? roster.candidates[index].prices : nil
      var reason = obstacle(request, facts, tieredPrices, isAllowed: allowance?[index] ?? true)
      let standing = reason == nil ? standing(index) : ProviderStanding()
      let expectation = Expectation(request, usual, at: facts, tieredPrices, standing)
      if reason == nil {
        if let maximum = request.maxCost, expectation.cost.picodollars > maximum.picodollars {
          reason = .aboveMaxCost(expected: expectation.cost, maximum: maximum)
        } else if let unavailability = standing.unavailability {
          reason = .unavailable(unavailability)
          if unavailability == .concurrencyLimitReached {
            busy.append((index, expectation, standing))
          }
        }
      }
      guard let reason else {
        ranking.add(index: index, facts, expectation, standing)
        continue
      }
      var retryAt: MonotonicTime?
      if case .unavailable = reason { retryAt = standing.retryAt }
      leftOut.append(
        LeftOutCandidate(
          index: index, reason: reason, retryAt: retryAt, expected: expectation,
          isPenalized: standing.isPenalized, idleNanoseconds: standing.idleNanoseconds))
    }
    return RoutePlan(
      order: ranking.sorted(), leftOut: leftOut, busy: ranked(busy, request, roster, policy),
      modelIsKnown: request.model == .any || !reached.isEmpty)
  }

  /// Those at their limit, the one to wait for first in front.
  @inline(never)
  private static func ranked(
    _ busy: [(index: Int, expectation: Expectation, standing: ProviderStanding)], _ request: RoutingRequest,
    _ roster: Roster, _ policy: RoutingPolicy
  ) -> [RankedCandidate] {
    guard !busy.isEmpty else { return [] }
    var ranking = Ranking(capacity: busy.count, request: request, policy: policy)
    for one in busy { ranking.add(index: one.index, roster.facts[one.index], one.expectation, one.standing) }
    return Array(ranking.sorted())
  }

  /// What keeps a provider from this request whatever its health; nil when nothing does.
  private static func obstacle(
    _ request: RoutingRequest, _ facts: CandidateFacts, _ tieredPrices: Prices?, isAllowed: Bool
  ) -> LeftOutReason? {
    guard facts.isEnabled else { return .disabled }
    guard isAllowed else { return .notAllowedForKey }
    let missing = request.needs.subtracting(facts.capabilities)
    guard missing.isEmpty else { return .lacks(missing) }
    // One token must be left for the answer.
    guard request.inputTokens < facts.contextWindow else {
      return .contextTooSmall(inputTokens: request.inputTokens, contextWindow: facts.contextWindow)
    }
    if let left = request.budgetLeft {
      let inputBound = inputBound(request, facts, tieredPrices)
      guard inputBound.picodollars <= left.picodollars, left.picodollars > 0 || facts.isFree else {
        return .overBudget(inputCost: inputBound, left: left)
      }
    }
    return nil
  }

  /// The most that the request can cost before its answer begins.
  private static func inputBound(
    _ request: RoutingRequest, _ facts: CandidateFacts, _ tieredPrices: Prices?
  ) -> Money {
    let tokens = max(0, request.inputTokenBound)
    guard let tieredPrices else { return facts.inputBound(tokens: tokens) }
    return tieredPrices.dearestInput(upTo: tokens) * tokens + tieredPrices.requestFee
  }
}
