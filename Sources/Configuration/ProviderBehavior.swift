package import GatewayTypes

/// How a scripted provider answers, and when it does not.
package struct ProviderBehavior: Sendable {
  /// Nanoseconds until the first token.
  package var latency: ScriptedDistribution
  /// The pace of the tokens after it.
  package var tokensPerSecond = 60.0
  /// What the vendor itself takes in a rolling minute before it answers 429; nil: whatever comes.
  package var requestsPerMinute: Int?
  package var events: [ProviderEvent] = []

  package init(latency: ScriptedDistribution) {
    self.latency = latency
  }

  /// What an entry of the file lets expect: its `latency_ms`, and its limit as the vendor's own.
  package init(_ provider: ProviderConfiguration) {
    let median = Double(provider.latencyMilliseconds ?? 500) * 1e6
    self.init(latency: .logNormal(median: max(1, median), p95: max(1, median * 2)))
    requestsPerMinute = provider.rateLimitRequestsPerMinute
  }
}

/// Something that happens to a provider for a while.
package struct ProviderEvent: Sendable {
  package enum Kind: Hashable, Sendable {
    /// 5xx.
    case fail
    /// Nothing comes any more.
    case stall
    /// The answer breaks off on its way.
    case cut
    /// 429, with this `Retry-After` or none.
    case rateLimit(retryAfter: Duration?)
    /// Everything takes so many times as long.
    case slow(factor: Double)
    /// Other prices, which the operator's file has from the same moment.
    case price(Prices)
    /// Connections are refused.
    case down
  }

  package var kind: Kind
  package var at: Duration
  package var duration: Duration
  /// The share of calls that it happens to, 0 … 1.
  package var share = 1.0

  package init(_ kind: Kind, at: Duration, for duration: Duration, share: Double = 1) {
    self.kind = kind
    self.at = at
    self.duration = duration
    self.share = share
  }

  package var end: Duration { at + duration }
}
