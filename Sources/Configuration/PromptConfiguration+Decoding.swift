extension PromptConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    maxTokens = section.integer("max_tokens", in: 1...1_000_000_000)
  }
}
