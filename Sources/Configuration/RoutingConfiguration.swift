/// What the order of the candidates is decided by.
package enum RoutingStrategy: String, Sendable, CaseIterable {
  case cost, speed, quality, weighted
}

/// How a provider is chosen, and how long the whole may take.
package struct RoutingConfiguration: Sendable {
  package var strategy: RoutingStrategy = .cost
  /// The deadline of a whole request, all attempts included.
  package var timeout: Duration = .seconds(60)
  package var penaltyWindow: Duration = .seconds(300)
  /// The share of failures in the window above which a provider goes behind the others.
  package var penaltyThreshold = 0.05
  /// The least number of answers in the window that a share is taken of; nil is the breaker's threshold.
  package var penaltyMinimumRequests: Int?
  /// For how long a user's requests go to the provider that answered the last one; nil is off.
  package var sticky: Duration?
  /// Intent → provider ids or names that are preferred for it.
  package var intents: [String: [String]] = [:]
  /// What a matching intent multiplies the rank value by; 0 … 1, smaller is a stronger boost.
  package var intentBoost = 0.5
  /// When a second provider is asked beside a slow one; nil is never.
  package var hedge: HedgeConfiguration?

  package init() {}

  /// The intents that requests are sorted into, as the file spells them.
  package static let intentNames = [
    "code_generation", "education", "writing", "translation", "summarization", "analysis", "general",
  ]
}
