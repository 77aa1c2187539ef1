import GatewayTypes
import Health

/// Collects the eligible providers of one request and puts them in order.
///
/// Only keys of 16 bytes are moved by the sort; what belongs to them is looked up after it.
struct Ranking {
  /// What a provider is taken to need for an answer when nothing is known: neither first nor last among
  /// hosted models, so that it is tried and gets known.
  static let unknownNanoseconds: Int64 = 1_000_000_000

  /// Above every quality, boosted or not: 10⁹ in millionths, divided by the strongest boost of 0.001.
  static let qualityCeiling: Int128 = 1_000_000_000_000_000_000

  private struct Eligible {
    let index: Int
    let cost: Money
    let nanoseconds: Int64?
    let isOnTrial: Bool
  }

  private let strategy: RankingStrategy
  private let intents: IntentSet
  private let boostPerThousand: Int
  private var eligible: [Eligible] = []
  private var keys: [RankKey] = []

  init(capacity: Int, request: RoutingRequest, policy: RoutingPolicy) {
    strategy = request.strategy
    // Every prompt without a telling word is `general`; preferring somebody for that is as good as another.
    intents = IntentSet(request.intent)
    boostPerThousand = policy.boostPerThousand
    eligible.reserveCapacity(capacity)
    keys.reserveCapacity(capacity)
  }

  /// Adds a provider. They must come in tie order.
  mutating func add(
    index: Int, _ facts: CandidateFacts, cost: Money, nanoseconds: Int64?, _ standing: ProviderStanding
  ) {
    let isBoosted = !intents.isDisjoint(with: facts.intents)
    let value = Ranking.value(
      strategy, cost: cost, nanoseconds: nanoseconds, qualityMillionths: facts.qualityMillionths,
      factor: isBoosted ? boostPerThousand : 1000)
    keys.append(
      RankKey(isPenalized: standing.isPenalized, value: value, isBoosted: isBoosted, tie: eligible.count))
    eligible.append(
      Eligible(index: index, cost: cost, nanoseconds: nanoseconds, isOnTrial: standing.isOnTrial))
  }

  /// What a provider is ranked by, the least first; `factor` is its boost in thousandths.
  @inline(__always)
  private static func value(
    _ strategy: RankingStrategy, cost: Money, nanoseconds: Int64?, qualityMillionths: Int64, factor: Int
  ) -> Int128 {
    switch strategy {
    case .cost: cost.picodollars * Int128(factor)
    case .speed: Int128(nanoseconds ?? unknownNanoseconds) * Int128(factor)
    case .quality: qualityCeiling - Int128(qualityMillionths * 1000 / Int64(factor))
    }
  }

  /// What `candidate` was ranked by.
  static func value(
    of candidate: RankedCandidate, _ facts: CandidateFacts, _ strategy: RankingStrategy,
    _ policy: RoutingPolicy
  ) -> Int128 {
    value(
      strategy, cost: candidate.expectedCost, nanoseconds: candidate.expectedNanoseconds,
      qualityMillionths: facts.qualityMillionths, factor: candidate.isBoosted ? policy.boostPerThousand : 1000
    )
  }

  /// All that were added, the one to try first in front.
  consuming func sorted() -> [RankedCandidate] {
    keys.sort()
    return keys.map { key in
      let eligible = eligible[key.tie]
      return RankedCandidate(
        index: eligible.index, expectedCost: eligible.cost, expectedNanoseconds: eligible.nanoseconds,
        isPenalized: key.isPenalized, isBoosted: key.isBoosted, isOnTrial: eligible.isOnTrial)
    }
  }
}
