package import GatewayTypes

/// The right to make one attempt at one provider, to be answered once with how it ended.
///
/// Dropping it unanswered counts as cancelled with unknown usage: the trial and the place among those in
/// flight are freed.
package struct AttemptPermit: ~Copyable, Sendable {
  private let health: ProviderHealth
  /// Nil once answered.
  private var circuit: Permit?
  private let acquiredAt: MonotonicTime
  private let tokens: Int

  init(health: ProviderHealth, circuit: consuming Permit, acquiredAt: MonotonicTime, tokens: Int) {
    self.health = health
    self.circuit = consume circuit
    self.acquiredAt = acquiredAt
    self.tokens = tokens
  }

  /// Says how the attempt ended; the breaker, the windows, the limits and the counts follow from it.
  package consuming func answer(_ outcome: AttemptOutcome, now: MonotonicTime) {
    guard let circuit = circuit.take() else {
      preconditionFailure("a permit is answered once, or the type would have been copied")
    }
    var opened = false
    switch outcome {
    case .success:
      circuit.succeed(now: now)
    case .failure(let failure, _, _):
      switch failure.effect {
      case .countsAsFailure: opened = circuit.fail(reason: failure, now: now)
      case .opensBreaker: opened = circuit.open(reason: failure, now: now)
      case .setsAside, .none: circuit.cancel()
      }
    case .callerFault, .cancelled, .keySetAside, .outraced:
      circuit.cancel()
    }
    health.settle(outcome, opened: opened, acquiredAt: acquiredAt, tokens: tokens, now: now)
  }

  deinit {
    guard circuit != nil else { return }
    // Without usage a cancellation moves no window, so the time it was acquired at is as good as any.
    health.settle(
      .cancelled(usage: nil), opened: false, acquiredAt: acquiredAt, tokens: tokens, now: acquiredAt)
  }
}
