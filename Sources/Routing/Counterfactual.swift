import GatewayTypes
package import Health

/// The situation of one decision, to be asked what would have to be different for another choice.
///
/// Every answer is tried out: it is given only when the router, asked again with the change made, puts the
/// provider first. Each bound comes from the rule of `RankKey`, so one step beyond it does not do.
package struct Counterfactual: Sendable {
  private var request: RoutingRequest
  private var roster: Roster
  private let policy: RoutingPolicy
  /// By index in the roster, as `standings`.
  private let limits: [CallLimits]
  /// Nil for a provider whose health was not asked.
  private var standings: [ProviderStanding?]

  /// More changes than a provider can need: one against each obstacle, and three for the rank.
  private static let maximumChangeCount = 12
  /// `quality_score` goes to 100 in the file; in millionths.
  private static let largestQuality: Int64 = 100_000_000

  package init(
    request: RoutingRequest, roster: Roster, policy: RoutingPolicy, limits: [CallLimits],
    standings: [ProviderStanding?]
  ) {
    precondition(
      limits.count == roster.candidates.count && standings.count == limits.count,
      "limits and standings are those of the roster's providers")
    self.request = request
    self.roster = roster
    self.policy = policy
    self.limits = limits
    self.standings = standings
  }

  /// What the router makes of the situation.
  package func plan() -> RoutePlan {
    Router.plan(request, roster: roster, policy: policy) { standings[$0] ?? ProviderStanding() }
  }

  /// The smallest change that puts the provider at `index` first, as one or more that must come together:
  /// away with what is in its way, then the least that ranks it first. Empty when it is first; nil when no
  /// such change is known.
  package func changes(choosing index: Int) -> [RoutingChange]? {
    var situation = self
    var changes: [RoutingChange] = []
    for _ in 0...Self.maximumChangeCount {
      let plan = situation.plan()
      if plan.order.first?.index == index { return changes }
      guard let change = situation.nextChange(for: index, plan) else { return nil }
      situation = situation.applying(change, to: index)
      changes.append(change)
    }
    return nil
  }

  private func nextChange(for index: Int, _ plan: RoutePlan) -> RoutingChange? {
    if let left = plan.leftOut.first(where: { $0.index == index }) { return removal(of: left) }
    guard let winner = plan.order.first, let loser = plan.order.first(where: { $0.index == index }) else {
      return nil
    }
    if loser.isPenalized && !winner.isPenalized { return .noPenalty }
    return overtaking(winner, loser)
  }

  // MARK: What is in the way

  private func removal(of left: LeftOutCandidate) -> RoutingChange? {
    switch left.reason {
    case .disabled: .enabled
    case .notAllowedForKey: .allowedForKey
    // Without these it would be a request of another kind.
    case .lacks(let missing) where missing.contains(.chat) || missing.contains(.embeddings): nil
    case .lacks(let missing): .without(missing)
    case .contextTooSmall(let inputTokens, _): .contextWindow(atLeast: inputTokens + 1)
    case .aboveMaxCost(let expected, _): .maxCost(atLeast: expected)
    case .overBudget(let inputCost, _):
      // A used-up budget pays for nothing that has a price, be the input's bound zero.
      .budgetLeft(
        atLeast: roster.facts[left.index].isFree ? inputCost : max(inputCost, Money(picodollars: 1)))
    case .unavailable(let reason): removal(of: reason, left)
    }
  }

  private func removal(of reason: Unavailability, _ left: LeftOutCandidate) -> RoutingChange {
    let limits = limits[left.index]
    switch reason {
    case .setDown: return .setUp
    case .requestLimitReached:
      return limits.requestsPerMinute.map { .requestsPerMinute(atLeast: $0 + 1) }
        ?? .wait(until: left.retryAt)
    case .aboveTokenLimit: return .tokensPerMinute(atLeast: request.inputTokens)
    case .concurrencyLimitReached:
      return limits.concurrency.map { .concurrency(atLeast: $0 + 1) } ?? .wait(until: left.retryAt)
    case .circuitOpen, .trialsTaken, .heldAfterRateLimit, .coolingDown, .tokenLimitReached:
      return .wait(until: left.retryAt)
    }
  }

  // MARK: The rank

  /// The least that brings `loser`, no more penalized than `winner`, before it.
  private func overtaking(_ winner: RankedCandidate, _ loser: RankedCandidate) -> RoutingChange? {
    let target = Ranking.value(of: winner, roster.facts[winner.index], request.strategy, policy)
    let value = Ranking.value(of: loser, roster.facts[loser.index], request.strategy, policy)
    if value == target, winner.isBoosted == loser.isBoosted {
      let priority = roster.candidates[winner.index].priority
      return .priority(atMost: loser.index < winner.index ? priority : priority - 1)
    }
    let winsTie =
      loser.isBoosted == winner.isBoosted
      ? roster.precedes(loser.index, winner.index) : loser.isBoosted
    if let change = reaching(winsTie ? target : target - 1, loser) { return change }
    // Nothing goes below the winner: beside it there is still the tie.
    if !winsTie, value > target, let change = reaching(target, loser) { return change }
    return loser.isBoosted ? nil : .preferredFor(request.intent)
  }

  /// What brings the value that `loser` is ranked by down to `value`; nil when nothing does.
  private func reaching(_ value: Int128, _ loser: RankedCandidate) -> RoutingChange? {
    guard value >= 0 else { return nil }
    let factor = Int128(loser.isBoosted ? policy.boostPerThousand : 1000)
    switch request.strategy {
    case .cost: return costing(Money(picodollars: value / factor), loser)
    case .speed:
      let nanoseconds = Int64(clamping: value / factor)
      let isObserved = standings[loser.index].map { $0.latency.expectedNanoseconds(outputTokens: 1) != nil }
      return isObserved == true
        ? .observedLatency(atMostNanoseconds: nanoseconds)
        : .configuredLatency(atMostMilliseconds: nanoseconds / 1_000_000)
    case .quality:
      // The value is the ceiling less quality × 1000 ÷ factor, the rest of the division dropped.
      let scaled = Ranking.qualityCeiling - value
      let quality = Int64(clamping: (scaled * factor + 999) / 1000)
      return quality <= Self.largestQuality ? .quality(atLeast: quality) : nil
    }
  }

  /// The price that makes the request cost at most `most`: of what makes up its cost the largest part is
  /// changed, as that one needs the least change.
  private func costing(_ most: Money, _ loser: RankedCandidate) -> RoutingChange? {
    let candidate = roster.candidates[loser.index]
    let input = max(0, request.inputTokens)
    let output = min(max(0, request.outputTokens), candidate.maxOutputTokens ?? .max)
    let prices = candidate.prices.tokens(forInput: input)
    let (inputPart, outputPart, fee) =
      (prices.input * input, prices.output * output, candidate.prices.requestFee)
    let excess = inputPart + outputPart + fee - most
    if inputPart >= max(outputPart, fee, excess), input > 0 {
      return .inputPrice(atMost: (inputPart - excess).shared(among: input))
    }
    if outputPart >= max(fee, excess), output > 0 {
      return .outputPrice(atMost: (outputPart - excess).shared(among: output))
    }
    if fee >= excess { return .requestFee(atMost: fee - excess) }
    guard most >= fee, input + output > 0 else { return nil }
    return .tokenPrice(atMost: (most - fee).shared(among: input + output))
  }

  // MARK: Making a change

  /// The situation with `change` made to the provider at `index`, or to the request.
  package func applying(_ change: RoutingChange, to index: Int) -> Counterfactual {
    var changed = self
    var candidate = roster.candidates[index]
    var standing = standings[index] ?? ProviderStanding()
    switch change {
    case .inputPrice(let price):
      candidate.prices.changeTokens(forInput: request.inputTokens) { $0.input = price }
    case .outputPrice(let price):
      candidate.prices.changeTokens(forInput: request.inputTokens) { $0.output = price }
    case .tokenPrice(let price):
      candidate.prices.changeTokens(forInput: request.inputTokens) {
        $0.input = min($0.input, price)
        $0.output = min($0.output, price)
      }
    case .requestFee(let fee): candidate.prices.requestFee = fee
    case .priority(let priority): candidate.priority = priority
    case .quality(let millionths): candidate.qualityScore = Double(millionths) / 1e6
    case .configuredLatency(let milliseconds): candidate.latency = .milliseconds(milliseconds)
    case .observedLatency(let nanoseconds): standing.latency = LatencyAverage(nanoseconds: nanoseconds)
    case .noPenalty: standing.isPenalized = false
    case .preferredFor(let intent): candidate.intents.formUnion(IntentSet(intent))
    case .wait, .setUp, .requestsPerMinute, .tokensPerMinute, .concurrency:
      standing.unavailability = nil
      standing.retryAt = nil
    case .contextWindow(let tokens): candidate.contextWindow = tokens
    case .maxCost(let cost): changed.request.maxCost = cost
    case .budgetLeft(let left): changed.request.budgetLeft = left
    case .enabled: candidate.isEnabled = true
    case .allowedForKey: changed.request.allowedModels.append(candidate.id.text)
    case .without(let needs): changed.request.needs.subtract(needs)
    }
    changed.standings[index] = standing
    changed.roster = roster.replacing(index, with: candidate)
    return changed
  }
}

extension Money {
  /// The largest price of which `count` cost no more than this.
  fileprivate func shared(among count: Int) -> Money {
    Money(picodollars: picodollars / Int128(count))
  }
}

extension Prices {
  /// Changes the prices that a request with so many input tokens has.
  fileprivate mutating func changeTokens(forInput count: Int, _ change: (inout TokenPrices) -> Void) {
    guard let index = tiers.lastIndex(where: { count > $0.threshold }) else { return change(&tokens) }
    var tiers = tiers
    change(&tiers[index].tokens)
    self = Prices(tokens, requestFee: requestFee, tiers: tiers)
  }
}

extension LatencyAverage {
  /// What one answer of that length leaves.
  package init(nanoseconds: Int64) {
    self.init()
    record(latency: .nanoseconds(nanoseconds), timeToFirstToken: nil, outputTokens: 0)
  }
}
