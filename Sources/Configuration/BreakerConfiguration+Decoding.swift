extension BreakerConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    failureThreshold = section.integer("failure_threshold", in: 1...1_000_000) ?? failureThreshold
    cooldown = section.duration("cooldown") ?? cooldown
    halfOpenTrials = section.integer("half_open_trials", in: 1...1000) ?? halfOpenTrials
    let longest = section.duration("max_cooldown")
    // A longer first wait raises the longest, unless both are written and disagree.
    maxCooldown = longest ?? max(maxCooldown, cooldown)
    if maxCooldown < cooldown {
      section.report(
        "breaker.max_cooldown must not be less than breaker.cooldown, \(DurationText.text(cooldown))",
        at: section.place(of: "max_cooldown"))
    }
  }
}
