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
  private static let qualityCeiling: Int128 = 1_000_000_000_000_000_000

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
    let factor = isBoosted ? boostPerThousand : 1000
    let value: Int128 =
      switch strategy {
      case .cost: cost.picodollars * Int128(factor)
      case .speed: Int128(nanoseconds ?? Ranking.unknownNanoseconds) * Int128(factor)
      case .quality: Ranking.qualityCeiling - Int128(facts.qualityMillionths * 1000 / Int64(factor))
      }
    keys.append(
      RankKey(
        isPenalized: standing.isPenalized, value: value, isBoosted: isBoosted, tie: eligible.count))
    eligible.append(
      Eligible(index: index, cost: cost, nanoseconds: nanoseconds, isOnTrial: standing.isOnTrial))
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
