import GatewayTypes
import Health
import Routing
import Testing

@Suite("Router: weights")
struct WeightedTests {
  private static func plan(
    _ weights: [Int], random: UInt64, intent: Intent = .general, coders: Set<Int> = [],
    penalized: Set<Int> = [], boost: Double = 0.5
  ) -> RoutePlan {
    let candidates = weights.enumerated().map { index, weight in
      var candidate = provider("p\(index)", specialties: coders.contains(index) ? ["code"] : [])
      candidate.weightThousandths = weight
      return candidate
    }
    let request = RoutingRequest(
      strategy: .weighted, intent: intent, inputTokens: 10, outputTokens: 10, random: random)
    return Router.plan(
      request, roster: Roster(candidates: candidates), policy: RoutingPolicy(intentBoost: boost)
    ) { ProviderStanding(isPenalized: penalized.contains($0)) }
  }

  /// Pearson's statistic of counts against shares.
  private static func chiSquare(_ counts: [Int], _ shares: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    return zip(counts, shares).reduce(0) { sum, pair in
      let expected = total * pair.1
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
  }

  @Test(
    "the first place is shared out in proportion to the weights",
    arguments: [
      [1_000, 1_000], [1_000, 2_000, 7_000], [1, 999], [500, 250, 125, 125],
      [1_000_000_000, 250_000_000], [100, 100, 100, 100, 100, 100],
    ])
  func shares(weights: [Int]) {
    var random = SeededGenerator(seed: 7)
    var counts = Array(repeating: 0, count: weights.count)
    for _ in 0..<20_000 { counts[Self.plan(weights, random: random.next()).order[0].index] += 1 }
    let sum = Double(weights.reduce(0, +))
    // 99.9 % of true draws stay below this with five degrees of freedom, and more with fewer.
    #expect(Self.chiSquare(counts, weights.map { Double($0) / sum }) < 20.5, "\(counts)")
  }

  @Test("the second place is shared out among those that are left")
  func secondPlace() {
    let weights = [1_000, 2_000, 3_000]
    var random = SeededGenerator(seed: 8)
    var counts = Array(repeating: 0, count: 9)
    for _ in 0..<30_000 {
      let order = Self.plan(weights, random: random.next()).order
      counts[order[0].index * 3 + order[1].index] += 1
    }
    var seen: [Int] = []
    var shares: [Double] = []
    for first in 0..<3 {
      for second in 0..<3 where second != first {
        seen.append(counts[first * 3 + second])
        shares.append(
          Double(weights[first]) / 6000 * Double(weights[second]) / Double(6000 - weights[first]))
      }
    }
    #expect(Self.chiSquare(seen, shares) < 20.5, "\(counts)")
  }

  @Test("the same bits give the same order, and every provider is in it")
  func repeats() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<200 {
      let bits = random.next()
      let order = Self.plan([1, 0, 500, 1_000_000_000, 0, 3], random: bits).order.map(\.index)
      #expect(order == Self.plan([1, 0, 500, 1_000_000_000, 0, 3], random: bits).order.map(\.index))
      #expect(order.sorted() == [0, 1, 2, 3, 4, 5])
      // Weight 0 is the last resort, those of it in tie order.
      #expect(order.suffix(2) == [1, 4])
    }
    for bits in [UInt64.min, 1, .max] { #expect(Self.plan([1, 2], random: bits).order.count == 2) }
  }

  @Test("a penalty goes before every weight, and a preferred provider's weight counts more")
  func classes() {
    var random = SeededGenerator(seed: 10)
    var coderFirst = 0
    for _ in 0..<3_000 {
      let bits = random.next()
      #expect(Self.plan([9_000, 1, 0], random: bits, penalized: [0]).order.map(\.index) == [1, 2, 0])
      let plan = Self.plan([1_000, 1_000], random: bits, intent: .codeGeneration, coders: [1])
      coderFirst += plan.order[0].index
      #expect(plan.order.first { $0.index == 1 }?.sharePerMillion == 666_666)
    }
    #expect((1_900...2_100).contains(coderFirst))
  }

  @Test("the plan says each one's share")
  func explains() {
    let order = Self.plan([1_000, 3_000, 0, 500], random: 5, penalized: [3]).order
    let shares = order.sorted { $0.index < $1.index }.map(\.sharePerMillion)
    #expect(shares == [250_000, 750_000, 0, nil])
    let reasons = order.sorted { $0.index < $1.index }.map {
      $0.reasons(strategy: .weighted, intent: .general)[0]
    }
    #expect(reasons[0].contains("25.0 %"))
    #expect(reasons[2].contains("last resort"))
    #expect(reasons[3].contains("behind"))
    // With only last resorts there is nothing to share out.
    #expect(Self.plan([0, 0], random: 1).order.map(\.sharePerMillion) == [nil, nil])
  }
}
