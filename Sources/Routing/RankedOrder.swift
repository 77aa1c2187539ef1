import GatewayTypes

/// The providers to try, the one to try first in front.
///
/// Made of the ranking as it is: a candidate is put together when somebody asks for it, as nobody does for
/// the hundredth.
package struct RankedOrder: RandomAccessCollection, Sendable {
  /// What was found out of one eligible provider. Kept small: there may be a thousand.
  struct Entry: Sendable {
    let cost: Money
    /// -1 when neither observed nor configured.
    let nanoseconds: Int64
    let idleNanoseconds: Int64
    /// The weight with the boost, for `weighted`; 0 otherwise.
    let weight: Int
    let outputTokens: Int
    let index: Int32
    let isOnTrial: Bool
  }

  private let keys: [RankKey]
  private let entries: [Entry]
  /// What the weights of those that chance decides between add up to; 0 when it decides nothing.
  private let weightSum: Int

  /// `keys` in order; the tie of each is the place of its entry.
  init(keys: [RankKey], entries: [Entry], weightSum: Int) {
    self.keys = keys
    self.entries = entries
    self.weightSum = weightSum
  }

  /// The same order without those that `isUnwanted` names.
  func removing(_ isUnwanted: (RankedCandidate) -> Bool) -> RankedOrder {
    let kept = indices.filter { !isUnwanted(self[$0]) }
    guard kept.count < count else { return self }
    return RankedOrder(keys: kept.map { keys[$0] }, entries: entries, weightSum: weightSum)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { keys.count }

  package subscript(position: Int) -> RankedCandidate {
    let key = keys[position]
    let entry = entries[key.tie]
    let isDrawn = weightSum > 0 && key.isPenalized == keys[0].isPenalized
    return RankedCandidate(
      index: Int(entry.index),
      expected: Expectation(
        outputTokens: entry.outputTokens, cost: entry.cost,
        nanoseconds: entry.nanoseconds < 0 ? nil : entry.nanoseconds),
      isPenalized: key.isPenalized, isBoosted: key.isBoosted, isWarm: key.isWarm,
      sharePerMillion: isDrawn ? Int(Int128(entry.weight) * 1_000_000 / Int128(weightSum)) : nil,
      idleNanoseconds: entry.idleNanoseconds, isOnTrial: entry.isOnTrial)
  }
}
