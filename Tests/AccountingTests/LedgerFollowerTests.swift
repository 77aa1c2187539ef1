import GatewayTypes
import Glibc
import Testing

@testable import Accounting

@Suite("LedgerFollower")
struct LedgerFollowerTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }
  private let scope = SpendingScope(everyUser: true, tags: ["team=red"])

  @Test(
    "a start from a checkpoint ends with the same sums, to the byte, as one that reads all",
    arguments: 1...12 as ClosedRange<UInt64>)
  func sameSums(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    for _ in 0..<4 {
      let log = try UsageLog(path: path, rotationSize: 3_000)
      let follower = try LedgerFollower(log, scope: scope)
      for _ in 0..<Int.random(in: 0...20, using: &generator) {
        try log.append(.random(using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: _ = try follower.advance()
        case 1: try follower.saveCheckpoint()
        default: break
        }
      }
      try log.close()
    }
    let log = try UsageLog(path: path)
    let fromCheckpoint = try LedgerFollower(log, scope: scope)
    unlink(Checkpoint.path(ofLedger: path))
    let fromAll = try LedgerFollower(log, scope: scope)
    #expect(try !fromAll.opening.usedCheckpoint && fromAll.opening.linesRead == fromAll.state.lineCount)
    #expect(try fromAll.opening.messages.isEmpty && fromAll.state.garbledCount == 0)
    #expect(try Checkpoint.encode(fromCheckpoint.state) == Checkpoint.encode(fromAll.state))
    // What is read back from the bytes gives the same bytes.
    let bytes = try Checkpoint.encode(fromAll.state)
    #expect(try Checkpoint.encode(Checkpoint.decode(bytes)) == bytes)
  }

  @Test("only the lines behind the checkpoint are read, also when they are in later files")
  func behindCheckpoint() throws {
    try append(["a", "b", "c"], rotationSize: 900)
    let log = try UsageLog(path: path, rotationSize: 900)
    try LedgerFollower(log, scope: scope).saveCheckpoint()
    for id in ["d", "e", "f", "g"] { try log.append(.inFlight(id, cents: 1)) }
    #expect(log.counters.rotations >= 1)
    let follower = try LedgerFollower(log, scope: scope)
    #expect(follower.opening == LedgerFollower.Opening(usedCheckpoint: true, linesRead: 4))
    #expect(try follower.state.lineCount == 7 && follower.state.everybody.total == .cents(7))
  }

  @Test("sums are those of an independent addition, and budgets get what each party spent")
  func sums() throws {
    var generator = SplitMix(state: 5)
    let records = (0..<500).map { _ in UsageRecord.random(using: &generator) }
    let log = try UsageLog(path: path)
    for record in records { try log.append(record) }
    let follower = try LedgerFollower(log, scope: scope)
    var spent: [BudgetParty: Money] = [:]
    for record in records {
      let parties =
        [BudgetParty.global] + (record.user.map { [.user($0)] } ?? []) + (record.key.map { [.key($0)] } ?? [])
      for party in parties { spent[party, default: .zero] += record.cost }
    }
    for (party, spending) in try follower.spendings where party != .tag("team=red") {
      #expect(spending.total == spent[party])
    }
    #expect(try follower.spendings.count == spent.count + 1)
    #expect(try follower.state.total.cost == records.map(\.cost).reduce(.zero, +))
  }

  @Test("the totals that a restart shows are those that were counted before it")
  func totals() throws {
    var generator = SplitMix(state: 6)
    let log = try UsageLog(path: path)
    let start = Timestamp("2026-11-21T09:00:00Z")
    let before = UsageTotals(since: start, shardCount: 2)
    for number in 0..<300 {
      var record = UsageRecord.random(using: &generator)
      record.time = Timestamp(millisecondsSince1970: start.millisecondsSince1970 + Int64(number) * 30_000)
      record.latency = record.latency.map { .milliseconds($0.wholeMilliseconds) }
      try log.append(record)
      before.record(record, shard: number, now: record.time.asMonotonic)
    }
    let wallNow = Timestamp(millisecondsSince1970: start.millisecondsSince1970 + 299 * 30_000)
    let now = MonotonicTime(nanoseconds: 7_000_000_000)
    let after = UsageTotals(since: wallNow, shardCount: 2)
    try after.restore(from: LedgerFollower(log, scope: scope), now: now, wallNow: wallNow)
    var (old, new): ([UInt8], [UInt8]) = ([], [])
    var (oldSnapshot, newSnapshot) = (before.snapshot(now: wallNow.asMonotonic), after.snapshot(now: now))
    // The hour's window may differ by the one slot that is on its edge.
    #expect(abs(oldSnapshot.lastHour.requests - newSnapshot.lastHour.requests) <= 2)
    #expect(newSnapshot.lastMinute.requests >= 1 && newSnapshot.lastMinute.requests <= 2)
    (oldSnapshot.lastHour, oldSnapshot.lastMinute) = (UsageSum(), UsageSum())
    (newSnapshot.lastHour, newSnapshot.lastMinute) = (UsageSum(), UsageSum())
    oldSnapshot.since = newSnapshot.since
    oldSnapshot.appendJSON(to: &old)
    newSnapshot.appendJSON(to: &new)
    #expect(old == new)
  }

  @Test("a damaged checkpoint is said to be so, and all is read", arguments: 0..<60)
  func damaged(place: Int) throws {
    try append(["a", "b"])
    let log = try UsageLog(path: path)
    try LedgerFollower(log, scope: scope).saveCheckpoint()
    var bytes = folder.bytes("usage.log.checkpoint")
    if place < 30 {
      bytes[bytes.count * place / 30] ^= 4
    } else {
      bytes.removeLast(1 + (bytes.count - 1) * (place - 30) / 30)
    }
    folder.write(bytes, to: "usage.log.checkpoint")
    let follower = try LedgerFollower(log, scope: scope)
    #expect(follower.opening.messages == ["the checkpoint is damaged; all of the ledger is read"])
    #expect(try follower.state.lineCount == 2)
  }

  @Test("a checkpoint that does not fit its ledger, or not the budgets, is not used")
  func unfitting() throws {
    try append(["a", "b"])
    try LedgerFollower(UsageLog(path: path), scope: SpendingScope(users: ["u"])).saveCheckpoint()
    let budgets = try LedgerFollower(UsageLog(path: path), scope: scope)
    #expect(
      budgets.opening.messages == [
        "there are budgets that the checkpoint does not know; all of the ledger is read"
      ])
    #expect(
      try LedgerFollower(UsageLog(path: path), scope: SpendingScope(users: ["u"])).opening.usedCheckpoint)
    for text in [
      "",
      folder.read("usage.log").replacing("\"a\"", with: "\"x\"").replacing("chain\":\"", with: "chain\":\"0"),
    ] {
      folder.write(text, to: "usage.log")
      let other = try LedgerFollower(UsageLog(path: path), scope: SpendingScope(users: ["u"]))
      #expect(
        !other.opening.usedCheckpoint && other.opening.messages.first?.contains("another ledger") == true)
    }
  }

  @Test("bad lines are counted, described, and stop nothing")
  func garbled() throws {
    try append(["a"])
    let log = try UsageLog(path: path)
    let follower = try LedgerFollower(log, scope: scope)
    let file = fopen(path, "a")
    fputs("{\"time\":\n?\n", file)
    fclose(file)
    try log.append(.inFlight("b", cents: 1))
    let complaints = try follower.advance()
    #expect(
      complaints.count == 2 && complaints[0].hasPrefix("\(path):2: not JSON")
        && complaints[1].hasPrefix("\(path):3: "))
    #expect(try follower.state.lineCount == 2 && follower.state.garbledCount == 2)
    #expect(try follower.advance().isEmpty)
    try follower.saveCheckpoint()
    #expect(try LedgerFollower(log, scope: scope).opening == .init(usedCheckpoint: true))
  }

  @Test("a reset line sets the statistics back and leaves what was spent")
  func reset() throws {
    try append(["a", "b"])
    let log = try UsageLog(path: path)
    try log.appendReset(scope: "cooldowns", at: Timestamp("2026-11-21T10:00:00Z"))
    let follower = try LedgerFollower(log, scope: scope)
    #expect(try follower.state.total.requests == 2)
    try log.appendReset(scope: "usage", at: Timestamp("2026-11-21T11:00:00Z"))
    try log.append(.inFlight("c", cents: 1))
    #expect(try follower.advance().isEmpty)
    #expect(try follower.state.total.requests == 1 && follower.state.everybody.total == .cents(3))
    #expect(try follower.state.since == Timestamp("2026-11-21T11:00:00Z"))
  }

  @Test("budgets that come with a reload are added up from the ledger's beginning")
  func adopting() throws {
    try append(["a", "b"])
    let follower = try LedgerFollower(UsageLog(path: path), scope: SpendingScope())
    #expect(try follower.spendings.map(\.party) == [.global])
    follower.adopt(SpendingScope())
    follower.adopt(scope)
    #expect(try follower.advance().isEmpty)
    #expect(try follower.spendings.map(\.party) == [.global, .tag("team=red"), .user("u")])
    #expect(try follower.state.lineCount == 2)
  }

  @Test("behind threads that append and rotate, every line is read once", arguments: 1...6)
  func following(round: Int) async throws {
    let log = try UsageLog(path: path, rotationSize: 2_000)
    let follower = try LedgerFollower(log, scope: scope)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<3 {
        group.addTask {
          for number in 0..<200 { try? log.append(.inFlight("\(writer) \(number)", cents: 1)) }
        }
      }
      group.addTask { for _ in 0..<50 { _ = try? follower.advance() } }
    }
    try log.close()
    #expect(try follower.advance().isEmpty)
    #expect(try follower.state.lineCount == 600 && follower.state.everybody.total == .cents(600))
  }

  private func append(_ ids: [String], rotationSize: Int = .max) throws {
    let log = try UsageLog(path: path, rotationSize: rotationSize)
    for id in ids { try log.append(.inFlight(id, cents: 1)) }
    try log.close()
  }
}
