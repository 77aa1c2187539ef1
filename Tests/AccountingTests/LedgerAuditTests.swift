import GatewayTypes
import Glibc
import Testing

@testable import Accounting

@Suite("LedgerAudit")
struct LedgerAuditTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }
  private let scope = SpendingScope(everyUser: true)

  @Test("an honest ledger is clean, over rotated files and a checkpoint, and its sums are exact")
  func clean() throws {
    var generator = SplitMix(state: 1)
    let log = try UsageLog(path: path, rotationSize: 20_000)
    let follower = try LedgerFollower(log, scope: scope)
    var cost = Money.zero
    for number in 0..<200 {
      let record = UsageRecord.random(using: &generator, id: number)
      cost += record.cost
      try log.append(record)
      if number == 120 { try log.appendReset(scope: "usage", at: record.time) }
      if number == 150 {
        #expect(try follower.advance().isEmpty)
        try follower.saveCheckpoint()
      }
    }
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.notes.isEmpty, "\(audit.errors) \(audit.notes)")
    #expect(audit.lineCount == 200 && audit.total.cost == cost && audit.files.count > 3)
    #expect(audit.lastLink == log.current?.link.description)
  }

  @Test("every change of one byte of a line is found, at that line or the next", arguments: 0..<60)
  func changedByte(place: Int) throws {
    try write(["a", "b", "c", "d"])
    var bytes = folder.bytes("usage.log")
    let second = (bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
    let size = bytes[second...].firstIndex(of: UInt8(ascii: "\n"))! - second
    bytes[second + size * place / 60] ^= 1
    folder.write(bytes, to: "usage.log")
    let audit = try LedgerAudit(path: path)
    #expect(audit.errorCount >= 1 && (audit.errors.first?.line == 2 || audit.errors.first?.line == 3))
  }

  @Test("lines that are removed, moved, doubled or put in are found where the chain breaks")
  func forged() throws {
    try write(["a", "b", "c", "d"])
    let lines = folder.read("usage.log").split(separator: "\n").map { String($0) + "\n" }
    var forged: [UInt8] = []
    UsageRecord.inFlight("x", cents: 1).appendLine(to: &forged)
    let inserted = String(decoding: forged, as: UTF8.self)
    let cases: [([String], Int, String)] = [
      ([lines[0], lines[2], lines[3]], 2, "the chain breaks"),
      ([lines[0], lines[2], lines[1], lines[3]], 2, "the chain breaks"),
      ([lines[0], lines[0], lines[1], lines[2]], 2, "the chain breaks"),
      ([lines[0], inserted, lines[1], lines[2]], 2, "without its chain was put in"),
      ([lines[1], lines[2], lines[3]], 1, "first line is changed, or lines before it are missing"),
    ]
    for (text, line, reason) in cases {
      folder.write(text.joined(), to: "usage.log")
      let audit = try LedgerAudit(path: path)
      #expect(
        audit.errors.first?.line == line && audit.errors.first?.text.contains(reason) == true,
        "\(audit.errors)")
    }
  }

  @Test("what is cut off at the end is missed where a checkpoint knew of it, and by the last link")
  func cutOff() throws {
    try write(["a", "b", "c"])
    let link = try LedgerAudit(path: path).lastLink
    try LedgerFollower(UsageLog(path: path), scope: scope).saveCheckpoint()
    let lines = folder.read("usage.log").split(separator: "\n")
    folder.write(lines.dropLast().joined(separator: "\n") + "\n", to: "usage.log")
    let audit = try LedgerAudit(path: path)
    #expect(
      audit.errors.map(\.text) == [
        "no line of the ledger ends where the checkpoint was made: lines are changed or missing"
      ])
    #expect(audit.lastLink != link)
  }

  @Test("a checkpoint with other sums is an error, a damaged one a note")
  func checkpoints() throws {
    try write(["a", "b"])
    var state = try LedgerFollower(UsageLog(path: path), scope: scope).state
    state.everybody.add(.cents(1), at: Timestamp("2026-11-21T09:00:00Z"))
    try Checkpoint.save(state, to: Checkpoint.path(ofLedger: path))
    #expect(
      try LedgerAudit(path: path).errors.map(\.text) == [
        "the checkpoint says 2 lines, 0.03 USD, and the lines up to here are 2, 0.02 USD"
      ])
    folder.write("x", to: "usage.log.checkpoint")
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.notes.map(\.text) == ["damaged; the next start reads the whole ledger"])
  }

  @Test("what a crash leaves is a note: a torn piece, an unended line, requests in flight")
  func crashed() throws {
    try write(["a"])
    let file = fopen(path, "a")
    fputs("{\"time\":\"2026", file)
    fclose(file)
    let log = try UsageLog(path: path)
    do {
      let partition = try InFlightTable.open(for: log).table.makePartition()
      _ = try partition.begin(.inFlight("b", cents: 4))
      #expect(
        try LedgerAudit(path: path).notes.last?.text == "the gateway is running, with 1 requests in flight")
    }
    try log.append(.inFlight("c", cents: 1))
    let end = fopen(path, "a")
    fputs("{\"ti", end)
    fclose(end)
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean, "\(audit.errors)")
    #expect(audit.notes.map(\.line) == [2, 4, nil])
    #expect(
      audit.notes[2].text
        == "1 requests were in flight when the gateway died; the next start charges them 0.04 USD")
  }

  @Test("files that were removed by age are a note, and what is there is still proved")
  func retention() throws {
    try write((0..<20).map { "r\($0)" }, rotationSize: 1_500)
    try LedgerFollower(UsageLog(path: path), scope: scope).saveCheckpoint()
    unlink(folder.path("usage.log.000001"))
    let audit = try LedgerAudit(path: path)
    #expect(
      audit.isClean
        && audit.notes.map(\.text) == [
          "the ledger begins here, with the link of files that are not here any more"
        ])
    unlink(folder.path("usage.log.000003"))
    #expect(try LedgerAudit(path: path).errors.first?.text.contains("the chain breaks") == true)
  }

  @Test("a request that is written twice is found even where the chain fits")
  func twice() throws {
    try write(["a", "b", "a"])
    #expect(
      try LedgerAudit(path: path).errors == [
        .init(file: path, line: 3, text: "this request was written before")
      ])
  }

  @Test("a line of a year that nobody sees is added up like any other")
  func farFuture() throws {
    let log = try UsageLog(path: path)
    var record = UsageRecord.inFlight("a", cents: 1)
    record.time = Timestamp(millisecondsSince1970: Timestamp.latest)
    for _ in 0..<2 {
      record.id += "a"
      try log.append(record)
    }
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.lineCount == 2 && audit.total.cost == Money(picodollars: 20_000_000_000))
  }

  @Test("no ledger is no clean ledger, and an empty one is")
  func nothing() throws {
    #expect(throws: UsageLogError.noLedger(path: path)) { try LedgerAudit(path: path) }
    folder.write("", to: "usage.log")
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.lastLink == nil && audit.lineCount == 0)
  }

  private func write(_ ids: [String], rotationSize: Int = .max) throws {
    let log = try UsageLog(path: path, rotationSize: rotationSize)
    for id in ids { try log.append(.inFlight(id, cents: 1)) }
    try log.close()
  }
}
