import GatewayTypes
import Glibc
import Synchronization
import Testing

@testable import Accounting

/// Lines that found no room on the disk: those that a crash left owing, and those of requests that have ended.
@Suite("OwedLines")
struct OwedLinesTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }

  /// More lines than may wait in memory: some 17 MB.
  private static let manyCount = 18_000

  @Test("more owed lines than memory may hold are charged, wait where they are, and are each written once")
  func moreThanMemory() throws {
    try crash(requests: Self.manyCount)
    let disk = LimitedDisk(room: 0)
    let log = try disk.open(path)
    let (table, recovery) = try InFlightTable.open(for: log)
    #expect(recovery.recorded == Self.manyCount && recovery.waiting == Self.manyCount)
    #expect(recovery.charged == .cents(Self.manyCount))
    #expect(log.counters == UsageLog.Counters(waiting: Self.manyCount))
    let state = try LedgerFollower(log, scope: SpendingScope()).state
    #expect(state.lineCount == Self.manyCount && state.everybody.total == .cents(Self.manyCount))
    // Room for some of them, then for all, with lines of others between.
    for room in [5_000_000, 3_000_000] {
      disk.room = room
      #expect(throws: UsageLogError.self) { try log.append(.inFlight("other \(room)", cents: 1)) }
      try table.clearOwed(writtenTo: log)
      #expect(log.counters.waiting > 0 && takenSlots > 0)
    }
    disk.room = .max
    try log.append(.inFlight("last", cents: 1))
    #expect(log.state == .ok && log.counters == UsageLog.Counters(written: Self.manyCount + 3))
    #expect(takenSlots > 0)
    try table.clearOwed(writtenTo: log)
    #expect(takenSlots == 0)
    try expectEachOnce(Self.manyCount + 3)
  }

  @Test(
    "killed while they are written, the next start writes the rest",
    arguments: [0, 900, 500_000, 2_000_000])
  func killedMeanwhile(room: Int) throws {
    // Several batches.
    let count = 3_000
    try crash(requests: count)
    do {
      let log = try LimitedDisk(room: room).open(path)
      let opened = try InFlightTable.open(for: log)
      withExtendedLifetime(opened) {}
    }
    let log = try UsageLog(path: path)
    let recovery = try InFlightTable.open(for: log).recovery
    #expect(recovery.recorded + recovery.alreadyRecorded == count && recovery.waiting == 0)
    #expect((recovery.alreadyRecorded > 0) == (room > 1_000))
    try expectEachOnce(count)
  }

  @Test("a line that lacks its newline, and no room for that, is a line: not owed, and charged once")
  func unendedLine() throws {
    do {
      let log = try UsageLog(path: path)
      let partition = try InFlightTable.open(for: log).table.makePartition()
      _ = try partition.begin(.inFlight("a", cents: 9))
      try log.append(.ended("a", cents: 2))
    }
    folder.write(Array(folder.bytes("usage.log").dropLast()), to: "usage.log")
    let disk = LimitedDisk(room: 0)
    let log = try disk.open(path)
    #expect(try InFlightTable.open(for: log).recovery == InFlightRecovery(alreadyRecorded: 1))
    #expect(try LedgerFollower(log, scope: SpendingScope()).state.everybody.total == .cents(2))
    disk.room = .max
    try log.append(.ended("b", cents: 1))
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.lineCount == 2 && audit.total.cost == .cents(3))
  }

  @Test("the line of a request that has ended is kept as it is, and the next start writes it")
  func keptLine() throws {
    do {
      let disk = LimitedDisk(room: 0)
      let log = try disk.open(path)
      let partition = try InFlightTable.open(for: log).table.makePartition()
      let slot = try partition.begin(.inFlight("a", cents: 9))
      _ = try partition.begin(.inFlight("b", cents: 5))
      let ended = UsageRecord.ended("a", cents: 2)
      #expect(throws: UsageLogError.self) { try log.append(ended) }
      partition.keep(slot, ended, isAccepted: true)
    }
    #expect(
      try LedgerAudit(path: path).notes.map(\.text) == [
        "the lines of 1 requests found no room on the disk; the next start writes them",
        "1 requests were in flight when the gateway died; the next start charges them 0.05 USD",
      ])
    let log = try UsageLog(path: path)
    let recovery = try InFlightTable.open(for: log).recovery
    #expect(recovery == InFlightRecovery(recorded: 2, ended: 1, charged: .cents(5)))
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean && audit.total.successes == 1 && audit.total.cost == .cents(7))
  }

  @Test("a kept line's slot is cleared once the log has written it, and not before")
  func keptLineIsCleared() throws {
    let disk = LimitedDisk(room: 0)
    let log = try disk.open(path)
    let partition = try InFlightTable.open(for: log).table.makePartition()
    for id in ["a", "b"] {
      let slot = try partition.begin(.inFlight(id, cents: 9))
      #expect(throws: UsageLogError.self) { try log.append(.ended(id, cents: 2)) }
      partition.keep(slot, .ended(id, cents: 2), isAccepted: id == "a")
    }
    partition.endWaiting(writtenTo: log)
    #expect(takenSlots == 2)
    disk.room = .max
    try log.writeWaiting()
    partition.endWaiting(writtenTo: log)
    // The log had not accepted the other: only the next start knows of it.
    #expect(takenSlots == 1)
  }

  @Test("a log that is closed without room says what is kept and what is lost")
  func closing() throws {
    try crash(requests: 3)
    let log = try LimitedDisk(room: 0).open(path)
    let table = try InFlightTable.open(for: log).table
    let partition = table.makePartition()
    let slot = try partition.begin(.inFlight("a", cents: 9))
    for id in ["a", "b"] {
      #expect(throws: UsageLogError.self) { try log.append(.ended(id, cents: 2)) }
    }
    partition.keep(slot, .ended("a", cents: 2), isAccepted: true)
    let error = #expect(throws: UsageLogError.self) { try log.close(keptIn: table) }
    #expect(error == .unwritten(path: path, errno: ENOSPC, kept: 4, lost: 1))
    #expect(
      error.map(String.init(describing:))
        == "cannot write the ledger \(path): the disk is full; free some space on it; "
        + "4 lines are kept in \(path).inflight for the next start, 1 lines are lost")
    #expect(log.counters == UsageLog.Counters(lost: 1))
  }

  /// Leaves `count` requests in flight, of a cent each.
  private func crash(requests count: Int) throws {
    let log = try UsageLog(path: path)
    let partition = try InFlightTable.open(for: log).table.makePartition()
    for number in 0..<count {
      var record = UsageRecord.inFlight("r\(number)", cents: 1)
      record.tags = [("a", String(repeating: "x", count: 250)), ("b", String(repeating: "y", count: 250))]
      _ = try partition.begin(record)
    }
  }

  private func expectEachOnce(_ count: Int) throws {
    let audit = try LedgerAudit(path: path)
    #expect(audit.isClean, "\(audit.errors)")
    #expect(audit.lineCount == count && audit.total.cost == .cents(count))
  }

  /// Slots of the table that are not empty.
  private var takenSlots: Int {
    let bytes = folder.bytes("usage.log.inflight")
    return stride(from: 0, to: bytes.count, by: InFlightTable.slotSize).count { start in
      bytes[start..<start + InFlightSlotHeader.size].contains { $0 != 0 }
    }
  }
}

/// A disk that has room for so many bytes.
private final class LimitedDisk: Sendable {
  private let left: Mutex<Int>

  init(room: Int) {
    left = Mutex(room)
  }

  var room: Int {
    get { left.withLock { $0 } }
    set { left.withLock { $0 = newValue } }
  }

  func open(_ path: String) throws -> UsageLog {
    try UsageLog(
      path: path,
      write: { [self] descriptor, bytes in
        left.withLock { left in
          guard left > 0 else { return -Int(ENOSPC) }
          let written = UsageLog.systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(left)))
          left -= written
          return written
        }
      })
  }
}

extension UsageRecord {
  fileprivate static func ended(_ id: String, cents: Int) -> UsageRecord {
    var record = UsageRecord.inFlight(id, cents: cents)
    record.status = .success
    return record
  }
}
