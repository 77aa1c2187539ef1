import GatewayTypes
import Glibc
import Testing

@testable import Accounting

@Suite("InFlightTable")
struct InFlightTableTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("usage.log") }

  @Test("what was in flight becomes one unknown line at its bound; what had ended does not")
  func recovering() throws {
    try withTable { _, partition in
      _ = try partition.begin(.inFlight("a", cents: 5))
      let ended = try partition.begin(.inFlight("b", cents: 6))
      _ = try partition.begin(.inFlight("c", cents: 7))
      partition.end(ended)
    }
    let recovery = try recover()
    #expect(recovery.recorded == 2 && recovery.charged == .cents(12) && recovery.torn == 0)
    #expect(ids() == ["a", "c"])
    #expect(folder.read("usage.log").contains(#""status":"unknown""#))
    #expect(try recover() == InFlightRecovery())
  }

  @Test("a line that was written before its slot was cleared is not written again, however often it starts")
  func idempotence() throws {
    try withTable { log, partition in
      for id in ["a", "b"] { _ = try partition.begin(.inFlight(id, cents: 1)) }
      try log.append(.inFlight("a", cents: 1))
    }
    let table = folder.bytes("usage.log.inflight")
    #expect(try recover() == InFlightRecovery(recorded: 1, charged: .cents(1), alreadyRecorded: 1))
    // As if killed before the table was emptied.
    folder.write(table, to: "usage.log.inflight")
    #expect(try recover() == InFlightRecovery(alreadyRecorded: 2))
    #expect(ids() == ["a", "b"])
  }

  @Test("a line in a file that was rotated away since is found there")
  func rotated() throws {
    let log = try UsageLog(path: path, rotationSize: 500)
    do {
      let partition = try InFlightTable.open(for: log).table.makePartition()
      for id in ["a", "b", "c"] {
        _ = try partition.begin(.inFlight(id, cents: 1))
        try log.append(.inFlight(id, cents: 1))
      }
    }
    try log.close()
    #expect(log.counters.rotations >= 1)
    #expect(try recover() == InFlightRecovery(alreadyRecorded: 3))
  }

  @Test("only the ledger's end is read: lines a minute older than the first request cannot be its own")
  func endOnly() throws {
    try withTable { log, partition in
      var old: [UInt8] = []
      for number in 0..<25_000 {
        UsageRecord.inFlight("old \(number)", cents: 1, minutes: -2).appendLine(to: &old)
      }
      try log.append(old, lineCount: 25_000)
      _ = try partition.begin(.inFlight("a", cents: 1))
      _ = try partition.begin(.inFlight("old 3", cents: 1))
      try log.append(.inFlight("a", cents: 1))
    }
    #expect(try recover() == InFlightRecovery(recorded: 1, charged: .cents(1), alreadyRecorded: 1))
  }

  @Test("the next attempt takes the place of the last, and of both in the table the dearer one counts")
  func replacing() throws {
    try withTable { _, partition in
      var slot = try partition.begin(.inFlight("a", cents: 5))
      try partition.replace(&slot, with: .inFlight("a", cents: 9))
      // As if killed in the middle of a replacement.
      _ = try partition.begin(.inFlight("a", cents: 3))
    }
    #expect(try recover() == InFlightRecovery(recorded: 1, charged: .cents(9)))
    #expect(ids() == ["a"])
  }

  @Test("long lines take several slots, and the table grows until it has room", arguments: [1, 300, 2_000])
  func growing(count: Int) throws {
    try withTable { _, partition in
      var slots: [InFlightPartition.Slot] = []
      for number in 0..<count {
        var record = UsageRecord.inFlight("r\(number)", cents: 1)
        if number % 3 == 0 {
          record.tags = (0..<16).map { ("name \($0)", String(repeating: "\0", count: 200)) }
        }
        slots.append(try partition.begin(record))
      }
      for number in stride(from: 0, to: count, by: 2) { partition.end(slots[number]) }
      for number in stride(from: 0, to: count, by: 2) {
        slots[number] = try partition.begin(.inFlight("s\(number)", cents: 1))
      }
    }
    #expect(try recover().recorded == count)
    #expect(Set(ids()).count == count)
  }

  @Test("a slot that is torn is counted and left, its neighbours are not", arguments: 0..<40)
  func torn(place: Int) throws {
    try withTable { _, partition in
      for id in ["a", "b", "c"] { _ = try partition.begin(.inFlight(id, cents: 1)) }
    }
    var table = folder.bytes("usage.log.inflight")
    table[InFlightTable.slotSize + place * 5] ^= 0x41
    folder.write(table, to: "usage.log.inflight")
    let recovery = try recover()
    #expect(recovery.recorded == 2 && recovery.torn == 1)
    #expect(ids() == ["a", "c"])
  }

  @Test(
    "a file of anything else is no table: nothing of it is charged", arguments: [0, 1, 1_023, 1_024, 5_000])
  func nonsense(size: Int) throws {
    var generator = SplitMix(state: 9)
    folder.write(
      (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }, to: "usage.log.inflight")
    let recovery = try recover()
    #expect(recovery.recorded == 0 && recovery.torn == size / InFlightTable.slotSize)
  }

  @Test("a ledger has one writer at a time")
  func twoWriters() throws {
    let log = try UsageLog(path: path)
    let first = try InFlightTable.open(for: log).table
    #expect(throws: UsageLogError.inUse(path: path)) { _ = try InFlightTable.open(for: UsageLog(path: path)) }
    withExtendedLifetime(first) {}
  }

  @Test(
    "killed with SIGKILL at any moment, every request that reached a provider has exactly one line",
    arguments: 1...8 as ClosedRange<UInt64>)
  func killed(seed: UInt64) async throws {
    let root = folder.path("")
    for round in 0..<2 as Range<UInt64> {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [root = root as String, seed, round = round as UInt64] in
        try serveUntilKilled(root: root, seed: seed &* 1_000 &+ round)
      }
      // The start after it is killed as well, at a moment of its own.
      await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String, seed] in
        killSoon(spins: Int(seed % 4) * 40_000)
        while true { _ = try InFlightTable.open(for: UsageLog(path: root + "/usage.log")) }
      }
    }
    let recovery = try recover()
    #expect(recovery.torn == 0)
    let served = folder.read("served").split(separator: "\n").map(String.init)
    let written = ids()
    #expect(!served.isEmpty && Set(written).count == written.count, "no request twice")
    #expect(Set(served).subtracting(written).isEmpty, "none missing")
  }

  private func withTable(_ body: (UsageLog, InFlightPartition) throws -> Void) throws {
    let log = try UsageLog(path: path)
    let table = try InFlightTable.open(for: log).table
    try body(log, table.makePartition())
    try log.close()
  }

  private func recover() throws -> InFlightRecovery {
    let log = try UsageLog(path: path)
    defer { try? log.close() }
    return try InFlightTable.open(for: log).recovery
  }

  /// The ids in the ledger, in order; every link of the chain is checked.
  private func ids() -> [String] {
    folder.plain("usage.log").split(separator: "\n").compactMap { line in
      var scanner = LedgerScanner()
      return Array(line.utf8).withUnsafeBytes { bytes in
        scanner.scan(bytes) == .request ? String(decoding: scanner.line.id, as: UTF8.self) : nil
      }
    }
  }
}

