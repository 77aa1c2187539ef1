import GatewayTypes
import Testing

@Suite("Money")
struct MoneyTests {
  @Test(
    "reads decimal text exactly",
    arguments: [
      ("0", 0), ("1", 1_000_000_000_000), ("0.0005", 500_000_000), ("5e-7", 500_000),
      ("1E2", 100_000_000_000_000),
      ("-0.5", -500_000_000_000), ("+2.50", 2_500_000_000_000), (".25", 250_000_000_000),
      ("3.", 3_000_000_000_000),
      ("0.000000000001", 1), ("0.0000000000010", 1), ("0.00000000000000000000", 0),
      ("1000e-3", 1_000_000_000_000),
    ] as [(String, Int128)])
  func reads(text: String, picodollars: Int128) throws {
    #expect(try Money(decimal: text) == Money(picodollars: picodollars))
  }

  @Test(
    "refuses what is not a number",
    arguments: ["", "-", ".", "1.2.3", "abc", "1e", "1e+", "0x10", "1,5", " 1", "1 ", "NaN", "inf", "١"])
  func refuses(text: String) {
    #expect(throws: Money.DecimalError.notANumber) { try Money(decimal: text) }
  }

  @Test("refuses digits below a picodollar", arguments: ["0.0000000000001", "1e-13", "0.1234567890123"])
  func refusesInexact(text: String) {
    #expect(throws: Money.DecimalError.notExact) { try Money(decimal: text) }
  }

  @Test(
    "refuses what does not fit",
    arguments: ["1e30", "1e9999", "9e99999", "1" + String(repeating: "0", count: 60)])
  func refusesLarge(text: String) {
    #expect(throws: Money.DecimalError.outOfRange) { try Money(decimal: text) }
  }

  @Test("scales a price per thousand or per million to one token")
  func scales() throws {
    #expect(try Money(decimal: "0.0005", scaledDownBy: 3) == Money(picodollars: 500_000))
    #expect(try Money(decimal: "0.075", scaledDownBy: 6) == Money(picodollars: 75_000))
    #expect(throws: Money.DecimalError.notExact) { try Money(decimal: "0.0000001", scaledDownBy: 6) }
  }

  @Test("amount → text → amount is the identity")
  func roundTrip() throws {
    var generator = SystemRandomNumberGenerator()
    for digits in 1...24 {
      for _ in 0..<200 {
        var value: Int128 = 0
        for _ in 0..<digits { value = value * 10 + Int128(UInt8.random(in: 0...9, using: &generator)) }
        for money in [Money(picodollars: value), Money(picodollars: -value)] {
          #expect(try Money(decimal: money.description) == money)
        }
      }
    }
  }

  @Test(
    "writes the shortest decimal text",
    arguments: [
      (0, "0"), (1, "0.000000000001"), (45_000_000, "0.000045"), (-500_000_000_000, "-0.5"),
      (12_000_000_000_000, "12"),
    ]
      as [(Int128, String)])
  func writes(picodollars: Int128, text: String) {
    #expect(Money(picodollars: picodollars).description == text)
  }
}
