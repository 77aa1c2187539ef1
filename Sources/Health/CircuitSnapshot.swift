package import GatewayTypes

/// What a circuit breaker is called in `GET /providers`.
package enum CircuitStatus: String, Hashable, Sendable, CaseIterable {
  case closed = "CLOSED"
  case open = "OPEN"
  case halfOpen = "HALF_OPEN"
}

/// A circuit breaker as it stands at one moment: to show, to route by, and to write to disk.
package struct CircuitSnapshot: Hashable, Sendable {
  /// `halfOpen` also when the wait is over and no trial has begun.
  package var status: CircuitStatus
  /// The failure that opened the breaker; nil while closed.
  package var reason: FailureClass?
  /// When the next trial may begin; nil unless open.
  package var retryAt: MonotonicTime?
  package var consecutiveFailures: Int
  /// How long the breaker stayed, or stays, open this time; while closed, how long it would.
  package var currentCooldown: Duration
  /// Whether a permit would be given now.
  package var acceptsAttempt: Bool

  package init(
    status: CircuitStatus, reason: FailureClass? = nil, retryAt: MonotonicTime? = nil,
    consecutiveFailures: Int = 0, currentCooldown: Duration, acceptsAttempt: Bool
  ) {
    self.status = status
    self.reason = reason
    self.retryAt = retryAt
    self.consecutiveFailures = consecutiveFailures
    self.currentCooldown = currentCooldown
    self.acceptsAttempt = acceptsAttempt
  }
}

extension FailureClass {
  /// What `circuit_reason` says when this failure opened the breaker: `auth`, `quota`, or the class's name.
  package var circuitReason: String {
    switch self {
    case .credential: "auth"
    case .quotaExceeded: "quota"
    case .transient, .timeout, .rateLimited, .modelNotFound, .invalidRequest, .contextTooLong,
      .malformedResponse:
      rawValue
    }
  }

  /// The class that a `circuit_reason` read back from disk stands for; nil when it is none of ours.
  package init?(circuitReason text: String) {
    switch text {
    case "auth": self = .credential
    case "quota": self = .quotaExceeded
    default: self.init(rawValue: text)
    }
  }
}
