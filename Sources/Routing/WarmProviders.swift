package import GatewayTypes
import Synchronization

/// Which provider answered each user last, and so may still have the user's prompts in its cache. May be used
/// from any thread.
///
/// The last 16,384 are remembered, some 3 MB; whoever has not asked for the longest is forgotten first.
package final class WarmProviders: Sendable {
  /// Requests that are alike in this may share a provider: the same user, who leaves the gateway the same
  /// choice. So a request that asked for one model by name decides nothing for the next that leaves it open.
  package struct Key: Hashable, Sendable {
    let user: String
    let model: AskedModel
    let strategy: RankingStrategy

    package init(user: String, model: AskedModel, strategy: RankingStrategy) {
      self.user = user
      self.model = model
      self.strategy = strategy
    }
  }

  /// How many are remembered.
  package static let usualCapacity = 16_384
  /// Loops that note answers at the same time rarely wait for each other.
  private static let usualShardCount = 16

  private final class Shard: Sendable {
    let state: Mutex<RecentAnswers>
    init(capacity: Int) { state = Mutex(RecentAnswers(capacity: capacity)) }
  }

  private let shards: [Shard]

  /// `capacity` is rounded up so that each of the shards has the same.
  package init(capacity: Int = usualCapacity) {
    let count = min(WarmProviders.usualShardCount, max(1, capacity))
    shards = (0..<count).map { _ in Shard(capacity: (capacity + count - 1) / count) }
  }

  /// The provider that answered `key` last, if that is no longer ago than `span`.
  package func provider(for key: Key, within span: Duration, now: MonotonicTime) -> ProviderID? {
    shard(of: key).state.withLock { $0.provider(for: key, within: span, now: now) }
  }

  /// Notes that `provider` has answered `key`.
  package func note(_ provider: ProviderID, for key: Key, now: MonotonicTime) {
    shard(of: key).state.withLock { $0.note(provider, for: key, now: now) }
  }

  private func shard(of key: Key) -> Shard {
    shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))]
  }
}

/// A table of at most `capacity` entries that forgets the one noted longest ago.
struct RecentAnswers: Sendable {
  private struct Entry {
    var key: WarmProviders.Key
    var provider: ProviderID
    var answeredAt: MonotonicTime
    /// The places of the entries noted next and before; -1 at the ends.
    var newer: Int
    var older: Int
  }

  private let capacity: Int
  private var places: [WarmProviders.Key: Int] = [:]
  private var entries: [Entry] = []
  private var newest = -1
  private var oldest = -1

  init(capacity: Int) {
    precondition(capacity >= 1, "a table for nobody")
    self.capacity = capacity
  }

  var count: Int { entries.count }

  func provider(for key: WarmProviders.Key, within span: Duration, now: MonotonicTime) -> ProviderID? {
    guard let place = places[key], now - entries[place].answeredAt <= span else { return nil }
    return entries[place].provider
  }

  mutating func note(_ provider: ProviderID, for key: WarmProviders.Key, now: MonotonicTime) {
    if let place = places[key] {
      entries[place].provider = provider
      entries[place].answeredAt = now
      guard place != newest else { return }
      unlink(place)
      linkAsNewest(place)
      return
    }
    let entry = Entry(key: key, provider: provider, answeredAt: now, newer: -1, older: -1)
    let place: Int
    if entries.count < capacity {
      place = entries.count
      entries.append(entry)
    } else {
      place = oldest
      unlink(place)
      places[entries[place].key] = nil
      entries[place] = entry
    }
    places[key] = place
    linkAsNewest(place)
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (entries[place].newer, entries[place].older)
    if newer >= 0 { entries[newer].older = older } else { newest = older }
    if older >= 0 { entries[older].newer = newer } else { oldest = newer }
  }

  private mutating func linkAsNewest(_ place: Int) {
    entries[place].newer = -1
    entries[place].older = newest
    if newest >= 0 { entries[newest].newer = place } else { oldest = place }
    newest = place
  }
}
