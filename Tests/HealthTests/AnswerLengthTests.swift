import GatewayTypes
import Testing

@testable import Health

@Suite("Answer length")
struct AnswerLengthTests {
  private static func after(_ samples: [Int]) -> AnswerLength {
    var length = AnswerLength()
    for sample in samples { length.record(tokens: sample, isCut: false, now: seconds(0)) }
    return length
  }

  private static func expected(_ samples: [Int], guess: Int = 400, at time: Double = 0) -> Int {
    after(samples).expectation(now: seconds(time)).tokens(guess: guess)
  }

  @Test(
    "the more answers, the less the guess counts",
    arguments: [
      ([], 400), ([1000], 700), ([1000, 1000], 850), ([1000, 1000, 1000], 925), ([0], 200), ([400], 400),
      ([100, 300], 250), (Array(repeating: 1000, count: 20), 999),
    ] as [([Int], Int)])
  func shrinks(samples: [Int], expected: Int) {
    #expect(Self.expected(samples) == expected)
  }

  @Test(
    "a model's answers count as many times as much as is usual as they are longer",
    arguments: [
      // own mean, mean of all, prior → expected; of twenty answers 1,023 parts of 1,024 count.
      (600, 300, 400, 599), (300, 600, 400, 300), (300, 300, 400, 300), (330, 300, 400, 300),
      (350, 300, 400, 349), (0, 300, 400, 0), (6, 60, 400, 6), (90_000_000, 10, 400, 11_263),
    ])
  func comparison(own: Int, all: Int, prior: Int, expected: Int) {
    func length(_ tokens: Int) -> ExpectedAnswer {
      Self.after(Array(repeating: tokens, count: 20)).expectation(now: seconds(0))
    }
    let found = length(own).tokens(usual: UsualAnswer(length(all), prior: prior))
    #expect(abs(found - expected) <= 1 + expected / 500, "\(found)")
  }

  @Test("a model is held against the guess while nothing else is known, and to nothing without answers")
  func comparisonAlone() {
    let own = Self.after([1000, 1000]).expectation(now: seconds(0))
    #expect(own.tokens(usual: UsualAnswer(ExpectedAnswer(), prior: 400)) == 849)
    #expect(ExpectedAnswer().tokens(usual: UsualAnswer(own, prior: 400)) == 850)
    #expect(own.tokens(usual: UsualAnswer(ExpectedAnswer(), prior: 0)) == 0)
    let huge = Self.after([Int.max]).expectation(now: seconds(0))
    for pair in [(huge, ExpectedAnswer()), (ExpectedAnswer(), huge), (huge, huge), (own, huge), (huge, own)] {
      let found = pair.0.tokens(usual: UsualAnswer(pair.1, prior: .max))
      #expect(found >= 0 && found < 1 << 40)
    }
  }

  @Test("the first eight count alike, and later ones move the mean by an eighth")
  func mean() {
    #expect(Self.after([0, 80, 160, 240]).expectation(now: seconds(0)).tokens == 120)
    let steady = Array(repeating: 100, count: 50)
    #expect(Self.after(steady + [900]).expectation(now: seconds(0)).tokens == 200)
    #expect(Self.after(steady + [107]).expectation(now: seconds(0)).tokens == 100)
    // Steps below eight tokens are not lost.
    let near = Self.after(steady + Array(repeating: 107, count: 60)).expectation(now: seconds(0)).tokens
    #expect(near >= 106)
  }

  @Test(
    "what is known loses half of its weight with every hour",
    arguments: [
      (0, 999), (3599, 999), (3600, 699), (7200, 549), (36_000, 400), (1e9, 400), (-100, 999),
    ] as [(Double, Int)])
  func ages(time: Double, expected: Int) {
    #expect(Self.expected(Array(repeating: 1000, count: 20), at: time) == expected)
  }

  @Test("an answer that was cut counts only where it says more than is known")
  func cut() {
    var length = AnswerLength()
    length.record(tokens: 5, isCut: true, now: seconds(0))
    #expect(!length.expectation(now: seconds(0)).isKnown)
    length.record(tokens: 100, isCut: false, now: seconds(0))
    length.record(tokens: 16, isCut: true, now: seconds(0))
    #expect(length.expectation(now: seconds(0)).tokens == 100)
    length.record(tokens: 300, isCut: true, now: seconds(0))
    #expect(length.expectation(now: seconds(0)).tokens == 200)
  }

  @Test("no numbers break it", arguments: [Int.min, -1, 0, 100_000_000, Int.max])
  func extremes(tokens: Int) {
    var length = AnswerLength()
    for _ in 0..<100 { length.record(tokens: tokens, isCut: false, now: .distantFuture) }
    let expected = length.expectation(now: MonotonicTime(nanoseconds: .min)).tokens(guess: 400)
    #expect((0...100_000_000).contains(expected))
  }

  @Test("kinds are told apart, and those past the last are shared out")
  func kinds() {
    var lengths = AnswerLengths()
    lengths[RequestKind(3)].record(tokens: 80, isCut: false, now: seconds(0))
    for number in 0..<RequestKind.count {
      #expect(lengths[RequestKind(number)].expectation(now: seconds(0)).isKnown == (number == 3))
    }
    #expect(RequestKind(11) == RequestKind(3))
    #expect(RequestKind(-1) == RequestKind(7))
  }
}
