import Configuration
import Testing

@testable import Simulation

@Suite("Chance")
struct ChanceTests {
  @Test("the same purpose draws the same, another draws other numbers")
  func repeats() {
    let chance = Chance(seed: 7)
    var first = chance.draws(.latency, 1, 2, 3)
    var again = chance.draws(.latency, 1, 2, 3)
    var other = chance.draws(.fate, 1, 2, 3)
    let numbers = (0..<5).map { _ in first.next() }
    #expect(numbers == (0..<5).map { _ in again.next() })
    #expect(numbers != (0..<5).map { _ in other.next() })
  }

  @Test(
    "logarithms and powers are right to twelve digits", arguments: [1e-9, 0.1, 0.5, 1, 1.4, 2.7, 10, 12345.6])
  func powers(value: Double) {
    #expect(abs(value.naturalLogarithm.exponential / value - 1) < 1e-12)
  }

  @Test("the logarithm is the natural one")
  func natural() {
    #expect(abs(2.718281828459045.naturalLogarithm - 1) < 1e-14)
    #expect(abs(2.0.naturalLogarithm - 0.6931471805599453) < 1e-15)
    #expect(abs(1.0.exponential - 2.718281828459045) < 1e-14)
  }

  @Test("a log-normal distribution has the median and the 95th percentile that it was given")
  func logNormal() {
    let distribution = Distribution(.logNormal(median: 300, p95: 2000))
    let values = (0..<20_000).map { index in
      var draws = Chance(seed: 3).draws(.promptTokens, UInt64(index))
      return distribution.draw(&draws)
    }
    .sorted()
    #expect(abs(values[10_000] / 300 - 1) < 0.03)
    #expect(abs(values[19_000] / 2000 - 1) < 0.06)
  }
}
