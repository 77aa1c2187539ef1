import GatewayTypes
import Glibc
import Synchronization
import Testing

@testable import Accounting

private func heading(_ key: UInt64) -> DecisionLog.Heading {
  DecisionLog.Heading(key: key, line: Array("heading \(key)\n".utf8))
}

/// A disk that fails when told to, after some bytes; and a clock moved by hand.
private final class Disk: Sendable {
  private let state = Mutex((room: Int.max, milliseconds: Int64(1_000_000)))

  var room: Int {
    get { state.withLock { $0.room } }
    set { state.withLock { $0.room = newValue } }
  }

  func passSeconds(_ count: Int64) {
    state.withLock { $0.milliseconds += count * 1_000 }
  }

  var clock: @Sendable () -> Timestamp {
    { [self] in Timestamp(millisecondsSince1970: state.withLock { $0.milliseconds }) }
  }

  var write: UsageLog.Write {
    { [self] descriptor, bytes in
      let size = min(bytes.count, room)
      guard size > 0 else { return -Int(ENOSPC) }
      if room != .max { room -= size }
      return Glibc.write(descriptor, bytes.baseAddress, size)
    }
  }
}

@Suite("DecisionLog")
struct DecisionLogTests {
  private let folder = TemporaryFolder()
  private let disk = Disk()

  private func log(largestFile: Int = 1_000_000) -> DecisionLog {
    DecisionLog(
      ofLedger: folder.path("usage.log"), largestFile: largestFile, write: disk.write, clock: disk.clock)
  }

  private func append(_ log: DecisionLog, _ text: String, _ keys: UInt64...) {
    log.append(
      Array(text.utf8), lineCount: text.utf8.count { $0 == UInt8(ascii: "\n") }, headings: keys.map(heading))
  }

  @Test("a heading is written once, before the first line that names it")
  func headings() {
    let log = log()
    append(log, "a\nb\n", 1)
    append(log, "c\n", 1)
    append(log, "d\n", 1, 2)
    #expect(folder.read("usage.log.decisions") == "heading 1\na\nb\nc\nheading 2\nd\n")
    #expect(log.status == DecisionLog.Status(written: 4))
    // A new start does not know what the file has.
    append(self.log(), "e\n", 1)
    #expect(folder.read("usage.log.decisions").hasSuffix("d\nheading 1\ne\n"))
  }

  @Test("a file that would pass its size is put aside, and the next one has its headings")
  func rotation() {
    let log = log(largestFile: 24)
    append(log, "aaaaaaa\n", 1)
    append(log, "bbb\n", 1)
    append(log, "ccc\n", 1)
    #expect(folder.read("usage.log.decisions.1") == "heading 1\naaaaaaa\nbbb\n")
    #expect(folder.read("usage.log.decisions") == "heading 1\nccc\n")
    append(log, "dddddddddddd\n", 1)
    #expect(folder.read("usage.log.decisions.1") == "heading 1\nccc\n")
    #expect(folder.read("usage.log.decisions") == "heading 1\ndddddddddddd\n")
    #expect(log.status.written == 4)
  }

  @Test("a full disk loses lines, says so, and a cut line is ended before the next", arguments: 0...13)
  func fullDisk(room: Int) {
    let log = log()
    disk.room = room
    append(log, "aaa\n", 1)
    #expect(log.status.lost == (room < 14 ? 1 : 0))
    #expect((log.status.failure != nil) == (room < 14))
    #expect(log.status.failingSince == disk.clock())
    disk.room = .max
    append(log, "bbb\n", 1)
    #expect(log.status.failure == nil && log.status.failingSince == nil && log.status.written == 1)
    let lines = folder.read("usage.log.decisions").split(separator: "\n")
    #expect(lines.suffix(2) == ["heading 1", "bbb"])
  }

  @Test("a file that cannot be opened is tried again after a second, and the lines in between are lost")
  func folderInTheWay() {
    let path = folder.path("usage.log.decisions")
    #expect(mkdir(path, 0o755) == 0)
    let log = log()
    append(log, "a\n", 1)
    #expect(log.status.lost == 1 && log.status.failure != nil)
    #expect(rmdir(path) == 0)
    append(log, "b\n", 1)
    #expect(log.status.lost == 2)
    disk.passSeconds(1)
    append(log, "c\n", 1)
    #expect(folder.read("usage.log.decisions") == "heading 1\nc\n")
    #expect(log.status == DecisionLog.Status(written: 1, lost: 2))
  }

  @Test("when it cannot be put aside it does not grow")
  func rotationFails() {
    #expect(mkdir(folder.path("usage.log.decisions.1"), 0o755) == 0)
    let log = log(largestFile: 14)
    append(log, "aaa\n", 1)
    append(log, "bbb\n", 1)
    disk.passSeconds(1)
    append(log, "ccc\n", 1)
    #expect(folder.read("usage.log.decisions") == "heading 1\naaa\n")
    #expect(log.status.lost == 2 && log.status.failure != nil)
  }
}

