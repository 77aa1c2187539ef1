/// By what value providers are ranked.
package enum RankingStrategy: String, Hashable, Sendable, CaseIterable {
  /// The expected cost of this request, cheapest first.
  case cost
  /// The expected time until the answer is complete, shortest first.
  case speed
  /// The configured quality score, best first.
  case quality
  /// By chance, in proportion to the configured weights.
  case weighted
}

/// How a provider that is preferred for the request's intent is moved forward.
package struct RoutingPolicy: Hashable, Sendable {
  /// The boost in thousandths, 1 … 1000.
  package let boostPerThousand: Int

  /// `intentBoost` multiplies the cost or the time of a preferred provider, and divides its quality or its
  /// weight: with 0.5 it is taken although it costs up to twice as much, or scores half as well, and counts
  /// twice under `weighted`. 1 is no boost.
  /// Values are brought into 0.001 … 1: at 0 all costs would be the same and nothing would rank them.
  package init(intentBoost: Double = 0.5) {
    boostPerThousand = Int((min(max(intentBoost, 0.001), 1) * 1000).rounded())
  }
}
