import GatewayTypes

/// The prices of tokens that one mapping gives, each with its place.
struct FoundTokenPrices {
  private let both: PriceReader.Found?
  private let input: PriceReader.Found?
  private let output: PriceReader.Found?
  private let cacheRead: PriceReader.Found?
  private let cacheWrite: PriceReader.Found?
  private let cacheWriteOneHour: PriceReader.Found?
  private let reasoning: PriceReader.Found?

  init(reading section: inout SectionReader, with reader: PriceReader) {
    both = reader.find(PriceReader.both, in: &section)
    input = reader.find(PriceReader.input, in: &section)
    output = reader.find(PriceReader.output, in: &section)
    cacheRead = reader.find(PriceReader.cacheRead, in: &section)
    cacheWrite = reader.find(PriceReader.cacheWrite, in: &section)
    cacheWriteOneHour = reader.find(PriceReader.cacheWriteOneHour, in: &section)
    reasoning = reader.find(PriceReader.reasoning, in: &section)
  }

  /// Those that are written.
  var all: [PriceReader.Found] {
    [both, input, output, cacheRead, cacheWrite, cacheWriteOneHour, reasoning].compactMap { $0 }
  }

  /// The prices that they make; nil when they make none, which is then reported.
  ///
  /// `orFree` tells whether the section could say `free: true` instead.
  func prices(_ section: SectionReader, orFree: Bool) -> TokenPrices? {
    if let both, let other = input ?? output {
      section.report(
        "\(other.spelling.key) and \(both.spelling.key) both give a price for the same tokens; keep one",
        at: other.mark)
      return nil
    }
    switch (both ?? input, both ?? output) {
    case (let input?, let output?):
      return TokenPrices(
        input: input.money, output: output.money, cacheRead: cacheRead?.money, cacheWrite: cacheWrite?.money,
        cacheWriteOneHour: cacheWriteOneHour?.money, reasoning: reasoning?.money)
    case (nil, nil):
      section.report(
        "\(section.name) has no price; write input_cost_per_million_tokens and output_cost_per_million_tokens"
          + (orFree ? ", or 'free: true' if it costs nothing" : ""), at: section.mark)
    case (let input?, nil):
      section.report(
        "\(input.spelling.key) is given but no output price; add output_cost_per_…", at: input.mark)
    case (nil, let output?):
      section.report(
        "\(output.spelling.key) is given but no input price; add input_cost_per_…", at: output.mark)
    }
    return nil
  }
}
