extension CooldownConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    let tokens = section.integer("tokens", in: 1...CooldownConfiguration.tokensLimit)
    if section.entry("tokens") == nil {
      section.report(
        "cooldown has no tokens; add 'tokens: 5000', or remove cooldown to turn it off", at: section.mark)
    }
    self.init(tokens: tokens ?? 1)
    window = section.duration("window") ?? window
    duration = section.duration("duration") ?? duration
  }

  static let tokensLimit = 1_000_000_000_000
}
