internal import GatewayTypes
internal import Routing

extension Chooser.Rule {
  /// Whom the rule asks, in order. It knows what is in the file, so it asks nobody who is disabled or whose context
  /// the prompt does not fit; it knows nothing of failures, limits and speeds.
  func order(
    for request: SimulatedRequest, roster: Roster, chance: Chance, expectedOutput: Int
  ) -> [Int] {
    var indices = roster.indices(for: request.model).filter { index in
      let candidate = roster.candidates[index]
      return candidate.isEnabled && request.needs.isSubset(of: candidate.capabilities)
        && request.promptTokens < candidate.contextWindow ?? .max
    }
    // As the file has them; the roster's own order goes by priority.
    indices.sort()
    guard indices.count > 1 else { return indices }
    switch self {
    case .first:
      break
    case .roundRobin:
      let turn = request.number % indices.count
      indices = Array(indices[turn...] + indices[..<turn])
    case .random:
      var draws = chance.draws(.choice, UInt64(request.number))
      indices.shuffle(using: &draws)
    case .cheapest:
      let usage = TokenUsage(uncachedInput: request.promptTokens, output: expectedOutput)
      let costs = indices.map { (cost: roster.candidates[$0].prices.cost(of: usage), index: $0) }
      indices = costs.sorted { ($0.cost, $0.index) < ($1.cost, $1.index) }.map(\.index)
    }
    return indices
  }
}
