internal import Configuration

/// A scripted distribution, prepared for drawing.
enum Distribution: Sendable {
  case values([Double])
  case logNormal(median: Double, spread: Double)

  init(_ scripted: ScriptedDistribution) {
    switch scripted {
    case .values(let values): self = .values(values)
    case .logNormal(let median, let p95):
      // 95 % of a normal distribution lie below 1.6449 times its spread.
      self = .logNormal(median: median, spread: (p95 / median).naturalLogarithm / 1.6449)
    }
  }

  func draw(_ draws: inout Draws) -> Double {
    switch self {
    case .values(let values):
      return values.count == 1 ? values[0] : values[draws.index(below: values.count)]
    case .logNormal(let median, let spread):
      return median * (spread * draws.normal()).exponential
    }
  }

  /// A count of at least 1.
  func count(_ draws: inout Draws) -> Int {
    max(1, Int(min(draw(&draws), 1e7)))
  }
}
