internal import Configuration
internal import GatewayTypes
internal import Health
internal import Synchronization

/// The several keys of one provider: used in turn, a dead one set aside. May be used from any thread.
///
/// The rules are `KeyRingState`'s; a provider with one key has no ring, as its breaker and its hold say all
/// there is to say. Outlives a reload that does not change the keys.
final class KeyRing: Sendable {
  private let keys: [Secret]
  private let state: Mutex<KeyRingState>

  /// Nil for a provider with fewer than two keys.
  convenience init?(of provider: ProviderConfiguration, policy: BreakerPolicy, previous: KeyRing?) {
    guard provider.apiKeys.count > 1 else { return nil }
    var state = KeyRingState(count: provider.apiKeys.count, policy: policy)
    if let previous, previous.keys == provider.apiKeys {
      state = previous.state.withLock { $0 }
      state.policy = policy
    }
    self.init(keys: provider.apiKeys, state: state)
  }

  private init(keys: [Secret], state: KeyRingState) {
    self.keys = keys
    self.state = Mutex(state)
  }

  /// The index of the key whose turn it is.
  func next(now: MonotonicTime) -> Int {
    state.withLock { $0.next(now: now) }
  }

  func liveCount(now: MonotonicTime) -> Int {
    state.withLock { $0.liveCount(now: now) }
  }

  /// Gives refused keys another chance, and ends holds.
  func reset(refusals: Bool, holds: Bool) {
    state.withLock {
      if refusals { $0.forgetRefusals() }
      if holds { $0.endHolds() }
    }
  }

  /// Notes what came of an attempt with the key `index`; returns what the provider's health is to be told in
  /// place of `outcome`.
  func judge(_ outcome: AttemptOutcome, key index: Int, now: MonotonicTime) -> AttemptOutcome {
    switch outcome {
    case .success:
      state.withLock { $0.noteSuccess(index) }
      return outcome
    case .failure(let failure, let retryAfter, _):
      switch state.withLock({ $0.note(failure, retryAfter: retryAfter, key: index, now: now) }) {
      case .asksWithAnotherKey: return .keySetAside(failure)
      case .held(let time): return .failure(.rateLimited, retryAfter: time - now)
      case .isTheProviders: return outcome
      }
    case .keySetAside, .callerFault, .cancelled, .outraced: return outcome
    }
  }
}
