internal import Accounting
internal import Dispatch
internal import GatewayTypes
internal import Health
internal import Reactor
internal import Synchronization

/// Keeps the providers' health on disk beside the ledger, and takes it up again at the start.
///
/// Breakers, holds, cooldowns and counts are in a file that is written when one of them changes; the rolling
/// windows are filled from the ledger's last hour. Safe to use from any thread.
final class HealthJournal: Sendable {
  private let ledgerPath: String
  private let queue = DispatchQueue(label: "tollgate.health", qos: .utility)
  private let isNoted = Atomic(false)
  private let storage = Mutex(Storage())

  private struct Storage {
    var providers: [ConfiguredProvider] = []
    var saved: [ProviderID: KeptHealth] = [:]
  }

  init(ledgerPath: String) {
    self.ledgerPath = ledgerPath
  }

  /// Watches over `providers`, and no others, from now on.
  func watch(_ providers: [ConfiguredProvider]) {
    storage.withLock { $0.providers = providers }
    for provider in providers { provider.health.onChange { [weak self] in self?.note() } }
  }

  /// Something has changed that must outlive a crash: saved at once, on a thread of its own. Many at once
  /// are saved together.
  private func note() {
    guard !isNoted.exchange(true, ordering: .relaxed) else { return }
    queue.async { [self] in
      isNoted.store(false, ordering: .relaxed)
      // It is saved again within a second in any case, and a disk that is full shows in the ledger's state.
      try? save()
    }
  }

  /// Saves what has changed since the last time, if anything has.
  func save() throws(UsageLogError) {
    try storage.withLock { storage throws(UsageLogError) in
      let now = MonotonicTime.now()
      let entries = storage.providers.map { (id: $0.id, kept: $0.health.kept(now: now)) }
      let kept = Dictionary(entries, uniquingKeysWith: { first, _ in first })
      guard kept != storage.saved else { return }
      try HealthFile.save(HealthFile.encode(entries, now: now, wallNow: .now()), ofLedger: ledgerPath)
      storage.saved = kept
    }
  }

  /// Fills `providers` with what the ledger and the file say of them. Returns what the operator should know.
  func restore(_ providers: [ConfiguredProvider]) -> [String] {
    let now = MonotonicTime.now()
    let wallNow = Timestamp.now()
    let byID = Dictionary(uniqueKeysWithValues: providers.map { ($0.id, $0.health) })
    var messages: [String] = []
    do throws(UsageLogError) {
      let isWhole = try RecentRequests.read(of: ledgerPath, since: wallNow.earlier(by: Self.longestWindow)) {
        byID.replay($0, now: now, wallNow: wallNow)
      }
      if !isWhole {
        messages.append(
          "the ledger's last hour is long; the providers' windows are filled from the last "
            + "\(RecentRequests.maximumSize / 1_048_576) MB of it")
      }
    } catch {
      messages.append("the providers' windows are not filled: \(error)")
    }
    guard let bytes = HealthFile.load(ofLedger: ledgerPath) else { return messages }
    guard let entries = HealthFile.decode(bytes, now: now, wallNow: wallNow) else {
      return messages + ["\(HealthFile.path(ofLedger: ledgerPath)) is damaged; all breakers start closed"]
    }
    for (id, kept) in entries { byID[id]?.restore(kept, now: now) }
    return messages
  }

  /// `tokens_last_hour` is the longest thing that is filled from the ledger.
  private static let longestWindow: Duration = .seconds(3_600)
}

extension [ProviderID: ProviderHealth] {
  fileprivate func replay(_ event: RecentRequests.Event, now: MonotonicTime, wallNow: Timestamp) {
    switch event {
    case .request(let request):
      // A clock that was set back meanwhile has written times that are still to come.
      let age = Swift.max(0, wallNow.millisecondsSince1970 - request.time.millisecondsSince1970)
      let time = now + .milliseconds(-age)
      for fallback in request.fallbacks where fallback != request.provider {
        self[fallback]?.replay(failed: true, tokens: 0, at: time)
      }
      self[request.provider]?.replay(failed: request.providerFailed, tokens: request.tokens, at: time)
    case .reset(let scope):
      for health in values {
        if scope == "usage" || scope == "all" { health.resetUsage() }
        if scope == "cooldowns" || scope == "all" { health.resetCooldowns() }
        if scope == "breakers" || scope == "all" { health.resetBreaker() }
      }
    }
  }
}

extension RecentRequests.Request {
  /// Whether the last provider failed; nil where the line does not say.
  fileprivate var providerFailed: Bool? {
    switch status {
    case .success: false
    case .partial: true
    // The caller's own faults, 400 to 499, say nothing of the provider, and a deadline of his own may not.
    case .error: (httpStatus ?? 0) >= 500 && httpStatus != 504 ? true : nil
    case .cancelled, .unknown, .cached: nil
    }
  }
}

extension Timestamp {
  fileprivate func earlier(by duration: Duration) -> Timestamp {
    Timestamp(millisecondsSince1970: max(0, millisecondsSince1970 - duration.wholeNanoseconds / 1_000_000))
  }
}
