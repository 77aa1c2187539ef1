import GatewayTypes
package import Health

/// Ranks the providers for a request: a pure function of the request, the roster and how the providers
/// stand. The same input gives the same plan.
package enum Router {
  /// The plan for `request`.
  ///
  /// `standing` is asked once for each provider that the model reaches and that can do the request, in no
  /// particular order; it must answer from one moment.
  package static func plan(
    _ request: RoutingRequest, roster: Roster, policy: RoutingPolicy = RoutingPolicy(),
    standing: (_ index: Int) -> ProviderStanding
  ) -> RoutePlan {
    let reached = roster.indices(for: request.model)
    let allowance = roster.allowance(request.allowedModels)
    let expectation = Expectation(request)
    var ranking = Ranking(capacity: reached.count, request: request, policy: policy)
    var leftOut: [LeftOutCandidate] = []

    for index in reached {
      let facts = roster.facts[index]
      let tieredPrices = facts.hasTiers ? roster.candidates[index].prices : nil
      let cost = expectation.cost(at: facts, tieredPrices)
      let inputBound = inputBound(request, facts, tieredPrices)
      var reason = obstacle(
        request, facts, cost: cost, inputBound: inputBound, isAllowed: allowance?[index] ?? true)
      var retryAt: MonotonicTime?
      var isPenalized = false
      var nanoseconds = facts.nanoseconds
      if reason == nil {
        let standing = standing(index)
        nanoseconds = expectation.nanoseconds(at: facts, observed: standing.latency)
        guard let unavailability = standing.unavailability else {
          ranking.add(
            index: index, facts, cost: cost, nanoseconds: nanoseconds, standing)
          continue
        }
        reason = .unavailable(unavailability)
        retryAt = standing.retryAt
        isPenalized = standing.isPenalized
      }
      guard let reason else { preconditionFailure("a candidate without an obstacle has been ranked") }
      leftOut.append(
        LeftOutCandidate(
          index: index, reason: reason, retryAt: retryAt, expectedCost: cost,
          expectedNanoseconds: nanoseconds, isPenalized: isPenalized))
    }
    return RoutePlan(
      order: ranking.sorted(), leftOut: leftOut,
      modelIsKnown: request.model == .any || !reached.isEmpty)
  }

  /// What keeps a provider from this request whatever its health; nil when nothing does.
  private static func obstacle(
    _ request: RoutingRequest, _ facts: CandidateFacts, cost: Money, inputBound: Money, isAllowed: Bool
  ) -> LeftOutReason? {
    guard facts.isEnabled else { return .disabled }
    guard isAllowed else { return .notAllowedForKey }
    let missing = request.needs.subtracting(facts.capabilities)
    guard missing.isEmpty else { return .lacks(missing) }
    // One token must be left for the answer.
    if let window = facts.contextWindow, request.inputTokens >= window {
      return .contextTooSmall(inputTokens: request.inputTokens, contextWindow: window)
    }
    if let left = request.budgetLeft {
      guard inputBound <= left, left > .zero || facts.isFree else {
        return .overBudget(inputCost: inputBound, left: left)
      }
    }
    if let maximum = request.maxCost, cost > maximum {
      return .aboveMaxCost(expected: cost, maximum: maximum)
    }
    return nil
  }

  /// The most that the request can cost before its answer begins.
  private static func inputBound(
    _ request: RoutingRequest, _ facts: CandidateFacts, _ tieredPrices: Prices?
  ) -> Money {
    let tokens = max(0, request.inputTokenBound)
    return (tieredPrices?.dearestInput(upTo: tokens) ?? facts.dearestInput) * tokens + facts.requestFee
  }
}

/// What a request is expected to take.
private struct Expectation {
  private let inputTokens: Int
  private let outputTokens: Int

  init(_ request: RoutingRequest) {
    inputTokens = max(0, request.inputTokens)
    outputTokens = max(0, request.outputTokens)
  }

  /// `tieredPrices` are given where long requests have prices of their own.
  func cost(at facts: CandidateFacts, _ tieredPrices: Prices?) -> Money {
    let outputTokens = outputTokens(at: facts)
    if let tieredPrices {
      return tieredPrices.cost(of: TokenUsage(uncachedInput: inputTokens, output: outputTokens))
    }
    return facts.input * inputTokens + facts.output * outputTokens + facts.requestFee
  }

  /// As observed, else as configured; nil when neither is known.
  func nanoseconds(at facts: CandidateFacts, observed: LatencyAverage) -> Int64? {
    observed.expectedNanoseconds(outputTokens: outputTokens(at: facts)) ?? facts.nanoseconds
  }

  private func outputTokens(at facts: CandidateFacts) -> Int {
    min(outputTokens, facts.maxOutputTokens ?? .max)
  }
}
