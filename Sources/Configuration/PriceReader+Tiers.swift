import GatewayTypes

extension PriceReader {
  /// More thresholds than any provider has.
  private static let tierLimit = 16

  /// Reads `above_tokens`: the prices of requests with more input tokens than each threshold.
  func tiers(_ section: inout SectionReader) -> [Prices.ContextTier] {
    guard section.entry("above_tokens") != nil else { return [] }
    var thresholds: Set<Int> = []
    let tiers = section.sections("above_tokens", each: "tier of above_tokens") { tier in
      self.tier(&tier, thresholds: &thresholds)
    }
    guard tiers.count <= PriceReader.tierLimit else {
      section.report(
        "more than \(PriceReader.tierLimit) tiers in above_tokens", at: section.place(of: "above_tokens"))
      return []
    }
    return tiers.compactMap { $0 }
  }

  private func tier(_ section: inout SectionReader, thresholds: inout Set<Int>) -> Prices.ContextTier? {
    let errorsBefore = section.context.diagnostics.errorCount
    let threshold = section.integer("threshold", in: 1...1_000_000_000)
    let tokens = FoundTokenPrices(reading: &section, with: self)
    guard section.context.diagnostics.errorCount == errorsBefore else { return nil }
    guard let threshold else {
      section.report("\(section.name) has no threshold; add 'threshold: 200000'", at: section.mark)
      return nil
    }
    guard thresholds.insert(threshold).inserted else {
      section.report(
        "threshold \(threshold) is given twice in above_tokens; keep one", at: section.place(of: "threshold"))
      return nil
    }
    return tokens.prices(section, orFree: false).map { Prices.ContextTier(above: threshold, tokens: $0) }
  }
}
