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
    let expectation: Expectation
    let idleNanoseconds: Int64
    /// The weight with the boost, for `weighted`.
    let weight: Int
  }

  private let strategy: RankingStrategy
  private let intents: IntentSet
  private let boostPerThousand: Int
  private let warmProvider: Int?
  private let draw: WeightedDraw?
  private var eligible: [Eligible] = []
  private var keys: [RankKey] = []
  /// The weights of those without a penalty, and of those with one.
  private var weightSums = (clear: 0, penalized: 0)

  init(capacity: Int, request: RoutingRequest, policy: RoutingPolicy) {
    strategy = request.strategy
    // Every prompt without a telling word is `general`; preferring somebody for that is as good as another.
    intents = IntentSet(request.intent)
    boostPerThousand = policy.boostPerThousand
    warmProvider = request.warmProvider
    draw = request.strategy == .weighted ? WeightedDraw(random: request.random) : nil
    eligible.reserveCapacity(capacity)
    keys.reserveCapacity(capacity)
  }

  /// Adds a provider. They must come in tie order.
  mutating func add(
    index: Int, _ facts: CandidateFacts, _ expectation: Expectation, _ standing: ProviderStanding
  ) {
    let isBoosted = !intents.isDisjoint(with: facts.intents)
    let factor = isBoosted ? boostPerThousand : 1000
    var weight = 0
    let value: Int128
    switch strategy {
    case .cost: value = expectation.cost.picodollars * Int128(factor)
    case .speed:
      value =
        Int128(Ranking.counted(expectation.nanoseconds, idle: standing.idleNanoseconds)) * Int128(factor)
    case .quality: value = Ranking.qualityCeiling - Int128(facts.qualityMillionths * 1000 / Int64(factor))
    case .weighted:
      weight = facts.weightThousandths * 1000 / factor
      value = draw?.value(index: index, weight: weight) ?? 0
      if standing.isPenalized { weightSums.penalized += weight } else { weightSums.clear += weight }
    }
    keys.append(
      RankKey(
        isPenalized: standing.isPenalized, isWarm: index == warmProvider, value: value, isBoosted: isBoosted,
        tie: eligible.count))
    eligible.append(
      Eligible(
        index: index, expectation: expectation, idleNanoseconds: standing.idleNanoseconds, weight: weight))
  }

  /// What an expected time counts for when nobody has been sent there for so long: half after ten minutes,
  /// a third after twenty, so that each is tried again in time.
  ///
  /// One that is k times as slow as the best is so tried once in about (k − 1) × 10 minutes: the slower it
  /// was, the rarer, and what trying costs stays the same small part of the time. An attempt that begins
  /// ends the idle time, so that not everybody tries at once.
  static func counted(_ nanoseconds: Int64?, idle: Int64) -> Int64 {
    // In milliseconds, lest the product pass 64 bits: 36 years of expected time.
    let fading = LatencyAverage.fadingNanoseconds / 1_000_000
    let (product, overflow) = (nanoseconds ?? unknownNanoseconds).multipliedReportingOverflow(by: fading)
    return overflow ? .max : product / (fading + max(0, idle) / 1_000_000)
  }

  /// All that were added, the one to try first in front.
  consuming func sorted() -> [RankedCandidate] {
    keys.sort()
    let leading = keys.first?.isPenalized == true ? weightSums.penalized : weightSums.clear
    return keys.map { key in
      let eligible = eligible[key.tie]
      // Only of those that may come first, chance decides.
      let isDrawn = strategy == .weighted && key.isPenalized == keys[0].isPenalized && leading > 0
      return RankedCandidate(
        index: eligible.index, expected: eligible.expectation, isPenalized: key.isPenalized,
        isBoosted: key.isBoosted, isWarm: key.isWarm,
        sharePerMillion: isDrawn ? Int(Int128(eligible.weight) * 1_000_000 / Int128(leading)) : nil,
        idleNanoseconds: eligible.idleNanoseconds)
    }
  }
}
