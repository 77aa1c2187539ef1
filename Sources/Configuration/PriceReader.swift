import GatewayTypes

/// Reads a provider's prices, in any of the units that providers publish them in, exactly.
struct PriceReader {
  /// A unit that prices are written in; the raw value is the power of ten of tokens that a price is for.
  enum Unit: Int, CaseIterable {
    case oneToken = 0
    case thousandTokens = 3
    case millionTokens = 6
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

  /// 1 USD per 1,000 tokens: dearer than any model ever offered, cheaper than a price in the wrong unit.
  static let usualCeiling = Money(picodollars: Money.dollar.picodollars / 1000)
  /// 1,000 USD per token: with it no bill of a real request leaves the range of `Money`.
  static let ceiling = Money.dollar * 1000

  private struct Found {
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
    let both = reader.find(PriceReader.both, in: &section)
    let input = reader.find(PriceReader.input, in: &section)
    let output = reader.find(PriceReader.output, in: &section)
    let cacheRead = reader.find(PriceReader.cacheRead, in: &section)
    let cacheWrite = reader.find(PriceReader.cacheWrite, in: &section)
    guard section.context.diagnostics.errorCount == errorsBefore else { return nil }

    if let both, let other = input ?? output {
      section.report(
        "\(other.spelling.key) and \(both.spelling.key) both give a price for the same tokens; keep one",
        at: other.mark)
      return nil
    }
    let found = [both, input, output, cacheRead, cacheWrite].compactMap { $0 }
    if isFree {
      guard let dear = found.first(where: { $0.money != .zero }) else { return .free }
      section.report("\(dear.spelling.key) gives a price but 'free' is true; remove one", at: dear.mark)
      return nil
    }
    return prices(
      section, both: both, input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
  }

  private static func prices(
    _ section: SectionReader, both: Found?, input: Found?, output: Found?, cacheRead: Found?,
    cacheWrite: Found?
  ) -> Prices? {
    switch (both ?? input, both ?? output) {
    case (let input?, let output?):
      return Prices(
        input: input.money, output: output.money, cacheRead: cacheRead?.money, cacheWrite: cacheWrite?.money)
    case (nil, nil):
      section.report(
        "\(section.name) has no price; write input_cost_per_million_tokens and output_cost_per_million_tokens, "
          + "or 'free: true' if it costs nothing", at: section.mark)
    case (let input?, nil):
      section.report(
        "\(input.spelling.key) is given but no output price; add output_cost_per_…", at: input.mark)
    case (nil, let output?):
      section.report(
        "\(output.spelling.key) is given but no input price; add input_cost_per_…", at: output.mark)
    }
    return nil
  }

  /// The one price among `spellings` that is written, or nil; two are an error.
  private func find(_ spellings: [Spelling], in section: inout SectionReader) -> Found? {
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
      money = try Money(decimal: scalar.text, scaledDownBy: spelling.unit.rawValue)
    } catch {
      section.report(message(error, scalar, spelling), at: scalar.mark)
      return nil
    }
    guard money >= .zero else {
      section.report("\(spelling.key) must not be negative, found \(scalar.quoted)", at: scalar.mark)
      return nil
    }
    guard money <= (allowsUnusual ? PriceReader.ceiling : PriceReader.usualCeiling) else {
      section.report(unusualMessage(money, scalar, spelling), at: scalar.mark)
      return nil
    }
    return money
  }
}

extension PriceReader.Unit {
  /// The number of tokens, as messages write it.
  var name: String {
    switch self {
    case .oneToken: "token"
    case .thousandTokens: "1,000 tokens"
    case .millionTokens: "million tokens"
    }
  }
}

extension Money {
  /// The price of a whole unit of tokens at this price each.
  func times(_ unit: PriceReader.Unit) -> String {
    var count = 1
    for _ in 0..<unit.rawValue { count *= 10 }
    return (self * count).description
  }
}
