import GatewayTypes
import Glibc
import Testing

@testable import Accounting

@Suite("UsageReport")
struct UsageReportTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }

  @Test(
    "rows are the sums by one property, dearest first, over all files, and the total has each request once",
    arguments: [
      (UsageReport.Key.user, ["bob": 30, "alice": 3]), (.provider, ["groq": 33, "openai": 5]),
      (.model, ["m": 38]), (.key, ["k": 38]), (.intent, [:]), (.tag, ["team=red": 35, "x=y": 30]),
      (.day, ["2026-11-20": 1, "2026-11-21": 2, "2026-11-22": 35]),
    ])
  func rows(key: UsageReport.Key, expected: [String: Int]) throws {
    try writeSample()
    let report = try UsageReport(path: path, by: key)
    #expect(
      report.rows.map(\.name)
        == (key == .day ? expected.keys.sorted() : expected.keys.sorted { expected[$0]! > expected[$1]! }))
    for row in report.rows { #expect(row.sum.cost == .cents(expected[row.name]!)) }
    #expect(report.total.requests == 4 && report.total.cost == .cents(38))
  }

  @Test("since takes its first moment in, until does not")
  func bounds() throws {
    try writeSample()
    let all = try UsageReport(
      path: path, by: .user, since: Timestamp("2026-11-21T00:00:00Z"),
      until: Timestamp("2026-11-22T00:00:00Z"))
    #expect(all.total.cost == .cents(2))
    let none = try UsageReport(path: path, by: .user, since: Timestamp("2030-01-01T00:00:00Z"))
    #expect(none.rows.isEmpty && none.total.requests == 0)
  }

  @Test("no ledger is an error that says so, whatever stretch of time is asked for")
  func noLedger() throws {
    let path = folder.path("none.log")
    for since in [nil, Timestamp("2026-11-21T00:00:00Z")] {
      #expect(throws: UsageLogError.noLedger(path: path)) {
        try UsageReport(path: path, by: .user, since: since)
      }
    }
  }

  @Test("a line that says that the counting starts anew is no garbled one")
  func resets() throws {
    try writeSample()
    let log = try UsageLog(path: path)
    try log.appendReset(scope: "all", at: Timestamp("2026-11-22T10:00:00Z"))
    try log.close()
    let report = try UsageReport(path: path, by: .user)
    #expect(report.garbledCount == 0 && report.total.requests == 4)
  }

  @Test("a table, CSV and JSON say the same, and hostile names stay names")
  func formats() throws {
    let log = try UsageLog(path: path)
    for (user, cents) in [("=HYPERLINK(1)", 3), ("a,\"b\"\nc\u{1b}[2J", 2)] {
      var record = UsageRecord.inFlight(user, cents: cents)
      (record.user, record.saved) = (user, .cents(1))
      record.usage = TokenUsage(uncachedInput: 10, output: 5)
      try log.append(record)
    }
    let report = try UsageReport(path: path, by: .user)
    #expect(
      report.table() == """
        user           requests  failures  prompt tokens  completion tokens  cost usd  saved usd
        =HYPERLINK(1)         1         1             10                  5      0.03       0.01
        a,"b"?c?[2J           1         1             10                  5      0.02       0.01
        total                 2         2             20                 10      0.05       0.02

        """)
    #expect(
      report.csv() == "user,requests,failures,prompt_tokens,completion_tokens,cost_usd,saved_usd\r\n"
        + "'=HYPERLINK(1),1,1,10,5,0.03,0.01\r\n" + "\"a,\"\"b\"\"\nc\u{1b}[2J\",1,1,10,5,0.02,0.01\r\n")
    #expect(
      report.json()
        == #"{"by":"user","rows":[{"name":"=HYPERLINK(1)","requests":1,"failures":1,"prompt_tokens":10,"#
        + #""completion_tokens":5,"cost_usd":"0.03","saved_usd":"0.01"},{"name":"a,\"b\"\nc\u001b[2J","requests":1,"#
        + #""failures":1,"prompt_tokens":10,"completion_tokens":5,"cost_usd":"0.02","saved_usd":"0.01"}],"#
        + #""total":{"requests":2,"failures":2,"prompt_tokens":20,"completion_tokens":10,"cost_usd":"0.05","#
        + #""saved_usd":"0.02"},"garbled_lines":0}"# + "\n")
  }

  /// Four requests on three days, in two files.
  private func writeSample() throws {
    let log = try UsageLog(path: path, rotationSize: 900)
    let sample: [(String?, String, String, Int, [(String, String)])] = [
      ("alice", "groq", "2026-11-20T23:59:59.999Z", 1, []), ("alice", "groq", "2026-11-21T00:00:00Z", 2, []),
      ("bob", "groq", "2026-11-22T00:00:00Z", 30, [("team", "red"), ("x", "y")]),
      (nil, "openai", "2026-11-22T09:00:00Z", 5, [("team", "red")]),
    ]
    for (number, (user, provider, time, cents, tags)) in sample.enumerated() {
      var record = UsageRecord.inFlight("\(number)", cents: cents)
      (record.user, record.provider, record.time, record.tags) = (
        user, ProviderID(provider), Timestamp(time), tags
      )
      (record.model, record.key) = ("m", "k")
      try log.append(record)
    }
    try log.close()
    #expect(LogFiles(of: path).paths.count == 2)
  }
}
