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

  private let strategy: RankingStrategy
  private let intents: IntentSet
  private let boostPerThousand: Int
  private let warmProvider: Int?
  private let draw: WeightedDraw?
  private var entries: [RankedOrder.Entry] = []
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
    entries.reserveCapacity(capacity)
    keys.reserveCapacity(capacity)
  }

  /// Adds a provider. They must come in tie order. Inlined, as it is the inside of the plan's loop.
  @inline(__always)
  mutating func add(
    index: Int, _ facts: CandidateFacts, _ expectation: Expectation, _ standing: ProviderStanding
  ) {
    let isBoosted = !intents.isDisjoint(with: facts.intents)
    let factor = isBoosted ? boostPerThousand : 1000
    var weight = 0
    let value: Int128
    // A factor has ten bits: it takes neither past 128.
    switch strategy {
    case .cost: value = min(expectation.cost.picodollars, RankKey.largestValue >> 10) &* Int128(factor)
    case .speed:
      value =
        Int128(Ranking.counted(expectation.nanoseconds, idle: standing.idleNanoseconds)) &* Int128(factor)
    case .quality:
      // Divided only where there is something to divide by: a division takes as long as the rest.
      let quality = facts.qualityMillionths
      value = Ranking.qualityCeiling - Int128(isBoosted ? quality * 1000 / Int64(factor) : quality)
    case .weighted:
      weight = isBoosted ? facts.weightThousandths * 1000 / factor : facts.weightThousandths
      value = draw?.value(index: Int(facts.drawIndex), weight: weight) ?? 0
      if standing.isPenalized { weightSums.penalized += weight } else { weightSums.clear += weight }
    }
    keys.append(
      RankKey(
        isPenalized: standing.isPenalized, isWarm: index == warmProvider, value: value, isBoosted: isBoosted,
        tie: entries.count))
    entries.append(
      RankedOrder.Entry(
        cost: expectation.cost, nanoseconds: expectation.nanoseconds ?? -1,
        idleNanoseconds: standing.idleNanoseconds, weight: weight, outputTokens: expectation.outputTokens,
        index: Int32(index), isOnTrial: standing.isOnTrial))
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
  consuming func sorted() -> RankedOrder {
    keys.sortKeys()
    // Among those that may come first, chance decides; without `weighted` both sums are 0.
    let weightSum = keys.first?.isPenalized == true ? weightSums.penalized : weightSums.clear
    return RankedOrder(keys: keys, entries: entries, weightSum: weightSum)
  }
}
