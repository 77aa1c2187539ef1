import GatewayTypes
import Synchronization
import Testing

@testable import Health

/// Who was woken, in order.
private final class Wakes: Sendable {
  private let names = Mutex<[String]>([])

  var all: [String] { names.withLock { $0 } }
  func note(_ name: String) { names.withLock { $0.append(name) } }
}

/// Whether there is a ticket with a place; the macros of the tests cannot look into one themselves.
private func hasPlace(_ ticket: borrowing QueueTicket?) -> Bool {
  switch ticket {
  case .some(let ticket): ticket.hasPlace
  case .none: false
  }
}

private func isNone(_ ticket: borrowing QueueTicket?) -> Bool {
  switch ticket {
  case .some: false
  case .none: true
  }
}

extension ProviderHealth {
  /// Whether no permit is given; one that is given is dropped.
  fileprivate func refuses(now: MonotonicTime) -> Bool { acquire(tokens: 1, now: now) == nil }
}

@Suite("Queue for a place")
struct QueueTests {
  private let now = HandClock().now
  private let wakes = Wakes()

  private func health(_ places: Int, queue: Int = 100) -> ProviderHealth {
    ProviderHealth(policy: HealthPolicy(maxConcurrency: places, maxQueue: queue))
  }

  private func join(_ health: ProviderHealth, _ name: String) -> QueueTicket? {
    let wakes = wakes
    return health.joinQueue { wakes.note(name) }
  }

  @Test("the first to come is the first to have the place that becomes free, and nobody passes by")
  func order() throws {
    let health = health(1)
    let permit = health.acquire(tokens: 1, now: now)
    let first = join(health, "first")
    let second = join(health, "second")
    #expect(!hasPlace(first) && !hasPlace(second))
    #expect(health.report(now: now).queued == 2)
    permit?.answer(.callerFault, now: now)
    #expect(wakes.all == ["first"])
    #expect(hasPlace(first) && !hasPlace(second))
    // The place is promised: one that comes now does not get it.
    #expect(health.isBusy(tokens: 1, now: now))
    #expect(health.refuses(now: now))
    let next = health.acquire(tokens: 1, now: now, with: first)
    #expect(health.report(now: now).inFlight == 1)
    #expect(wakes.all == ["first"])
    next?.answer(.callerFault, now: now)
    #expect(wakes.all == ["first", "second"])
    health.acquire(tokens: 1, now: now, with: second)?.answer(.callerFault, now: now)
    let report = health.report(now: now)
    #expect((report.inFlight, report.queued) == (0, 0))
    #expect(report.standing.unavailability == nil)
  }

  @Test("a queue takes as many as it may, and none at all where it may take none", arguments: [0, 1, 3])
  func bound(size: Int) {
    let health = health(1, queue: size)
    let permit = health.acquire(tokens: 1, now: now)
    fill(health, left: size)
    #expect(health.report(now: now).queued == 0)
    permit?.answer(.callerFault, now: now)
    #expect(health.report(now: now).inFlight == 0)
  }

  /// Joins `left` times, each while those before wait, and then in vain.
  private func fill(_ health: ProviderHealth, left: Int) {
    let ticket = join(health, "one")
    #expect(isNone(ticket) == (left == 0))
    guard left > 0 else { return }
    fill(health, left: left - 1)
    #expect(hasPlace(ticket) == false)
  }

  @Test("one that leaves makes room, and the others keep their order")
  func leaving() {
    let health = health(1, queue: 2)
    let permit = health.acquire(tokens: 1, now: now)
    let first = join(health, "first")
    var second = join(health, "second")
    #expect(isNone(join(health, "late")) == true)
    second = nil
    let third = join(health, "third")
    #expect(!isNone(third) && isNone(second))
    permit?.answer(.callerFault, now: now)
    #expect(wakes.all == ["first"])
    #expect(hasPlace(first) == true)
  }

  @Test("a promised place that is not taken up goes to the next")
  func givingBack() {
    let health = health(1)
    let permit = health.acquire(tokens: 1, now: now)
    var first = join(health, "first")
    let second = join(health, "second")
    permit?.answer(.callerFault, now: now)
    #expect(hasPlace(first) && !hasPlace(second))
    first = nil
    #expect(isNone(first) && hasPlace(second))
    #expect(wakes.all == ["first", "second"])
  }

  @Test("where a place is free it is had without waiting")
  func atOnce() {
    let health = health(1)
    let first = join(health, "first")
    #expect(hasPlace(first) == true)
    #expect(health.refuses(now: now))
    health.acquire(tokens: 1, now: now, with: first)?.answer(.callerFault, now: now)
    #expect(wakes.all.isEmpty)
  }

  @Test("when something else stands in the way, all that wait are told one after the other")
  func obstacle() {
    let health = health(1)
    let permit = health.acquire(tokens: 1, now: now)
    var tickets = 0
    let first = join(health, "first")
    let second = join(health, "second")
    permit?.answer(.failure(.credential, retryAfter: nil), now: now)
    if health.acquire(tokens: 1, now: now, with: first) == nil { tickets += 1 }
    if health.acquire(tokens: 1, now: now, with: second) == nil { tickets += 1 }
    #expect(tickets == 2)
    #expect(wakes.all == ["first", "second"])
    #expect(health.report(now: now).queued == 0)
  }

  @Test("a higher limit lets in as many as there is room for")
  func raised() {
    let health = health(1)
    let permit = health.acquire(tokens: 1, now: now)
    let first = join(health, "1")
    let second = join(health, "2")
    let third = join(health, "3")
    health.adopt(HealthPolicy(maxConcurrency: 3))
    #expect(wakes.all == ["1", "2"])
    #expect(hasPlace(first) && hasPlace(second) && !hasPlace(third))
    permit?.answer(.callerFault, now: now)
    #expect(wakes.all == ["1", "2", "3"])
  }
}