/// Serves requests, eight at a time, and notes in `served` each that has reached its provider, until the
/// process is killed from another thread at some moment.
private func serveUntilKilled(root: String, seed: UInt64) throws {
  var generator = SplitMix(state: seed)
  let log = try UsageLog(path: root + "/usage.log")
  let partition = try InFlightTable.open(for: log).table.makePartition()
  let provider = open(root + "/served", O_WRONLY | O_APPEND | O_CREAT, 0o600)
  var running: [(id: String, slot: InFlightPartition.Slot)] = []
  for number in 0... {
    // Not before some requests are in flight, or a round would show nothing.
    if number == 8 { killSoon(spins: Int.random(in: 0...400_000, using: &generator)) }
    let id = "\(seed)-\(number)"
    let slot = try partition.begin(.inFlight(id, cents: 3))
    let note = Array((id + "\n").utf8)
    _ = write(provider, note, note.count)
    running.append((id, slot))
    guard running.count >= 8 else { continue }
    let ended = running.remove(at: Int.random(in: 0..<8, using: &generator))
    var record = UsageRecord.inFlight(ended.id, cents: 2)
    record.status = .success
    try log.append(record)
    partition.end(ended.slot)
  }
}

/// Kills this process from another thread after `spins` looks at the clock: no sleep, so that the moment
/// lies anywhere in what the other thread does.
private func killSoon(spins: Int) {
  let thread = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  thread.pointee = spins
  var identity = pthread_t()
  pthread_create(
    &identity, nil,
    { spins in
      let count = spins?.assumingMemoryBound(to: Int.self).pointee ?? 0
      for _ in 0..<count { _ = Timestamp.now() }
      kill(getpid(), SIGKILL)
      return nil
    }, thread)
}

extension UsageRecord {
  /// A request of the tests that may be charged `cents`.
  static func inFlight(_ id: String, cents: Int, minutes: Int64 = 0) -> UsageRecord {
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 1_795_251_600_000 + minutes * 60_000), id: id,
      surface: "generate",
      status: .unknown)
    record.cost = .cents(cents)
    record.provider = ProviderID("groq")
    record.user = "u"
    return record
  }
}

extension UsageLog {
  func append(_ record: UsageRecord) throws {
    var line: [UInt8] = []
    record.appendLine(to: &line)
    try append(line, lineCount: 1)
  }
}
