import Testing

@testable import Routing

@Suite("Rank key")
struct RankKeyTests {
  /// How the values of a set of keys are spread.
  enum Spread: CaseIterable {
    case even, equal, few, doubling, oneFar, classes
  }

  private static func keys(_ count: Int, _ spread: Spread, seed: Int) -> [RankKey] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { tie in
      let value: Int128 =
        switch spread {
        case .even: Int128.random(in: 0...1_000_000_000_000, using: &random)
        case .equal: 7
        case .few: Int128.random(in: 0...3, using: &random)
        case .doubling: Int128(1) << Int128.random(in: 0...92, using: &random)
        case .oneFar: tie == count / 2 ? RankKey.largestValue : Int128.random(in: 0...999, using: &random)
        case .classes: Int128.random(in: 0...1_000_000, using: &random)
        }
      return RankKey(
        isPenalized: spread == .classes && Bool.random(using: &random),
        isWarm: spread == .classes && tie == 3,
        value: value, isBoosted: Bool.random(using: &random), tie: tie)
    }
  }

  @Test(
    "any number of keys is put in the same order as by comparing them", arguments: Spread.allCases,
    [0, 1, 2, 16, 17, 100, 1_000, 3_000])
  func sorts(spread: Spread, count: Int) {
    for seed in 0..<5 {
      let keys = Self.keys(count, spread, seed: seed)
      var sorted = keys
      sorted.sortKeys()
      #expect(sorted == keys.sorted())
      #expect(sorted.map(\.tie).sorted() == Array(keys.indices))
    }
  }

  @Test("a key keeps what it was made of, and values out of range count as the nearest")
  func parts() {
    let key = RankKey(isPenalized: false, isWarm: true, value: -5, isBoosted: true, tie: 42)
    #expect((key.isPenalized, key.isWarm, key.isBoosted, key.tie) == (false, true, true, 42))
    #expect(key == RankKey(isPenalized: false, isWarm: true, value: 0, isBoosted: true, tie: 42))
    let worst = RankKey(
      isPenalized: true, isWarm: true, value: .max, isBoosted: false, tie: Int(RankKey.largestTie))
    #expect((worst.isPenalized, worst.isWarm, worst.isBoosted) == (true, false, false))
    #expect(worst.tie == Int(RankKey.largestTie))
    #expect(key < worst)
  }
}
