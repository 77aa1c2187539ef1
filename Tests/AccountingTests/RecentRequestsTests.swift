import GatewayTypes
import Testing

@testable import Accounting

@Suite("RecentRequests")
struct RecentRequestsTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }
  private static let start: Int64 = 1_795_251_600_000

  /// A request of that minute since `start`.
  private func record(_ minute: Int) -> UsageRecord {
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: Self.start + Int64(minute) * 60_000), id: "req_\(minute)",
      surface: "generate", status: minute % 2 == 0 ? .success : .error)
    record.httpStatus = minute % 2 == 0 ? 200 : 502
    record.provider = ProviderID("p\(minute)")
    record.usage = TokenUsage(uncachedInput: minute, output: 1)
    record.fallbacks = minute % 3 == 0 ? [ProviderID("a"), ProviderID("b")] : []
    return record
  }

  private func write(_ minutes: Range<Int>, rotationSize: Int = .max) throws {
    let log = try UsageLog(path: path, rotationSize: rotationSize)
    for minute in minutes {
      var line: [UInt8] = []
      record(minute).appendLine(to: &line)
      try log.append(line, lineCount: 1)
    }
    try log.close()
  }

  private func read(since minute: Int, maximumSize: Int = RecentRequests.maximumSize) throws
    -> (events: [RecentRequests.Event], isWhole: Bool)
  {
    var events: [RecentRequests.Event] = []
    let time = Timestamp(millisecondsSince1970: Self.start + Int64(minute) * 60_000)
    let isWhole = try RecentRequests.read(of: path, since: time, maximumSize: maximumSize) {
      events.append($0)
    }
    return (events, isWhole)
  }

  private func minutes(_ events: [RecentRequests.Event]) -> [Int] {
    events.compactMap { event in
      guard case .request(let request) = event else { return nil }
      return Int(request.provider.text.dropFirst())
    }
  }

  @Test("what was since then is handed out in order, over all files", arguments: [Int.max, 1_000])
  func sinceThen(rotationSize: Int) throws {
    try write(0..<100, rotationSize: rotationSize)
    let (events, isWhole) = try read(since: 40)
    #expect(minutes(events) == Array(40..<100))
    #expect(isWhole)
    guard case .request(let request) = events[2] else { return #expect(Bool(false), "a request") }
    #expect(request.status == .success && request.httpStatus == 200 && request.tokens == 43)
    #expect(request.fallbacks == [ProviderID("a"), ProviderID("b")])
    #expect(try minutes(read(since: 0).events) == Array(0..<100))
  }

  @Test("of more than fits, the end is read, and it is said", arguments: [Int.max, 1_000])
  func bounded(rotationSize: Int) throws {
    try write(0..<100, rotationSize: rotationSize)
    let (events, isWhole) = try read(since: 0, maximumSize: 5_000)
    #expect(!isWhole)
    let minutes = minutes(events)
    #expect((5..<30).contains(minutes.count))
    #expect(minutes == Array((100 - minutes.count)..<100))
  }

  @Test("requests that no provider was asked for are left out, and resets are told")
  func others() throws {
    let log = try UsageLog(path: path)
    var line: [UInt8] = []
    UsageRecord(
      time: Timestamp(millisecondsSince1970: Self.start), id: "a", surface: "generate", status: .error
    )
    .appendLine(to: &line)
    try log.append(line, lineCount: 1)
    try log.appendReset(scope: "breakers", at: Timestamp(millisecondsSince1970: Self.start))
    #expect(try read(since: 0).events == [.reset(scope: "breakers")])
  }

  @Test("where there is no ledger there is nothing")
  func nothing() throws {
    #expect(try read(since: 0).events.isEmpty)
  }
}
