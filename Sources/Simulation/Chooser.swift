/// Who decides which provider a simulated request goes to.
package enum Chooser: Hashable, Sendable {
  /// The gateway's own router, walk and health.
  case tollgate
  /// A rule that knows nothing of how providers do.
  case rule(Rule, fallsBack: Bool)

  package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// The first of the file, always.
    case first
    /// Each in turn.
    case roundRobin = "round-robin"
    /// Any, each as likely as the others.
    case random
    /// The lowest expected cost, always.
    case cheapest
  }

  /// What the report calls it.
  package var name: String {
    switch self {
    case .tollgate: "tollgate"
    case .rule(let rule, let fallsBack): rule.rawValue + (fallsBack ? ", fallback" : "")
    }
  }

  /// All that `--compare` plays.
  package static let compared: [Chooser] =
    [.tollgate]
    + Rule.allCases.flatMap { [Chooser.rule($0, fallsBack: false), .rule($0, fallsBack: true)] }
}
