import GatewayTypes

extension PriceReader {
  /// What is wrong with a text that is no exact price.
  func message(_ error: Money.DecimalError, _ scalar: Scalar, _ spelling: Spelling) -> String {
    switch error {
    case .notANumber:
      return "\(spelling.key) must be a number of US dollars such as 0.15, found \(scalar.quoted)"
    case .notExact:
      let step = Money(picodollars: 1).times(spelling.unit)
      return
        "\(spelling.key) \(scalar.quoted) is finer than the smallest step, \(step) USD per \(spelling.unit.name)"
        + (spelling.unit == .request ? "" : " (10^-12 USD per token)") + "; round it"
    case .outOfRange:
      return "\(spelling.key) \(scalar.quoted) is too large to be a price"
    }
  }

  /// A price that is a thousand or a million times too high was written in another unit.
  func unusualMessage(_ money: Money, _ scalar: Scalar, _ spelling: Spelling) -> String {
    guard !allowsUnusual else {
      let one = spelling.unit == .request ? "request" : "token"
      return "\(spelling.key) is above \(PriceReader.ceiling.description.groupedByThousands) USD per \(one), "
        + "the most that is accepted"
    }
    guard spelling.unit != .request else {
      return
        "\(spelling.key) is above the usual 1 USD per request; it is added for each request, whatever its "
        + "tokens. If it is right, add 'allow_unusual_price: true'"
    }
    // In a variable the number cannot be seen in the file, and is not for a message.
    let written = scalar.text == scalar.written ? money.times(spelling.unit).groupedByThousands : "the price"
    let shown = Unit.allCases.last { $0 != spelling.unit } ?? spelling.unit
    let same =
      scalar.text == scalar.written
      ? " is \(money.times(shown).groupedByThousands) USD per \(shown.name)" : ""
    let meant = likelyKeys(money, spelling)
    let advice = meant.isEmpty ? "if" : "did you mean \(meant.joined(separator: " and "))? If"
    return
      "\(written) USD per \(spelling.unit.name)\(same), above the usual 1 USD per 1,000 tokens; \(advice) "
      + "it is right, add 'allow_unusual_price: true'"
  }

  /// The keys of the nearest larger unit in which the number is a usual price.
  private func likelyKeys(_ money: Money, _ spelling: Spelling) -> [String] {
    let isBoth = PriceReader.both.contains { $0.key == spelling.key }
    let isInput = PriceReader.input.contains { $0.key == spelling.key }
    let groups =
      isBoth ? [PriceReader.input, PriceReader.output] : [isInput ? PriceReader.input : PriceReader.output]
    for unit in Unit.allCases where unit.decimalPlaces > spelling.unit.decimalPlaces {
      var divisor: Int128 = 1
      for _ in 0..<(unit.decimalPlaces - spelling.unit.decimalPlaces) { divisor *= 10 }
      guard money.picodollars / divisor <= unit.usualCeiling.picodollars else { continue }
      if isBoth, let one = PriceReader.both.first(where: { $0.unit == unit }) { return [one.key] }
      return groups.compactMap { group in group.first { $0.unit == unit }?.key }
    }
    return []
  }
}
