package import GatewayTypes
import Synchronization

/// The last requests, for `GET /requests`; older ones are in the ledger only.
///
/// Safe to use from any thread: a record goes in under one short lock.
package final class RequestHistory: Sendable {
  package static let defaultCapacity = 1_000

  private let ring: Mutex<Ring>

  private struct Ring {
    let capacity: Int
    /// Grows to the capacity; from then on `next` is also the oldest.
    var records: [UsageRecord] = []
    var next = 0
  }

  package init(capacity: Int = RequestHistory.defaultCapacity) {
    precondition(capacity > 0, "a history holds at least one request")
    ring = Mutex(Ring(capacity: capacity))
  }

  /// Adds the request that ended last, without its content; the oldest one leaves.
  package func add(_ record: consuming UsageRecord) {
    record.content = nil
    let finished = record
    ring.withLock { ring in
      if ring.records.count < ring.capacity {
        ring.records.append(finished)
      } else {
        ring.records[ring.next] = finished
      }
      ring.next = (ring.next + 1) % ring.capacity
    }
  }

  /// At most `limit` requests, newest first, of this provider and with this status where given.
  package func newest(
    _ limit: Int, provider: ProviderID? = nil, status: UsageRecord.Status? = nil
  ) -> [UsageRecord] {
    let (records, next) = ring.withLock { ($0.records, $0.next) }
    // From the newest back to the start of the array, then from its end back to the oldest.
    let newestFirst = [records[..<next].reversed(), records[next...].reversed()].joined()
    return Array(
      newestFirst.lazy
        .filter { (provider == nil || $0.provider == provider) && (status == nil || $0.status == status) }
        .prefix(max(0, limit)))
  }

  /// The request of that id; nil when it is not among the last.
  package func record(id: String) -> UsageRecord? {
    let records = ring.withLock { $0.records }
    return records.last { $0.id == id }
  }

  /// Forgets all of them.
  package func reset() {
    ring.withLock { $0 = Ring(capacity: $0.capacity) }
  }
}

extension [UsageRecord] {
  /// Appends a JSON array of the objects that the ledger's lines hold.
  package func appendJSON(to json: inout [UInt8]) {
    json.append(UInt8(ascii: "["))
    for (index, record) in enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      record.appendObject(to: &json)
    }
    json.append(UInt8(ascii: "]"))
  }
}
