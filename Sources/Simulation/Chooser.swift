/// Who decides which provider a simulated request goes to.
package enum Chooser: Hashable, Sendable {
  /// The gateway's own router, walk and health.
  case tollgate
  /// The same with `intent_boost: 1`: nobody is preferred for an intent, so cost alone decides.
  case tollgateWithoutIntents
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
    case .tollgateWithoutIntents: "tollgate, no intents"
    case .rule(let rule, let fallsBack): rule.rawValue + (fallsBack ? ", fallback" : "")
    }
  }

  /// Whether the gateway's own code decides.
  var isTollgate: Bool {
    switch self {
    case .tollgate, .tollgateWithoutIntents: true
    case .rule: false
    }
  }

  /// All that `--compare` plays.
  package static let compared: [Chooser] =
    [.tollgate, .tollgateWithoutIntents]
    + Rule.allCases.flatMap { [Chooser.rule($0, fallsBack: false), .rule($0, fallsBack: true)] }
}
