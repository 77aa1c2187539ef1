import GatewayTypes

/// The requests and tokens of exactly the last `window`, as a ring of timed entries with running sums.
///
/// With `slot` zero every event is its own entry and the sums are exact. With a longer slot, events less
/// than a slot apart share an entry that counts until the *last* of them leaves the window: memory is then
/// bounded by `window / slot` entries, and an event counts at most one slot too long, never too short.
struct RollingLog: Sendable {
  private struct Entry {
    var first: Int64
    var last: Int64
    var requests: Int
    var tokens: Int
  }

  private let window: Int64
  private let slot: Int64
  private var ring: [Entry] = []
  private var head = 0
  private var count = 0

  private(set) var requests = 0
  private(set) var tokens = 0
  /// When the oldest entry leaves the window, or sooner: before that nothing is to be looked at.
  private var nextExpiry = Int64.min

  init(window: Duration, slot: Duration) {
    precondition(window > .zero && slot >= .zero && slot < window, "a slot is a part of the window")
    self.window = window.wholeNanoseconds
    self.slot = slot.wholeNanoseconds
  }

  /// Drops what has left the window that ends at `now`.
  mutating func expire(now: MonotonicTime) {
    guard now.nanoseconds >= nextExpiry else { return }
    while count > 0 {
      let oldest = ring[head]
      let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(oldest.last)
      guard overflow ? now.nanoseconds > 0 : age >= window else {
        let (expiry, isNever) = oldest.last.addingReportingOverflow(window)
        nextExpiry = isNever ? .max : expiry
        return
      }
      requests -= oldest.requests
      tokens -= oldest.tokens
      head = next(head)
      count -= 1
    }
    nextExpiry = .min
  }

  /// Notes one request of `added` tokens and returns the time it is noted at: `now`, or the newest time
  /// seen when another thread was ahead.
  mutating func append(tokens added: Int, now: MonotonicTime) -> MonotonicTime {
    expire(now: now)
    requests += 1
    tokens += added
    var time = now.nanoseconds
    if count > 0 {
      let newest = position(count - 1)
      time = max(time, ring[newest].last)
      if time - ring[newest].first < slot {
        ring[newest].last = time
        ring[newest].requests += 1
        ring[newest].tokens += added
        return MonotonicTime(nanoseconds: time)
      }
    }
    if count == ring.count { grow() }
    count += 1
    ring[position(count - 1)] = Entry(first: time, last: time, requests: 1, tokens: added)
    return MonotonicTime(nanoseconds: time)
  }

  /// Changes the tokens of a request noted at `time`; nothing once it has left the window.
  mutating func adjust(at time: MonotonicTime, by difference: Int) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if ring[position(middle)].last < time.nanoseconds { low = middle + 1 } else { high = middle }
    }
    guard low < count else { return }
    let index = position(low)
    guard ring[index].first <= time.nanoseconds else { return }
    let change = max(difference, -ring[index].tokens)
    ring[index].tokens += change
    tokens += change
  }

  /// When at least this many requests and tokens of those now inside will have left the window.
  func timeWhenFreed(requests neededRequests: Int, tokens neededTokens: Int) -> MonotonicTime {
    var freedRequests = 0
    var freedTokens = 0
    for index in 0..<count {
      let entry = ring[position(index)]
      freedRequests += entry.requests
      freedTokens += entry.tokens
      if freedRequests >= neededRequests && freedTokens >= neededTokens {
        return MonotonicTime(nanoseconds: entry.last) + .nanoseconds(window)
      }
    }
    preconditionFailure("more was to be freed than is inside the window")
  }

  /// Forgets everything and keeps the memory.
  mutating func removeAll() {
    head = 0
    count = 0
    requests = 0
    tokens = 0
    nextExpiry = .min
  }

  private func next(_ index: Int) -> Int {
    index + 1 == ring.count ? 0 : index + 1
  }

  private func position(_ index: Int) -> Int {
    let position = head + index
    return position >= ring.count ? position - ring.count : position
  }

  private mutating func grow() {
    var larger: [Entry] = []
    larger.reserveCapacity(max(16, ring.count * 2))
    for index in 0..<count { larger.append(ring[position(index)]) }
    let empty = Entry(first: 0, last: 0, requests: 0, tokens: 0)
    while larger.count < max(16, ring.count * 2) { larger.append(empty) }
    ring = larger
    head = 0
  }
}
