extension RankedCandidate {
  /// Why it ranks where it does, as sentences. Made on demand: only `/routing/explain` asks.
  ///
  /// `user` is whose prompts a warm provider has in its cache; nil where that is not known any more.
  package func reasons(strategy: RankingStrategy, intent: Intent, user: String? = nil) -> [String] {
    var reasons = [rank(by: strategy)]
    if isWarm { reasons.append("kept for \(user.map { "user \($0)" } ?? "the user")'s prompt cache") }
    if isBoosted { reasons.append("preferred for \(intent.rawValue)") }
    if isPenalized { reasons.append("behind the others: too high a share of failures lately") }
    return reasons
  }

  private func rank(by strategy: RankingStrategy) -> String {
    switch strategy {
    case .cost:
      return "ranked by cost: \(expectedCost) USD expected, with an answer of \(expected.outputTokens) tokens"
    case .speed:
      let time = expectedNanoseconds.map { "\($0 / 1_000_000) ms" } ?? "unknown, taken as 1000 ms"
      let counted = Ranking.counted(expectedNanoseconds, idle: idleNanoseconds)
      guard counted < (expectedNanoseconds ?? Ranking.unknownNanoseconds) / 10 * 9 else {
        return "ranked by speed: \(time) expected"
      }
      return "ranked by speed: \(time) expected, counted as \(counted / 1_000_000) ms since nobody has "
        + "been sent there for \(idleNanoseconds / 1_000_000_000) s"
    case .quality:
      return "ranked by quality_score"
    case .weighted:
      guard let sharePerMillion else { return "ranked by weight, behind those with a clear record" }
      guard sharePerMillion > 0 else { return "ranked by weight: weight 0, the last resort" }
      let tenths = (sharePerMillion + 500) / 1_000
      return "ranked by weight: first for \(tenths / 10).\(tenths % 10) % of such requests"
    }
  }
}
