/// When a second provider is asked beside a slow first one.
package struct HedgeConfiguration: Hashable, Sendable {
  /// How long the first one has for itself.
  package enum Wait: Hashable, Sendable {
    /// The time within which so many of a thousand of its own last answers came.
    case quantile(perThousand: Int)
    case fixed(Duration)
  }

  package var after: Wait = .quantile(perThousand: 950)
  /// With fewer answers than this a quantile says too little, and nobody else is asked.
  package var minSamples = 20

  package init() {}
}

extension HedgeConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    after = Self.wait(&section) ?? after
    minSamples = section.integer("min_samples", in: 1...500) ?? minSamples
  }

  private static func wait(_ section: inout SectionReader) -> Wait? {
    guard let scalar = section.text("after") else { return nil }
    if scalar.text.hasPrefix("p"), let percent = Int(scalar.text.dropFirst()), (50...99).contains(percent),
      scalar.text.utf8.count == 3
    {
      return .quantile(perThousand: percent * 10)
    }
    if let time = DurationText.duration(scalar.text), time >= .milliseconds(1), time <= .seconds(86_400) {
      return .fixed(time)
    }
    section.report(
      "\(section.label("after")) must be a quantile from p50 to p99, such as p95, or a duration such as 800ms, "
        + "found \(scalar.quoted)", at: scalar.mark)
    return nil
  }
}

extension HedgeConfiguration.Wait {
  /// As the file spells it.
  var text: String {
    switch self {
    case .quantile(let perThousand): "p\(perThousand / 10)"
    case .fixed(let time): DurationText.text(time)
    }
  }
}
