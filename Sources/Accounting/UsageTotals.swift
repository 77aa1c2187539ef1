package import GatewayTypes
import Synchronization

/// Everything that was asked, answered and paid since the start or the last reset.
///
/// One shard an event loop, each with its own lock, so that two loops never wait for each other;
/// a reader adds the shards up. Safe to use from any thread.
package final class UsageTotals: Sendable {
  /// Distinct providers, models, users, intents and keys that are counted apart, each.
  package static let defaultGroupLimit = 10_000

  private let shards: [Shard]
  private let since: Mutex<Timestamp>
  private let groupLimit: Int

  /// What one loop has counted; a class of its own, so that shards do not share a cache line.
  private final class Shard: Sendable {
    let sums: Mutex<Sums>

    init(groupLimit: Int) {
      sums = Mutex(Sums(groupLimit: groupLimit))
    }
  }

  private struct Sums {
    var total = UsageSum()
    var lastMinute = RollingSum.lastMinute
    var lastHour = RollingSum.lastHour
    var groups: UsageSnapshot.Groups

    init(groupLimit: Int) {
      groups = UsageSnapshot.Groups(limit: groupLimit)
    }
  }

  package init(since: Timestamp, shardCount: Int, groupLimit: Int = UsageTotals.defaultGroupLimit) {
    precondition(shardCount > 0 && groupLimit > 0, "totals need a shard, and room for a group")
    shards = (0..<shardCount).map { _ in Shard(groupLimit: groupLimit) }
    self.since = Mutex(since)
    self.groupLimit = groupLimit
  }

  /// Counts one request that ended at `now`. `shard` is the number of the caller's event loop; one
  /// that is larger than the shard count is correct too, and only shares a lock.
  package func record(_ record: borrowing UsageRecord, shard: Int, now: MonotonicTime) {
    let sum = UsageSum(record)
    let provider = record.provider?.text
    let (model, user, intent, key) = (record.model, record.user, record.intent, record.key)
    shards[shard % shards.count].sums.withLock { sums in
      sums.total += sum
      sums.lastMinute.add(sum, at: now)
      sums.lastHour.add(sum, at: now)
      sums.groups.byProvider.add(sum, to: provider)
      sums.groups.byModel.add(sum, to: model)
      sums.groups.byUser.add(sum, to: user)
      sums.groups.byIntent.add(sum, to: intent)
      sums.groups.byKey.add(sum, to: key)
    }
  }

  /// Adds what the ledger says of the time before this process, as `follower` has it. Called once.
  ///
  /// `now` and `wallNow` are the same moment on the two clocks. Latencies come back in whole milliseconds.
  package func restore(
    from follower: LedgerFollower, now: MonotonicTime, wallNow: Timestamp
  ) throws(UsageLogError) {
    let state = try follower.state
    if let time = state.since { since.withLock { $0 = time } }
    let theirNow = wallNow.asMonotonic
    shards[0].sums.withLock { sums in
      sums.total += state.total
      sums.lastMinute.add(state.lastMinute, now: now, theirNow: theirNow)
      sums.lastHour.add(state.lastHour, now: now, theirNow: theirNow)
      sums.groups.byProvider.add(state.byProvider.groups)
      sums.groups.byModel.add(state.byModel.groups)
      sums.groups.byUser.add(state.byUser.groups)
      sums.groups.byIntent.add(state.byIntent.groups)
      sums.groups.byKey.add(state.byKey.groups)
    }
  }

  /// All shards added up. A request that is being recorded meanwhile is in it wholly or not at all.
  package func snapshot(now: MonotonicTime) -> UsageSnapshot {
    var snapshot = UsageSnapshot(since: since.withLock { $0 }, groupLimit: groupLimit)
    for shard in shards {
      // A copy under the lock is a few references; the adding is done outside.
      let sums = shard.sums.withLock { $0 }
      snapshot.total += sums.total
      snapshot.lastMinute += sums.lastMinute.sum(at: now)
      snapshot.lastHour += sums.lastHour.sum(at: now)
      snapshot.groups.add(sums.groups)
    }
    return snapshot
  }

  /// Starts counting anew.
  package func reset(since time: Timestamp) {
    since.withLock { $0 = time }
    for shard in shards {
      shard.sums.withLock { $0 = Sums(groupLimit: groupLimit) }
    }
  }
}
