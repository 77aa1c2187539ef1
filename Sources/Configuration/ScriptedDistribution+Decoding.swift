import GatewayTypes

/// What a distribution's values count.
enum DistributionUnit {
  case tokens
  /// In nanoseconds.
  case time

  fileprivate var example: String {
    switch self {
    case .tokens: "200, [100, 200] or {median: 200, p95: 800}"
    case .time: "200ms, [100ms, 200ms] or {median: 200ms, p95: 800ms}"
    }
  }

  fileprivate func value(_ text: String) -> Double? {
    switch self {
    case .tokens:
      guard let count = Int(text), (1...10_000_000).contains(count) else { return nil }
      return Double(count)
    case .time:
      guard let duration = DurationText.duration(text), duration > .zero, duration <= .seconds(86_400) else {
        return nil
      }
      return Double(duration.wholeNanoseconds)
    }
  }
}

extension SectionReader {
  /// One value, a list of values that are equally likely, or the `median` and `p95` of a log-normal one.
  mutating func distribution(_ key: String, of unit: DistributionUnit) -> ScriptedDistribution? {
    guard let node = node(key) else { return nil }
    switch node.content {
    case .scalar:
      return value(node, label: label(key), of: unit).map { .values([$0]) }
    case .sequence(let nodes):
      let values = nodes.compactMap { value($0, label: label(key), of: unit) }
      if nodes.isEmpty { report("\(label(key)) must be \(unit.example), found an empty list", at: node.mark) }
      return values.isEmpty ? nil : .values(values)
    case .mapping:
      return section(key) { $0.logNormal(of: unit) } ?? nil
    }
  }

  private mutating func logNormal(of unit: DistributionUnit) -> ScriptedDistribution? {
    guard let medianNode = node("median"), let highNode = node("p95") else {
      _ = node("p95")
      report("\(name) needs 'median' and 'p95'", at: mark)
      return nil
    }
    guard let median = value(medianNode, label: label("median"), of: unit),
      let high = value(highNode, label: label("p95"), of: unit)
    else { return nil }
    guard high >= median else {
      report("\(label("p95")) must not be less than the median", at: highNode.mark)
      return nil
    }
    return .logNormal(median: median, p95: high)
  }

  private func value(_ node: YAMLNode, label: String, of unit: DistributionUnit) -> Double? {
    guard let scalar = context.scalar(node, label: label) else { return nil }
    if let value = unit.value(scalar.text) { return value }
    report("\(label) must be \(unit.example), found \(scalar.quoted)", at: scalar.mark)
    return nil
  }
}
