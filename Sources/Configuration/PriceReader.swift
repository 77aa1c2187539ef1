import GatewayTypes

/// Reads a provider's prices, in any of the units that providers publish them in, exactly.
struct PriceReader {
  /// A unit that prices are written in.
  enum Unit: CaseIterable {
    case request
    case oneToken
    case thousandTokens
    case millionTokens
  }

  /// A key that prices can be written under.
  struct Spelling {
    let key: String
    let unit: Unit
  }

  static let both = [
    Spelling(key: "cost_per_token", unit: .oneToken),
    Spelling(key: "cost_per_1k_tokens", unit: .thousandTokens),
  ]
  static let input = [
    Spelling(key: "input_cost_per_1k_tokens", unit: .thousandTokens),
    Spelling(key: "input_cost_per_million_tokens", unit: .millionTokens),
  ]
  static let output = [
    Spelling(key: "output_cost_per_1k_tokens", unit: .thousandTokens),
    Spelling(key: "output_cost_per_million_tokens", unit: .millionTokens),
  ]
  static let cacheRead = [Spelling(key: "cached_input_cost_per_million_tokens", unit: .millionTokens)]
  static let cacheWrite = [Spelling(key: "cache_write_cost_per_million_tokens", unit: .millionTokens)]
  static let cacheWriteOneHour = [
    Spelling(key: "cache_write_1h_cost_per_million_tokens", unit: .millionTokens)
  ]
  static let reasoning = [Spelling(key: "reasoning_cost_per_million_tokens", unit: .millionTokens)]
  static let requestFee = [Spelling(key: "cost_per_request", unit: .request)]

  /// A price that is written.
  struct Found {
    let spelling: Spelling
    let money: Money
    let mark: YAMLMark
  }

  let allowsUnusual: Bool

  /// Reads all price keys of a provider; nil when they do not make a price, which is then reported.
  static func read(_ section: inout SectionReader) -> Prices? {
    let errorsBefore = section.context.diagnostics.errorCount
    let isFree = section.flag("free") ?? false
    let reader = PriceReader(allowsUnusual: section.flag("allow_unusual_price") ?? false)
    let tokens = FoundTokenPrices(reading: &section, with: reader)
    let fee = reader.find(requestFee, in: &section)
    let tiers = reader.tiers(&section)
    guard section.context.diagnostics.errorCount == errorsBefore else { return nil }
    guard !isFree else { return readFree(tokens.all + [fee].compactMap { $0 }, tiers, section) }
    guard let prices = tokens.prices(section, orFree: true) else { return nil }
    return Prices(prices, requestFee: fee?.money ?? .zero, tiers: tiers)
  }

  /// What is free may have prices, but all of nothing.
  private static func readFree(
    _ found: [Found], _ tiers: [Prices.ContextTier], _ section: SectionReader
  ) -> Prices? {
    if let dear = found.first(where: { $0.money != .zero }) {
      section.report("\(dear.spelling.key) gives a price but 'free' is true; remove one", at: dear.mark)
      return nil
    }
    guard tiers.allSatisfy({ $0.tokens == .free }) else {
      section.report(
        "above_tokens gives prices but 'free' is true; remove one", at: section.place(of: "above_tokens"))
      return nil
    }
    return .free
  }

  /// The one price among `spellings` that is written, or nil; two are an error.
  func find(_ spellings: [Spelling], in section: inout SectionReader) -> Found? {
    var found: Found?
    for spelling in spellings {
      guard let scalar = section.scalar(spelling.key), let money = price(scalar, spelling, section) else {
        continue
      }
      if let first = found {
        section.report(
          "\(spelling.key) and \(first.spelling.key) give the same price twice; keep one", at: scalar.mark)
        return nil
      }
      found = Found(spelling: spelling, money: money, mark: scalar.mark)
    }
    return found
  }

  private func price(_ scalar: Scalar, _ spelling: Spelling, _ section: SectionReader) -> Money? {
    let money: Money
    do throws(Money.DecimalError) {
      money = try Money(decimal: scalar.text, scaledDownBy: spelling.unit.decimalPlaces)
    } catch {
      section.report(message(error, scalar, spelling), at: scalar.mark)
      return nil
    }
    guard money >= .zero else {
      section.report("\(spelling.key) must not be negative, found \(scalar.quoted)", at: scalar.mark)
      return nil
    }
    guard money <= (allowsUnusual ? PriceReader.ceiling : spelling.unit.usualCeiling) else {
      section.report(unusualMessage(money, scalar, spelling), at: scalar.mark)
      return nil
    }
    return money
  }
}

extension PriceReader {
  /// 1,000 USD per token or request: with it no bill of a real request leaves the range of `Money`.
  static let ceiling = Money.dollar * 1000
}

extension PriceReader.Unit {
  /// The power of ten of tokens that a price is for.
  var decimalPlaces: Int {
    switch self {
    case .request, .oneToken: 0
    case .thousandTokens: 3
    case .millionTokens: 6
    }
  }

  /// The highest price that needs no word of the operator's.
  ///
  /// 1 USD per 1,000 tokens is dearer than any model ever offered, and cheaper than a price in the wrong
  /// unit; 1 USD per request is dearer than any fee.
  var usualCeiling: Money {
    switch self {
    case .request: .dollar
    case .oneToken, .thousandTokens, .millionTokens:
      Money(picodollars: Money.dollar.picodollars / 1000)
    }
  }

  /// What the price is for, as messages write it.
  var name: String {
    switch self {
    case .request: "request"
    case .oneToken: "token"
    case .thousandTokens: "1,000 tokens"
    case .millionTokens: "million tokens"
    }
  }
}

extension Money {
  /// The price of a whole unit at this price each.
  func times(_ unit: PriceReader.Unit) -> String {
    var count = 1
    for _ in 0..<unit.decimalPlaces { count *= 10 }
    return (self * count).description
  }
}
