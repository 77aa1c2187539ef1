import FoundationEssentials
import GatewayTypes
import Testing

@testable import Accounting

@Suite("UsageTotals")
struct UsageTotalsTests {
  private static let start = Timestamp(millisecondsSince1970: 1_795_251_600_123)

  @Test("before the first request everything is zero")
  func empty() {
    let body = json(UsageTotals(since: Self.start, shardCount: 2).snapshot(now: seconds(0)))
    let nothing =
      #"{"requests":0,"tokens":0,"cost":0,"failures":0,"success":0,"success_rate":0,"prompt_tokens":0,"#
      + #""completion_tokens":0,"avg_latency_ms":0}"#
    #expect(
      body
        == #"{"total_requests":0,"total_success":0,"total_failures":0,"total_tokens":0,"#
        + #""prompt_tokens":0,"completion_tokens":0,"total_cost":0,"success_rate":0,"saved_cost":0,"#
        + #""avg_latency_ms":0,"since":"2026-11-21T09:00:00.123Z","last_minute":\#(nothing),"#
        + #""last_hour":\#(nothing),"by_provider":{},"by_model":{},"by_user":{},"by_intent":{},"by_key":{}}"#)
  }

  @Test("requests of all shards are added up, with exact amounts")
  func fewRequests() {
    let totals = UsageTotals(since: Self.start, shardCount: 2)
    var record = UsageRecord.example
    record.user = "a \"b\""
    record.saved = Money(picodollars: 5)
    totals.record(record, shard: 0, now: seconds(1))
    totals.record(record, shard: 1, now: seconds(2))
    record.status = .error
    (record.user, record.latency) = (nil, nil)
    totals.record(record, shard: 5, now: seconds(3))
    let body = json(totals.snapshot(now: seconds(4)))
    #expect(
      body.hasPrefix(
        #"{"total_requests":3,"total_success":2,"total_failures":1,"total_tokens":45,"#
          + #""prompt_tokens":27,"completion_tokens":18,"total_cost":0.000135,"success_rate":0.666666,"#
          + #""saved_cost":0.000000000015,"avg_latency_ms":212,"since":"#))
    #expect(
      body.contains(
        #""by_user":{"a \"b\"":{"requests":2,"tokens":30,"cost":0.00009,"failures":0,"success":2,"#
          + #""success_rate":1,"prompt_tokens":18,"completion_tokens":12,"avg_latency_ms":212}},"#))
    #expect(body.contains(#""by_provider":{"groq":{"requests":3,"#))
    #expect(body.hasSuffix(#""by_key":{}}"#))
  }

  @Test(
    "each way to end counts as success, as failure, or as neither",
    arguments: zip(
      UsageRecord.Status.allCases, [(1, 0), (0, 1), (0, 0), (0, 1), (0, 1), (1, 0)] as [(Int, Int)]))
  func statuses(status: UsageRecord.Status, counts: (successes: Int, failures: Int)) {
    var record = UsageRecord.example
    record.status = status
    let sum = UsageSum(record)
    #expect((sum.requests, sum.successes, sum.failures) == (1, counts.successes, counts.failures))
  }

  @Test("sums of 100,000 random records are those of an independent addition, to the last digit")
  func exactSums() {
    let totals = UsageTotals(since: Self.start, shardCount: 3)
    var generator = SplitMix(state: 42)
    var (cost, tokens, successes): (Int128, Int, Int) = (0, 0, 0)
    var costOfUser: [String: Int128] = [:]
    var record = UsageRecord.example
    for number in 0..<100_000 {
      let user = "user \(Int.random(in: 0..<100, using: &generator))"
      let amount = Int128.random(in: 0...10_000_000_000_000, using: &generator)
      record.user = user
      record.cost = Money(picodollars: amount)
      record.usage = TokenUsage(
        uncachedInput: Int.random(in: 0...100_000, using: &generator), cacheRead: number % 7,
        cacheWrite: number % 3, output: Int.random(in: 0...5_000, using: &generator))
      record.status = UsageRecord.Status.allCases.randomElement(using: &generator)!
      cost += amount
      costOfUser[user, default: 0] += amount
      tokens += record.usage.uncachedInput + number % 7 + number % 3 + record.usage.output
      successes += record.status == .success || record.status == .cached ? 1 : 0
      totals.record(record, shard: number % 3, now: seconds(0))
    }
    let snapshot = totals.snapshot(now: seconds(0))
    #expect(snapshot.total.requests == 100_000 && snapshot.total.successes == successes)
    #expect(snapshot.total.cost.picodollars == cost && snapshot.total.totalTokens == tokens)
    #expect(snapshot.lastMinute == snapshot.total && snapshot.lastHour == snapshot.total)
    #expect(snapshot.groups.byUser.sums.mapValues(\.cost.picodollars) == costOfUser)
    #expect(snapshot.groups.byProvider.sums["groq"] == snapshot.total)
  }

  @Test("threads that record at the same time lose nothing")
  func threads() async {
    let totals = UsageTotals(since: Self.start, shardCount: 2)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for _ in 0..<1_000 { totals.record(.example, shard: writer, now: seconds(0)) }
        }
      }
    }
    #expect(totals.snapshot(now: seconds(0)).total.requests == 4_000)
    #expect(totals.snapshot(now: seconds(0)).total.cost == Money(picodollars: 45_000_000) * 4_000)
  }

  @Test(
    "a request leaves the last minute after 60 seconds and the last hour after 60 minutes",
    arguments: [
      (0, 0, true, true), (0, 59, true, true), (0, 60, false, true), (0, 3_599, false, true),
      (0, 3_600, false, false), (30, 89, true, true), (30, 90, false, true), (-100, -50, true, true),
      (-100, -40, false, true), (-30, 29, true, true), (-30, 30, false, true),
      // The reader's clock was read a little before the writer's.
      (10, 9, true, true),
    ] as [(Int64, Int64, Bool, Bool)])
  func windows(at time: Int64, now: Int64, inMinute: Bool, inHour: Bool) {
    let totals = UsageTotals(since: Self.start, shardCount: 1)
    totals.record(.example, shard: 0, now: seconds(time))
    let snapshot = totals.snapshot(now: seconds(now))
    #expect(snapshot.lastMinute.requests == (inMinute ? 1 : 0))
    #expect(snapshot.lastHour.requests == (inHour ? 1 : 0))
    #expect(snapshot.total.requests == 1)
  }

  @Test("a slot that is used again starts at zero, and a late record does not disturb it")
  func slotsAreReused() {
    let totals = UsageTotals(since: Self.start, shardCount: 1)
    totals.record(.example, shard: 0, now: seconds(5))
    totals.record(.example, shard: 0, now: seconds(65))
    totals.record(.example, shard: 0, now: seconds(5))
    #expect(totals.snapshot(now: seconds(65)).lastMinute.requests == 1)
    #expect(totals.snapshot(now: seconds(65)).lastHour.requests == 3)
  }

  @Test("users beyond the limit are summed up together, and no request is missing from the sum")
  func groupLimit() {
    let totals = UsageTotals(since: Self.start, shardCount: 2, groupLimit: 3)
    var record = UsageRecord.example
    for number in 0..<20 {
      record.user = "user \(number)"
      totals.record(record, shard: number % 2, now: seconds(0))
    }
    record.user = "(other)"
    totals.record(record, shard: 0, now: seconds(0))
    let snapshot = totals.snapshot(now: seconds(0))
    let users = snapshot.groups.byUser
    #expect(users.sums.count == 3 && users.sums["(other)"] == nil)
    var sum = users.others
    for user in users.sums.values { sum += user }
    #expect(sum == snapshot.total && sum.requests == 21)
    #expect(json(snapshot).split(separator: #""(other)":{"requests":\#(users.others.requests),"#).count == 2)
  }

  @Test("a reset starts all counts anew")
  func reset() {
    let totals = UsageTotals(since: Self.start, shardCount: 2)
    totals.record(.example, shard: 1, now: seconds(0))
    let later = Timestamp(millisecondsSince1970: Self.start.millisecondsSince1970 + 1)
    totals.reset(since: later)
    let snapshot = totals.snapshot(now: seconds(0))
    #expect(snapshot.total == UsageSum() && snapshot.lastMinute == UsageSum() && snapshot.since == later)
    #expect(snapshot.groups.byProvider.sums.isEmpty)
  }

  @Test("the body is JSON for a reader that is not ours")
  func readByOthers() throws {
    struct Stats: Decodable {
      var cost: Decimal
      var users: [String: [String: Decimal]]

      enum CodingKeys: String, CodingKey {
        case cost = "total_cost"
        case users = "by_user"
      }
    }
    let totals = UsageTotals(since: Self.start, shardCount: 1)
    var record = UsageRecord.example
    record.user = "\u{2028}\0\n👩‍👩‍👧‍👦"
    totals.record(record, shard: 0, now: seconds(0))
    let body = json(totals.snapshot(now: seconds(0)))
    let stats = try JSONDecoder().decode(Stats.self, from: Data(body.utf8))
    #expect(stats.users[record.user!]?["tokens"] == 15)
    #expect(stats.cost == Decimal(string: "0.000045"))
  }

  private func json(_ snapshot: UsageSnapshot) -> String {
    var bytes: [UInt8] = []
    snapshot.appendJSON(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

private func seconds(_ count: Int64) -> MonotonicTime {
  MonotonicTime(nanoseconds: count * 1_000_000_000)
}
