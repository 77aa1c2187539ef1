import GatewayTypes
package import Health

/// The situation of one decision, to be asked what would have to be different for another choice.
///
/// The router itself is asked, again and again, with one thing different: an answer is given only when it puts
/// the provider first. Bounds are found by halving, so they are exact, and one step beyond does not do.
package struct Counterfactual: Sendable {
  private var request: RoutingRequest
  private var roster: Roster
  private let policy: RoutingPolicy
  /// By index in the roster, as `standings`.
  private let limits: [CallLimits]
  /// Nil for a provider whose health was not asked.
  private var standings: [ProviderStanding?]
  /// The providers at which nothing bounds the cost, by index: they are left out after all else.
  private let unbounded: [Int: UnboundedCost]

  /// More changes than a provider can need: one against each obstacle, and three for the rank.
  private static let maximumChangeCount = 12
  /// `quality_score` goes to 100 in the file; in millionths.
  private static let largestQuality: Int64 = 100_000_000
  /// Before every priority that a file can have.
  private static let lowestPriority = Int.min / 2

  package init(
    request: RoutingRequest, roster: Roster, policy: RoutingPolicy, limits: [CallLimits],
    standings: [ProviderStanding?], unbounded: [Int: UnboundedCost] = [:]
  ) {
    precondition(
      limits.count == roster.candidates.count && standings.count == limits.count,
      "limits and standings are those of the roster's providers")
    self.request = request
    self.roster = roster
    self.policy = policy
    self.limits = limits
    self.standings = standings
    self.unbounded = unbounded
  }

  /// What the router makes of the situation.
  package func plan() -> RoutePlan {
    let plan = Router.plan(request, roster: roster, policy: policy) { standings[$0] ?? ProviderStanding() }
    return unbounded.isEmpty ? plan : plan.leavingOut { unbounded[$0].map { .unbounded($0) } }
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
    guard let winner = plan.order.first else { return nil }
    if standings[index]?.isPenalized == true, !winner.isPenalized { return .noPenalty }
    if winner.isWarm { return .withoutStickiness }
    // The others are behind the winner, so these two decide it; the whole plan has the last word.
    let isFirst = index < winner.index
    return pair(winner.index, index).overtaking(isFirst ? 1 : 0, by: isFirst ? 0 : 1)
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
    // Several things may bound it, none by a number that can be told: the reason says what to do.
    case .unbounded: nil
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

  /// The situation of two providers that may both be called, in the file's order. Chance decides between them
  /// as it does among all.
  private func pair(_ one: Int, _ other: Int) -> Counterfactual {
    var request = request
    (request.model, request.allowedModels) = (.any, ["*"])
    let indices = [min(one, other), max(one, other)]
    request.warmProvider = request.warmProvider.flatMap(indices.firstIndex)
    let pair = Roster(
      candidates: indices.map { roster.candidates[$0] },
      drawIndices: indices.map { Int(roster.facts[$0].drawIndex) })
    return Counterfactual(
      request: request, roster: pair, policy: policy,
      limits: indices.map { limits[$0] }, standings: indices.map { standings[$0] })
  }

  /// The least that brings the provider at `index`, no more penalized than the one at `winner`, before it: the
  /// tie where that is all, else what its strategy ranks by, else that with the tie or a preference behind it.
  private func overtaking(_ winner: Int, by index: Int) -> RoutingChange? {
    if let priority = priority(before: winner, index) { return priority }
    let lowest = RoutingChange.priority(atMost: Self.lowestPriority)
    if let change = bound(of: index) ?? bound(of: index, with: lowest) { return change }
    let preference = RoutingChange.preferredFor(request.intent)
    let isBoosted = !IntentSet(request.intent).isDisjoint(with: roster.facts[index].intents)
    return isBoosted ? nil : preference
  }

  /// The priority that is enough by itself.
  private func priority(before winner: Int, _ index: Int) -> RoutingChange? {
    let least = roster.candidates[winner].priority
    return [least, least - 1].lazy.map { RoutingChange.priority(atMost: $0) }
      .first { chooses(index, with: [$0]) }
  }

  /// The bound on what the strategy ranks by that is enough, together with `other`.
  private func bound(of index: Int, with other: RoutingChange? = nil) -> RoutingChange? {
    let others = other.map { [$0] } ?? []
    switch request.strategy {
    case .cost: return price(of: index, with: others)
    case .speed:
      let expected = plan().order.first { $0.index == index }?.expectedNanoseconds
      guard standings[index]?.latency.expectedNanoseconds(outputTokens: 0) != nil, let expected else {
        let configured = roster.candidates[index].latency?.wholeMilliseconds
        return largest(upTo: Int128(configured ?? 1_000), index, others) {
          .configuredLatency(atMostMilliseconds: Int64($0))
        }
      }
      return largest(upTo: Int128(expected), index, others) {
        .observedLatency(atMostNanoseconds: Int64($0))
      }
    case .quality:
      // The most that is missing to the best score there can be.
      let room = Self.largestQuality - Int64((roster.candidates[index].qualityScore * 1e6).rounded())
      return largest(upTo: Int128(max(0, room)), index, others) {
        .quality(atLeast: Self.largestQuality - Int64($0))
      }
    case .weighted:
      let room = Candidate.largestWeight - roster.candidates[index].weightThousandths
      return largest(upTo: Int128(room), index, others) {
        .weight(atLeastThousandths: Candidate.largestWeight - Int($0))
      }
    }
  }

  /// The price that is enough: of what makes up the cost the larger part is changed first, as that one needs the
  /// least change.
  private func price(of index: Int, with others: [RoutingChange]) -> RoutingChange? {
    let candidate = roster.candidates[index]
    let prices = candidate.prices.tokens(forInput: request.inputTokens)
    func cost(_ changes: [RoutingChange]) -> Money {
      let plan = applying(changes, to: index).plan()
      return plan.order.first { $0.index == index }?.expectedCost ?? .zero
    }
    let now = cost([])
    let single: [(part: Money, price: Money, change: (Money) -> RoutingChange)] = [
      (now - cost([.inputPrice(atMost: .zero)]), prices.input, { .inputPrice(atMost: $0) }),
      (now - cost([.outputPrice(atMost: .zero)]), prices.output, { .outputPrice(atMost: $0) }),
      (candidate.prices.requestFee, candidate.prices.requestFee, { .requestFee(atMost: $0) }),
    ]
    // Sorted is not promised to be stable, so the place decides between equals.
    let order = single.indices.sorted { (single[$1].part, $0) < (single[$0].part, $1) }
    for place in order where single[place].part > .zero {
      let (_, price, change) = single[place]
      let found = largest(upTo: price.picodollars, index, others) { change(Money(picodollars: $0)) }
      if let found { return found }
    }
    return largest(upTo: max(prices.input, prices.output).picodollars, index, others) {
      .tokenPrice(atMost: Money(picodollars: $0))
    }
  }

  /// The change of the largest number up to `limit` that chooses the provider, together with `others`; nil when
  /// not even 0 does. A smaller number must be the larger change.
  private func largest(
    upTo limit: Int128, _ index: Int, _ others: [RoutingChange], _ change: (Int128) -> RoutingChange
  ) -> RoutingChange? {
    guard chooses(index, with: others + [change(0)]) else { return nil }
    var (enough, tooLarge) = (Int128(0), limit + 1)
    while tooLarge - enough > 1 {
      let middle = enough + (tooLarge - enough) / 2
      if chooses(index, with: others + [change(middle)]) { enough = middle } else { tooLarge = middle }
    }
    return change(enough)
  }

  private func chooses(_ index: Int, with changes: [RoutingChange]) -> Bool {
    applying(changes, to: index).plan().order.first?.index == index
  }

  // MARK: Making a change

  /// The situation with all of `changes` made.
  package func applying(_ changes: [RoutingChange], to index: Int) -> Counterfactual {
    changes.reduce(self) { $0.applying($1, to: index) }
  }

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
    case .weight(let thousandths): candidate.weightThousandths = thousandths
    case .noPenalty: standing.isPenalized = false
    case .withoutStickiness: changed.request.warmProvider = nil
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
