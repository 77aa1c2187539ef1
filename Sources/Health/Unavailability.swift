package import GatewayTypes

/// Why a provider may not be called now.
package enum Unavailability: Hashable, Sendable {
  /// An operator set it down (`/simulate/failure`).
  case setDown
  /// The breaker is open, because of this.
  case circuitOpen(FailureClass?)
  /// The breaker is half-open and its trials are all in flight.
  case trialsTaken
  /// The provider said 429 and is left alone until the time it named.
  case heldAfterRateLimit
  /// Too many tokens in a short time.
  case coolingDown
  /// `rate_limit_rpm` is used up.
  case requestLimitReached
  /// `rate_limit_tpm` is used up.
  case tokenLimitReached
  /// The request alone has more tokens than `rate_limit_tpm` allows.
  case aboveTokenLimit
  /// `max_concurrency` attempts are in flight.
  case concurrencyLimitReached

  /// Whether the caller is to be told 429, as too much was asked, rather than 503.
  package var isRateLimit: Bool {
    switch self {
    case .heldAfterRateLimit, .requestLimitReached, .tokenLimitReached, .aboveTokenLimit: true
    case .setDown, .circuitOpen, .trialsTaken, .coolingDown, .concurrencyLimitReached: false
    }
  }
}
