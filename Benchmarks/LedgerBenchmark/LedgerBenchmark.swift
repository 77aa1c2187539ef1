import Accounting
import GatewayTypes
import Glibc

/// What the ledger costs a request, everything on: the line's text, the in-flight table on disk, the chain, the
/// group-committed write, and reading the line back for the checkpoint.
///
///     swift run -c release ledger-benchmark [FOLDER]
///
/// Processor time of the process, the kernel's included. The ledger is written in FOLDER, else in /tmp.
@main
struct LedgerBenchmark {
  /// As many requests as end in one turn of a loop: alone, and under load.
  private static let turns = [1, 16]
  private static let requestCount = 32_000

  private let log: UsageLog
  private let inFlight: InFlightPartition
  private let follower: LedgerFollower
  /// A log whose writes go nowhere: what is left is the chain.
  private let unwritten: UsageLog
  private let records = (0..<64).map { UsageRecord.sample(number: $0) }

  static func main() throws {
    let folder = "\(CommandLine.arguments.dropFirst().first ?? "/tmp")/tollgate-ledger-benchmark-\(getpid())"
    guard mkdir(folder, 0o700) == 0 else {
      print("error: cannot make \(folder): \(String(cString: strerror(errno)))")
      exit(2)
    }
    defer {
      for name in ["usage.log", "usage.log.inflight", "nowhere.log"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try LedgerBenchmark(folder: folder).run()
  }

  private init(folder: String) throws(UsageLogError) {
    log = try UsageLog(path: "\(folder)/usage.log")
    inFlight = try InFlightTable.open(for: log).table.makePartition()
    follower = try LedgerFollower(log, scope: SpendingScope(everyUser: true))
    unwritten = try UsageLog(path: "\(folder)/nowhere.log", write: { _, bytes in bytes.count })
  }

  private func run() throws {
    var lines: [UInt8] = []
    records[0].appendLine(to: &lines)
    print("A line has \(lines.count) bytes and 44 of the chain. Microseconds of processor time a request:")
    print("median (least to greatest) of \(Cost.roundCount) rounds of \(Self.requestCount) requests.")
    try show("the line's text") {
      for number in 0..<Self.requestCount {
        lines.removeAll(keepingCapacity: true)
        record(number).appendLine(to: &lines)
      }
    }
    try show("the in-flight table, begin and end") {
      for number in 0..<Self.requestCount { inFlight.end(try inFlight.begin(record(number))) }
    }
    for turn in Self.turns {
      let batch = (0..<turn).reduce(into: [UInt8]()) { lines, number in record(number).appendLine(to: &lines)
      }
      print("with \(turn) a write")
      try show("  the chain") {
        for _ in 0..<Self.requestCount / turn { try unwritten.append(batch, lineCount: turn) }
      }
      try show("  the chain and the write") {
        for _ in 0..<Self.requestCount / turn { try log.append(batch, lineCount: turn) }
      }
      try show("  a request's whole way: table, text, chain, write") { try serve(turn, &lines) }
    }
    // What all that has written is read first, so that each round reads its own lines.
    _ = try follower.advance()
    try show("reading it back for the checkpoint, beside the requests", before: { try serve(16, &lines) }) {
      _ = try follower.advance()
    }
  }

  /// What the ledger does for requests of which `turn` at a time are in flight and end together.
  private func serve(_ turn: Int, _ lines: inout [UInt8]) throws(UsageLogError) {
    var slots: [InFlightPartition.Slot] = []
    for first in stride(from: 0, to: Self.requestCount, by: turn) {
      slots.removeAll(keepingCapacity: true)
      lines.removeAll(keepingCapacity: true)
      for number in first..<first + turn { slots.append(try inFlight.begin(record(number))) }
      for number in first..<first + turn { record(number).appendLine(to: &lines) }
      try log.append(lines, lineCount: turn)
      for slot in slots { inFlight.end(slot) }
    }
  }

  private func record(_ number: Int) -> UsageRecord { records[number % records.count] }

  private func show(_ name: String, before: () throws -> Void = {}, _ work: () throws -> Void) throws {
    let cost = try Cost(requestCount: Self.requestCount, before: before, work)
    print("\(name)\(String(repeating: " ", count: max(1, 58 - name.utf8.count)))\(cost)")
  }
}

extension UsageRecord {
  /// A line as most are: a user, a key, a tag, one attempt.
  fileprivate static func sample(number: Int) -> UsageRecord {
    var record = UsageRecord(
      time: .now(), id: "req_0123456789abcdef0123\(1_000 + number)", surface: "chat.completions",
      status: .success)
    (record.user, record.key, record.intent) = ("user-\(number)", "team-a", "code_generation")
    (record.provider, record.model, record.httpStatus) = (ProviderID("groq"), "llama-3.1-8b-instant", 200)
    record.usage = TokenUsage(uncachedInput: 812, cacheRead: 128, cacheWrite: 0, output: 397, reasoning: 0)
    (record.cost, record.saved) = (Money(picodollars: 45_123_000), Money(picodollars: 1_045_123_000))
    (record.latency, record.timeToFirstToken) = (.milliseconds(812), .milliseconds(88))
    record.attempts = 1
    record.tags = [("team", "red")]
    return record
  }
}
