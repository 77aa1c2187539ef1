import GatewayTypes
import Health
import Routing
import Testing

/// A made-up gateway: providers, how they stand, and a request.
private struct Scene {
  var candidates: [Candidate]
  var standings: [ProviderStanding]
  var request: RoutingRequest
  let boost = 0.5

  init(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...12, using: &random)
    candidates = (0..<count).map { index in
      // Few values each, so that ties are common.
      provider(
        "p\(index)", input: Int.random(in: 0...3, using: &random),
        output: Int.random(in: 0...3, using: &random),
        priority: Int.random(in: 0...2, using: &random),
        window: Bool.random(using: &random) ? nil : Int.random(in: 50...400, using: &random),
        specialties: Bool.random(using: &random) ? ["code"] : [],
        quality: Double(Int.random(in: 0...4, using: &random)) / 4,
        milliseconds: Int.random(in: 1...4, using: &random) * 100,
        enabled: Int.random(in: 0..<10, using: &random) != 0)
    }
    standings = (0..<count).map { _ in
      let blocked = Int.random(in: 0..<4, using: &random) == 0
      var standing = ProviderStanding(
        unavailability: blocked ? .circuitOpen(.timeout) : nil,
        retryAt: blocked ? MonotonicTime(nanoseconds: Int64.random(in: 1...100, using: &random)) : nil,
        isPenalized: Int.random(in: 0..<3, using: &random) == 0)
      if Bool.random(using: &random) {
        standing.latency.record(
          latency: .milliseconds(Int.random(in: 1...5, using: &random) * 100), timeToFirstToken: nil,
          outputTokens: 10)
      }
      return standing
    }
    request = Routing.RoutingRequest(
      strategy: [RankingStrategy.cost, .speed, .quality].randomElement(using: &random) ?? .cost,
      intent: Bool.random(using: &random) ? .codeGeneration : .general,
      inputTokens: Int.random(in: 0...500, using: &random),
      outputTokens: Int.random(in: 0...500, using: &random),
      maxCost: Bool.random(using: &random)
        ? nil : Money(picodollars: Int128.random(in: 0...2_000_000_000, using: &random)))
  }

  func plan() -> RoutePlan {
    Router.plan(request, roster: Roster(candidates: candidates), policy: RoutingPolicy(intentBoost: boost)) {
      standings[$0]
    }
  }

  /// The value of a candidate by the words of the contract; smaller is better.
  func value(_ index: Int) -> Double {
    let candidate = candidates[index]
    let isBoosted = candidate.intents.contains(IntentSet(request.intent))
    switch request.strategy {
    case .cost:
      let cost = candidate.prices.input * request.inputTokens + candidate.prices.output * request.outputTokens
      return Double(cost.picodollars) * (isBoosted ? boost : 1)
    case .speed:
      let observed = standings[index].latency.nanoseconds ?? candidate.latency?.wholeNanoseconds ?? 0
      return Double(observed) * (isBoosted ? boost : 1)
    case .quality:
      return -candidate.qualityScore / (isBoosted ? boost : 1)
    case .weighted:
      return 0
    }
  }
}

@Suite("Router: for any providers and any request")
struct RouterPropertyTests {
  @Test("a plan keeps the contract", arguments: 0..<40)
  func keepsTheContract(block: Int) {
    for seed in (block * 100)..<(block * 100 + 100) {
      let scene = Scene(seed: seed)
      let plan = scene.plan()
      let ordered = plan.order.map(\.index)
      // Everybody is either in the order or left out, once.
      #expect((ordered + plan.leftOut.map(\.index)).sorted() == Array(scene.candidates.indices), "\(seed)")
      for ranked in plan.order {
        #expect(scene.standings[ranked.index].unavailability == nil, "\(seed): open and still tried")
        #expect(ranked.expectedCost <= scene.request.maxCost ?? ranked.expectedCost, "\(seed): too dear")
        #expect(scene.request.inputTokens < scene.candidates[ranked.index].contextWindow ?? .max, "\(seed)")
      }
      for (earlier, later) in zip(plan.order, plan.order.dropFirst()) {
        #expect(isRightOrder(earlier, later, in: scene), "\(seed): \(earlier.index) before \(later.index)")
      }
    }
  }

  private func isRightOrder(_ first: RankedCandidate, _ second: RankedCandidate, in scene: Scene) -> Bool {
    if first.isPenalized != second.isPenalized { return second.isPenalized }
    let values = (scene.value(first.index), scene.value(second.index))
    if values.0 != values.1 { return values.0 < values.1 }
    if first.isBoosted != second.isBoosted { return first.isBoosted }
    let priorities = (scene.candidates[first.index].priority, scene.candidates[second.index].priority)
    return (priorities.0, first.index) < (priorities.1, second.index)
  }

  @Test(
    "the same input gives the same plan, and the file's order decides nothing but ties", arguments: 0..<20)
  func permutation(block: Int) {
    for seed in (block * 100)..<(block * 100 + 100) {
      var scene = Scene(seed: seed)
      // With priorities of their own nobody is tied by the file's order.
      for index in scene.candidates.indices { scene.candidates[index].priority = index }
      let plan = scene.plan()
      #expect(scene.plan().order.elementsEqual(plan.order))
      let names = plan.order.map { scene.candidates[$0.index].name }
      var random = SeededGenerator(seed: seed)
      let shuffled = scene.candidates.indices.shuffled(using: &random)
      var other = scene
      other.candidates = shuffled.map { scene.candidates[$0] }
      other.standings = shuffled.map { scene.standings[$0] }
      #expect(other.plan().order.map { other.candidates[$0.index].name } == names, "\(seed)")
    }
  }
}
