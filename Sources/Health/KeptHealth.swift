package import GatewayTypes

/// What of a provider's health outlives the process, as it stands at one moment: times are on this
/// process's monotonic clock, and whoever writes them down makes dates of them.
///
/// The rolling windows are not in it: they are filled anew from the ledger, by `ProviderHealth.replay`.
/// Nor is what an operator set down by hand, which ends with the process.
package struct KeptHealth: Hashable, Sendable {
  package var circuit: CircuitSnapshot
  /// When the hold after a 429 ends; nil when there is none.
  package var heldUntil: MonotonicTime?
  /// When the token cooldown ends; nil when there is none.
  package var coolingUntil: MonotonicTime?
  package var counts: AttemptCounts
  /// The sum of the latencies of `latencyCount` successes, in nanoseconds.
  package var latencySum: Int128
  package var latencyCount: Int

  package init(
    circuit: CircuitSnapshot, heldUntil: MonotonicTime? = nil, coolingUntil: MonotonicTime? = nil,
    counts: AttemptCounts = AttemptCounts(), latencySum: Int128 = 0, latencyCount: Int = 0
  ) {
    self.circuit = circuit
    self.heldUntil = heldUntil
    self.coolingUntil = coolingUntil
    self.counts = counts
    self.latencySum = latencySum
    self.latencyCount = latencyCount
  }
}

extension ProviderHealth {
  /// What is to be kept of it at `now`.
  package func kept(now: MonotonicTime) -> KeptHealth {
    let circuit = breaker.snapshot(now: now)
    return change { $0.kept(circuit: circuit, now: now) }
  }

  /// Takes up what was kept. A wait ends at its time, but never later than the policy in force, or a
  /// provider's `Retry-After`, could have set it from now: a clock that was set back holds nobody for days.
  package func restore(_ kept: KeptHealth, now: MonotonicTime) {
    breaker.restore(kept.circuit, now: now)
    change { $0.restore(kept, now: now) }
  }
}

extension ProviderHealthState {
  mutating func kept(circuit: CircuitSnapshot, now: MonotonicTime) -> KeptHealth {
    KeptHealth(
      circuit: circuit, heldUntil: hold.heldUntil(now: now), coolingUntil: cooldown?.coolingUntil(now: now),
      counts: counts, latencySum: latencySum, latencyCount: measured)
  }

  mutating func restore(_ kept: KeptHealth, now: MonotonicTime) {
    hold.restore(heldUntil: kept.heldUntil.map { min($0, now + RetryAfterHold.longestAskedHold) })
    if let duration = policy.cooldown?.duration {
      cooldown?.restore(coolingUntil: kept.coolingUntil.map { min($0, now + duration) })
    }
    counts = kept.counts
    latencySum = kept.latencySum
    measured = kept.latencyCount
  }
}
