import GatewayTypes
import Testing

@testable import Accounting

@Suite("Budgets")
struct BudgetsTests {
  private let morning = Timestamp("2026-11-21T09:00:00Z")

  @Test("a reservation counts until it is settled at its cost, and what is left can be reserved again")
  func settling() throws {
    let budgets = Budgets(BudgetLimits(perUser: .init(.cents(100))))
    let alice = BudgetParties(user: "alice")
    let first = try budgets.reserve(.cents(60), for: alice, now: morning)
    #expect(budgets.left(for: alice, now: morning) == .cents(40))
    #expect(
      refusal(budgets, .cents(41), alice)?.reason == .exceeded(limit: .init(.cents(100)), left: .cents(40)))
    #expect(first.settle(cost: .cents(5), at: morning) == .zero)
    #expect(budgets.left(for: alice, now: morning) == .cents(95))
    #expect(refusal(budgets, .cents(95), alice) == nil)
  }

  @Test("a dropped reservation is given back whole, and a refused one takes nothing from anybody")
  func dropping() throws {
    let budgets = Budgets(
      BudgetLimits(
        perUser: .init(.cents(100)), tags: ["team=red": .init(.cents(10))], global: .init(.cents(500))))
    let parties = BudgetParties(user: "alice", tags: ["team=red"])
    do {
      let reservation = try budgets.reserve(.cents(10), for: parties, now: morning)
      #expect(reservation.amount == .cents(10))
    }
    let refused = refusal(budgets, .cents(11), parties)
    #expect(refused?.party == .tag("team=red"))
    #expect(budgets.left(for: parties, now: morning) == .cents(10))
    #expect(budgets.left(for: BudgetParties(user: "alice"), now: morning) == .cents(100))
    #expect(budgets.left(for: BudgetParties(), now: morning) == .cents(500))
  }

  @Test("a request is refused by whichever of its budgets is too small, and by none that is not its own")
  func parties() {
    let limits = BudgetLimits(
      perUser: .init(.cents(100)), users: ["rich": .init(.cents(900))],
      keys: ["k": .init(.cents(50), per: .month)],
      tags: ["team=red": .init(.cents(20))], global: .init(.cents(800)))
    let cases: [(BudgetParties, Int, BudgetParty?)] = [
      (BudgetParties(user: "a"), 100, nil), (BudgetParties(user: "a"), 101, .user("a")),
      (BudgetParties(user: "rich"), 800, nil), (BudgetParties(user: "rich"), 801, .global),
      (BudgetParties(user: "a", key: "k"), 51, .key("k")), (BudgetParties(key: "other"), 800, nil),
      (BudgetParties(tags: ["x=y", "team=red"]), 21, .tag("team=red")),
      (BudgetParties(tags: ["team=blue"]), 800, nil),
      (BudgetParties(), 801, .global), (BudgetParties(user: ""), 101, .user("")),
    ]
    for (parties, cents, party) in cases {
      #expect(refusal(Budgets(limits), .cents(cents), parties)?.party == party)
    }
  }

  @Test("a further attempt may raise the reservation, or is refused and leaves it as it was")
  func changing() throws {
    let budgets = Budgets(BudgetLimits(perUser: .init(.cents(100))))
    let alice = BudgetParties(user: "alice")
    var reservation = try budgets.reserve(.cents(10), for: alice, now: morning)
    try reservation.change(to: .cents(90), now: morning)
    #expect(budgets.left(for: alice, now: morning) == .cents(10))
    do {
      try reservation.change(to: .cents(101), now: morning)
      Issue.record("101 cents do not fit into 100")
    } catch {
      #expect(error.reason == .exceeded(limit: .init(.cents(100)), left: .cents(10)))
    }
    #expect(reservation.amount == .cents(90))
    try reservation.change(to: .cents(40), now: morning)
    #expect(budgets.left(for: alice, now: morning) == .cents(60))
    reservation.settle(cost: .cents(30), at: morning)
    #expect(budgets.left(for: alice, now: morning) == .cents(70))
  }

  @Test("a cost above its bound is recorded whole, and the excess is told")
  func excess() throws {
    let budgets = Budgets(BudgetLimits(perUser: .init(.cents(100))))
    let alice = BudgetParties(user: "alice")
    let reservation = try budgets.reserve(.cents(10), for: alice, now: morning)
    #expect(reservation.settle(cost: .cents(130), at: morning) == .cents(120))
    #expect(budgets.left(for: alice, now: morning) == .zero)
    #expect(budgets.snapshot(now: morning).entries.last?.spent == .cents(130))
    #expect(refusal(budgets, .zero, alice) != nil)
  }

  @Test("days and months renew at midnight UTC, totals never, and a clock set back renews nothing")
  func periods() throws {
    let cases: [(BudgetPeriod, String, Bool, String?)] = [
      (.total, "2099-01-01T00:00:00Z", false, nil),
      (.day, "2026-11-30T23:59:59.999Z", false, "2026-12-01T00:00:00Z"),
      (.day, "2026-12-01T00:00:00Z", true, "2026-12-02T00:00:00Z"),
      (.month, "2026-11-30T23:59:59.999Z", false, "2026-12-01T00:00:00Z"),
      (.month, "2026-12-01T00:00:00Z", true, "2027-01-01T00:00:00Z"),
      (.month, "2027-11-30T10:00:00Z", true, "2027-12-01T00:00:00Z"),
      (.day, "2026-11-29T10:00:00Z", false, "2026-11-30T00:00:00Z"),
      (.month, "2026-10-29T10:00:00Z", false, "2026-11-01T00:00:00Z"),
    ]
    for (period, later, isRenewed, renewsAt) in cases {
      let budgets = Budgets(BudgetLimits(global: .init(.cents(10), per: period)))
      let spent = Timestamp("2026-11-30T23:59:00Z")
      try budgets.reserve(.cents(10), for: BudgetParties(), now: spent).settle(cost: .cents(10), at: spent)
      let left = budgets.left(for: BudgetParties(), now: Timestamp(later))
      #expect(left == (isRenewed ? .cents(10) : .zero))
      do {
        _ = try budgets.reserve(.cents(11), for: BudgetParties(), now: Timestamp(later))
        Issue.record("11 cents do not fit into 10")
      } catch {
        #expect(error.renewsAt == renewsAt.map { Timestamp($0) })
      }
    }
  }

  @Test(
    "a cost from before the newest day counts into that day, so a clock set back neither renews nor loses")
  func clockSetBack() throws {
    let budgets = Budgets(
      BudgetLimits(keys: ["k": .init(.cents(10), per: .month)], global: .init(.cents(10), per: .day)))
    let parties = BudgetParties(key: "k")
    for time in [
      "2026-12-01T00:00:01Z", "2026-11-30T23:59:59Z", "2026-11-29T12:00:00Z", "2026-12-01T00:00:02Z",
    ] {
      let reservation = try budgets.reserve(.cents(1), for: parties, now: Timestamp(time))
      reservation.settle(cost: .cents(1), at: Timestamp(time))
    }
    #expect(budgets.left(for: parties, now: Timestamp("2026-12-01T12:00:00Z")) == .cents(6))
    for now in ["2026-11-29T12:00:00Z", "2026-12-01T12:00:00Z"] {
      #expect(budgets.left(for: BudgetParties(), now: Timestamp(now)) == .cents(6))
    }
    #expect(budgets.left(for: parties, now: Timestamp("2026-12-02T00:00:00Z")) == .cents(6))
    #expect(budgets.left(for: BudgetParties(), now: Timestamp("2026-12-02T00:00:00Z")) == .cents(10))
  }

  @Test("what is reserved over midnight counts against the new day until it is settled there")
  func midnight() throws {
    let budgets = Budgets(BudgetLimits(global: .init(.cents(10), per: .day)))
    let everybody = BudgetParties()
    let reservation = try budgets.reserve(.cents(8), for: everybody, now: Timestamp("2026-11-21T23:59:59Z"))
    let nextDay = Timestamp("2026-11-22T00:00:01Z")
    #expect(budgets.left(for: everybody, now: nextDay) == .cents(2))
    reservation.settle(cost: .cents(7), at: nextDay)
    #expect(budgets.left(for: everybody, now: nextDay) == .cents(3))
  }

  @Test("new limits keep what is spent and reserved, and may be below it")
  func adopting() throws {
    let budgets = Budgets(BudgetLimits(perUser: .init(.cents(100))))
    let alice = BudgetParties(user: "alice")
    try budgets.reserve(.cents(50), for: alice, now: morning).settle(cost: .cents(40), at: morning)
    let running = try budgets.reserve(.cents(20), for: alice, now: morning)
    budgets.adopt(BudgetLimits(perUser: .init(.cents(30), per: .day)))
    #expect(budgets.left(for: alice, now: morning) == .zero)
    running.settle(cost: .cents(20), at: morning)
    budgets.adopt(BudgetLimits(users: ["alice": .init(.cents(100))]))
    #expect(budgets.left(for: alice, now: morning) == .cents(40))
    budgets.adopt(BudgetLimits())
    #expect(budgets.left(for: alice, now: morning) == nil)
  }

  @Test("what the ledger says was spent counts, for the parties that have budgets")
  func restoring() {
    let budgets = Budgets(
      BudgetLimits(users: ["alice": .init(.cents(10))], global: .init(.cents(50), per: .day)))
    var spending = Spending()
    spending.add(.cents(4), at: Timestamp("2026-11-20T09:00:00Z"))
    spending.add(.cents(3), at: morning)
    budgets.restore([(.user("alice"), spending), (.user("bob"), spending), (.global, spending)])
    #expect(budgets.left(for: BudgetParties(user: "alice"), now: morning) == .cents(3))
    #expect(budgets.left(for: BudgetParties(), now: morning) == .cents(47))
    #expect(budgets.snapshot(now: morning).entries.map(\.party) == [.global, .user("alice")])
  }

  @Test("past the number of parties that can be kept a new one is refused, known ones are not")
  func tooMany() throws {
    let budgets = Budgets(BudgetLimits(perUser: .init(.cents(10))), maximumPartyCount: 2)
    for user in ["a", "b", "a"] {
      try budgets.reserve(.cents(1), for: BudgetParties(user: user), now: morning).settle(
        cost: .cents(1), at: morning)
    }
    #expect(refusal(budgets, .cents(1), BudgetParties(user: "c"))?.reason == .tooManyParties)
    #expect(refusal(budgets, .cents(1), BudgetParties(user: "b")) == nil)
  }

  @Test("users and tags without a budget take no memory")
  func untracked() throws {
    let budgets = Budgets(BudgetLimits(users: ["alice": .init(.cents(10))]))
    for number in 0..<100 {
      let parties = BudgetParties(user: "user \(number)", tags: ["n=\(number)"])
      try budgets.reserve(.cents(1), for: parties, now: morning).settle(cost: .cents(1), at: morning)
    }
    #expect(budgets.snapshot(now: morning).count == 1)
  }

  @Test("the snapshot is sorted, bounded, and says what a refusal says in words")
  func snapshot() throws {
    let budgets = Budgets(
      BudgetLimits(perUser: .init(.cents(100), per: .day), keys: ["k": .init(.cents(200))]))
    for (user, cents) in [("b", 3), ("c", 2), ("a", 1)] {
      let parties = BudgetParties(user: user, key: "k")
      try budgets.reserve(.cents(9), for: parties, now: morning).settle(cost: .cents(cents), at: morning)
    }
    let all = budgets.snapshot(now: morning)
    #expect(all.entries.map(\.party) == [.global, .key("k"), .user("a"), .user("b"), .user("c")])
    let few = budgets.snapshot(limit: 4, now: morning)
    #expect(few.entries.map(\.party) == [.global, .key("k"), .user("b"), .user("c")] && few.count == 5)
    var json: [UInt8] = []
    budgets.snapshot(limit: 2, now: morning).appendJSON(to: &json)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"count":5,"budgets":[{"kind":"global","name":null,"limit":null,"window":null,"spent":0.06,"#
        + #""reserved":0,"left":null,"renews_at":null},{"kind":"key","name":"k","limit":2,"window":"total","#
        + #""spent":0.06,"reserved":0,"left":1.94,"renews_at":null}]}"#)
    #expect(
      refusal(budgets, .cents(100), BudgetParties(user: "b"))?.description
        == "the budget of user b, 1 USD a day, has 0.97 USD left; it renews at 2026-11-22T00:00:00.000Z")
  }

  @Test(
    "whatever the order of reservations, changes, settlements and drops, no limit is passed and sums are exact",
    arguments: 1...20 as ClosedRange<UInt64>)
  func property(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let limits = BudgetLimits(
      perUser: .init(.cents(100)), users: ["u1": .init(.cents(300))], keys: ["k0": .init(.cents(150))],
      tags: ["t=0": .init(.cents(90))], global: .init(.cents(400)))
    let budgets = Budgets(limits)
    var spent: [BudgetParty: Int] = [:]
    for _ in 0..<2_000 {
      let user = "u\(Int.random(in: 0..<3, using: &generator))"
      let key = "k\(Int.random(in: 0..<2, using: &generator))"
      let tags = Bool.random(using: &generator) ? ["t=0"] : []
      let bound = Int.random(in: 0...30, using: &generator)
      guard
        var reservation = try? budgets.reserve(
          .cents(bound), for: BudgetParties(user: user, key: key, tags: tags), now: morning)
      else { continue }
      if Int.random(in: 0..<3, using: &generator) == 0 {
        try? reservation.change(to: .cents(Int.random(in: 0...40, using: &generator)), now: morning)
      }
      guard Int.random(in: 0..<4, using: &generator) > 0 else { continue }
      let most = Int(reservation.amount.picodollars / Money.cents(1).picodollars)
      let cost = Int.random(in: 0...min(most, 3), using: &generator)
      #expect(reservation.settle(cost: .cents(cost), at: morning) == .zero)
      for party in [.user(user), .key(key), .global] + tags.map({ BudgetParty.tag($0) }) {
        spent[party, default: 0] += cost
      }
    }
    for entry in budgets.snapshot(now: morning).entries {
      #expect(entry.spent == .cents(spent[entry.party] ?? 0) && entry.reserved == .zero)
      if let limit = entry.limit { #expect(entry.spent <= limit.amount) }
    }
    #expect(spent[.global, default: 0] > 350)
  }

  @Test(
    "two threads that fail and succeed at random never pass the limit",
    arguments: 1...5 as ClosedRange<UInt64>)
  func threads(seed: UInt64) async {
    let budgets = Budgets(BudgetLimits(perUser: .init(.dollar), global: .init(.cents(150))))
    let settled = await withTaskGroup(of: [String: Money].self) { group in
      for thread in 0..<4 {
        group.addTask { spendAtRandom(budgets, seed: seed &* 31 &+ UInt64(thread), now: morning) }
      }
      return await group.reduce(into: [String: Money]()) { $0.merge($1, uniquingKeysWith: +) }
    }
    for entry in budgets.snapshot(now: morning).entries {
      switch entry.party {
      case .user(let name): #expect(entry.spent == settled[name] ?? .zero && entry.spent <= .dollar)
      case .global, .key, .tag:
        #expect(entry.spent == settled.values.reduce(.zero, +) && entry.spent <= .cents(150))
      }
      #expect(entry.reserved == .zero)
    }
    // What is left is less than the smallest bound that was tried, many times, after all else had ended.
    #expect(settled.values.reduce(.zero, +) >= .cents(143))
  }

  private func refusal(_ budgets: Budgets, _ bound: Money, _ parties: BudgetParties) -> BudgetRefusal? {
    do throws(BudgetRefusal) {
      _ = try budgets.reserve(bound, for: parties, now: morning)
      return nil
    } catch {
      return error
    }
  }
}

/// What a loop of callers does: reserves 1 to 8 cents, then settles at most that or lets go.
private func spendAtRandom(_ budgets: Budgets, seed: UInt64, now: Timestamp) -> [String: Money] {
  var generator = SplitMix(state: seed)
  var settled: [String: Money] = [:]
  for _ in 0..<3_000 {
    let user = "u\(Int.random(in: 0..<2, using: &generator))"
    let bound = Money.cents(Int.random(in: 1...8, using: &generator))
    guard let reservation = try? budgets.reserve(bound, for: BudgetParties(user: user), now: now),
      Bool.random(using: &generator)
    else { continue }
    let cost = Money(picodollars: Int128.random(in: 0...bound.picodollars, using: &generator))
    reservation.settle(cost: cost, at: now)
    settled[user, default: .zero] += cost
  }
  return settled
}

extension Money {
  static func cents(_ count: Int) -> Money { Money(picodollars: 10_000_000_000) * count }
}

extension Timestamp {
  /// A time of the tests' own.
  init(_ text: StaticString) {
    self.init(String(describing: text))
  }

  init(_ text: String) {
    guard let time = Timestamp(rfc3339: Array(text.utf8).span) else {
      preconditionFailure("\(text) is a time")
    }
    self = time
  }
}
