import GatewayTypes
import Testing

/// The bill against sums that share no code with it: decimal digits, multiplied and added as on paper.
@Suite("Exactness")
struct ExactnessTests {
  /// A whole number of any size: decimal digits in groups of nine, the lowest first.
  private struct PaperSum {
    private static let base: UInt64 = 1_000_000_000
    private(set) var groups: [UInt64] = [0]

    /// Adds `price` × `count`; both have at most nine digits, so no product leaves 64 bits.
    mutating func add(_ price: UInt64, times count: UInt64) {
      var carry = price * count
      var index = 0
      while carry > 0 {
        if index == groups.count { groups.append(0) }
        let sum = groups[index] + carry % Self.base
        groups[index] = sum % Self.base
        carry = carry / Self.base + sum / Self.base
        index += 1
      }
    }

    /// As an amount of dollars, the groups being picodollars.
    var dollars: String {
      var digits = String(groups[groups.count - 1])
      for group in groups.dropLast().reversed() {
        let text = String(group)
        digits += String(repeating: "0", count: 9 - text.count) + text
      }
      digits = String(repeating: "0", count: max(0, 13 - digits.count)) + digits
      var text = String(digits.dropLast(12)) + "." + String(digits.suffix(12))
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
      return text
    }
  }

  /// The prices of the random requests, as the numbers that the paper sum multiplies.
  private struct RandomPrices {
    /// Input, output, cache read, cache write, cache write for an hour, reasoning; the second of each is
    /// above the threshold.
    let numbers: [[UInt64]]
    let fee: UInt64
    let threshold: Int
    let prices: Prices

    init(using generator: inout some RandomNumberGenerator) {
      func price() -> UInt64 { UInt64.random(in: 0..<100_000_000, using: &generator) }
      numbers = (0..<2).map { _ in (0..<6).map { _ in price() } }
      fee = price()
      threshold = Int.random(in: 1..<300_000, using: &generator)
      let tokens = numbers.map { numbers in
        let money = numbers.map { Money(picodollars: Int128($0)) }
        return TokenPrices(
          input: money[0], output: money[1], cacheRead: money[2], cacheWrite: money[3],
          cacheWriteOneHour: money[4], reasoning: money[5])
      }
      prices = Prices(
        tokens[0], requestFee: Money(picodollars: Int128(fee)),
        tiers: [.init(above: threshold, tokens: tokens[1])])
    }
  }

  @Test("the sum of a million requests is that of an addition on paper, to the last digit")
  func millionRequests() {
    var generator = SystemRandomNumberGenerator()
    let providers = (0..<50).map { _ in RandomPrices(using: &generator) }
    var bill = Money.zero
    var paper = PaperSum()
    for _ in 0..<1_000_000 {
      // One random word makes one request: this is a debug build's million.
      let random = generator.next()
      let provider = providers[Int(random % 50)]
      let uncached = Int(random >> 6 & 0xF_FFFF) >> Int(random & 0xF)
      let cacheRead = Int(random >> 26 & 0x3FFF)
      let cacheWrite = Int(random >> 40 & 0x3FF)
      let oneHour = Int(random >> 50 & 0x7F) * cacheWrite / 128
      let output = Int(random >> 30 & 0x1FFF)
      let reasoning = Int(random >> 57) * output / 128
      bill += provider.prices.cost(
        of: TokenUsage(
          uncachedInput: uncached, cacheRead: cacheRead, cacheWrite: cacheWrite, cacheWriteOneHour: oneHour,
          output: output, reasoning: reasoning))

      let isLong = uncached + cacheRead + cacheWrite > provider.threshold
      let numbers = provider.numbers[isLong ? 1 : 0]
      paper.add(numbers[0], times: UInt64(uncached))
      paper.add(numbers[1], times: UInt64(output - reasoning))
      paper.add(numbers[2], times: UInt64(cacheRead))
      paper.add(numbers[3], times: UInt64(cacheWrite - oneHour))
      paper.add(numbers[4], times: UInt64(oneHour))
      paper.add(numbers[5], times: UInt64(reasoning))
      paper.add(provider.fee, times: 1)
    }
    #expect(bill.description == paper.dollars)
  }

  @Test("price text → price → text is the identity, in each unit", arguments: [0, 3, 6])
  func priceText(places: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let unit = (0..<places).reduce(1) { unit, _ in unit * 10 }
    for _ in 0..<5_000 {
      let digits = Int.random(in: 0...(12 - places), using: &generator)
      var text = String(Int.random(in: 0...9_999, using: &generator))
      if digits > 0 {
        text += "." + (1..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
        text += String(Int.random(in: 1...9, using: &generator))
      }
      let price = try Money(decimal: text, scaledDownBy: places)
      #expect((price * unit).description == text)
      #expect(try Money(decimal: price.description) == price)
    }
  }
}
