package import GatewayTypes

/// How one attempt at a provider ended.
package enum AttemptOutcome: Hashable, Sendable {
  /// The provider answered. `timeToFirstToken` is nil for an answer in one piece.
  case success(latency: Duration, timeToFirstToken: Duration?, usage: TokenUsage)
  /// The provider did not; `retryAfter` is the wait it asked for, if it did. `usage` is what it had used
  /// by then all the same, as of a stream that broke off; nil when nobody knows of any.
  case failure(FailureClass, retryAfter: Duration?, usage: TokenUsage? = nil)
  /// The provider refused one of its several keys, or said 429 to it, and has another that is live: no
  /// failure of the provider.
  case keySetAside(FailureClass)
  /// The provider rightly refused the caller's request.
  case callerFault
  /// The caller hung up or waited too short, or the gateway stopped, after this many tokens; nil when nobody
  /// knows.
  case cancelled(usage: TokenUsage?)
  /// Given up after this long, as another provider was asked as well and answered first.
  case outraced(after: Duration, isStream: Bool, usage: TokenUsage)
}

/// What a failure means for the provider's health. Everything that is decided by `FailureClass` here is
/// decided in `FailureClass.effect`.
enum HealthEffect: Hashable, Sendable {
  /// One more failure for the breaker and the failure window.
  case countsAsFailure
  /// A failure that opens the breaker at once, as only the operator can mend it.
  case opensBreaker
  /// No failure; the provider is left alone for a while.
  case setsAside
  /// The request was at fault, not the provider.
  case none
}

extension FailureClass {
  var effect: HealthEffect {
    switch self {
    case .transient, .timeout, .malformedResponse, .modelNotFound: .countsAsFailure
    case .credential, .quotaExceeded: .opensBreaker
    case .rateLimited: .setsAside
    case .invalidRequest, .contextTooLong: .none
    }
  }
}