@Suite("LedgerSearch")
struct LedgerSearchTests {
  private let folder = TemporaryFolder()

  private func ledger(_ count: Int, rotationSize: Int = .max) throws {
    let log = try UsageLog(path: folder.path("usage.log"), rotationSize: rotationSize)
    for number in 0..<count {
      var record = UsageRecord(
        time: Timestamp(millisecondsSince1970: Int64(number) * 1_000), id: "req_\(number)",
        surface: "generate", status: .success)
      record.tags = [("id", "req_\(number + 1)")]
      var line: [UInt8] = []
      record.appendLine(to: &line)
      try log.append(line, lineCount: 1)
    }
  }

  @Test(
    "a request is found in whichever file it is, and a tag of that text is no request",
    arguments: [.max, 3_000])
  func found(rotationSize: Int) throws {
    try ledger(50, rotationSize: rotationSize)
    for number in 0..<50 {
      let line = try #require(try LedgerSearch.line(of: "req_\(number)", ledger: folder.path("usage.log")))
      #expect(String(decoding: line, as: UTF8.self).contains(#""id":"req_\#(number)","surface""#))
    }
    #expect(try LedgerSearch.line(of: "req_50", ledger: folder.path("usage.log")) == nil)
    #expect(try LedgerSearch.line(of: "req", ledger: folder.path("usage.log")) == nil)
  }

  @Test("no more is read than allowed")
  func limit() throws {
    try ledger(50)
    let path = folder.path("usage.log")
    #expect(try LedgerSearch.line(of: "req_49", ledger: path, limit: 600) != nil)
    #expect(try LedgerSearch.line(of: "req_10", ledger: path, limit: 600) == nil)
  }

  @Test("lines across the border of what is read at a time are found")
  func borders() throws {
    try ledger(8_000)
    let path = folder.path("usage.log")
    for number in stride(from: 0, to: 8_000, by: 97) {
      #expect(try LedgerSearch.line(of: "req_\(number)", ledger: path) != nil)
    }
  }

  @Test("a decision comes with the heading of its own file")
  func decision() throws {
    let log = DecisionLog(ofLedger: folder.path("usage.log"), largestFile: 40)
    func append(_ id: String, _ key: UInt64) {
      log.append(
        Array("{\"i\":\"\(id)\",\"r\":\(key)}\n".utf8), lineCount: 1,
        headings: [
          DecisionLog.Heading(key: key, line: Array("H\(key) \(id)\n".utf8))
        ])
    }
    append("a", 1)
    append("b", 1)
    append("c", 2)
    func find(_ id: String, _ key: UInt64) throws -> [String]? {
      try LedgerSearch.decision(
        of: id, ledger: folder.path("usage.log"), where: { _ in true },
        heading: { _ in Array("H\(key)".utf8) }
      ).map { [String(decoding: $0.line, as: UTF8.self), String(decoding: $0.heading, as: UTF8.self)] }
    }
    #expect(try find("b", 1) == [#"{"i":"b","r":1}"#, "H1 a"])
    #expect(try find("c", 2) == [#"{"i":"c","r":2}"#, "H2 c"])
    #expect(try find("d", 1) == nil)
  }

  @Test("an entry says what its line says, as the ledger writes it and in any other spelling")
  func entry() throws {
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 5), id: "r", surface: "generate", status: .partial)
    record.fallbacks = ["a", "b"].map { ProviderID($0) }
    record.isStream = true
    record.key = "team"
    record.latency = .milliseconds(7)
    var line: [UInt8] = []
    record.appendLine(to: &line)
    let spaced = Array(String(decoding: line, as: UTF8.self).replacing("\":", with: "\" : ").utf8)
    for line in [line.dropLast(), spaced.dropLast()] {
      let entry = try #require(LedgerEntry(line: Array(line)))
      #expect(entry.id == "r" && entry.surface == "generate" && entry.status == .partial && entry.isStream)
      #expect(entry.fallbacks == record.fallbacks && entry.key == "team" && entry.latencyMilliseconds == 7)
    }
    #expect(LedgerEntry(line: Array("{}".utf8)) == nil)
  }

  @Test("a walk gives every request once, over all files, between two times")
  func walk() throws {
    try ledger(50, rotationSize: 3_000)
    let walk = try LedgerWalk(
      path: folder.path("usage.log"), since: Timestamp(millisecondsSince1970: 5_000),
      until: Timestamp(millisecondsSince1970: 45_000))
    var ids: [String] = []
    while let entry = try walk.next() { ids.append(entry.id) }
    #expect(ids == (5..<45).map { "req_\($0)" })
    #expect(walk.done == walk.size && walk.garbledCount == 0)
  }
}
