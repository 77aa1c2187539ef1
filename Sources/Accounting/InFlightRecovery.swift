package import GatewayTypes
import Glibc

/// What the start found of requests that were in flight when the gateway died.
package struct InFlightRecovery: Hashable, Sendable {
  /// Those whose line was missing: it is in the ledger now.
  package var recorded = 0
  /// Of `recorded`, those that had ended: their lines had found no room on the disk, and are what they were then.
  package var ended = 0
  /// What the others, which are `unknown`, were charged together: their bounds.
  package var charged = Money.zero
  /// Those whose line had been written before the slot could be cleared.
  package var alreadyRecorded = 0
  /// Slots that a power cut has torn: requests that nothing more is known of.
  package var torn = 0
  /// Of `recorded`, those that the disk has no room for yet: they stay in the table, and are written as soon as it
  /// has.
  package var waiting = 0

  package init(
    recorded: Int = 0, ended: Int = 0, charged: Money = .zero, alreadyRecorded: Int = 0, torn: Int = 0,
    waiting: Int = 0
  ) {
    self.recorded = recorded
    self.ended = ended
    self.charged = charged
    self.alreadyRecorded = alreadyRecorded
    self.torn = torn
    self.waiting = waiting
  }
}

extension InFlightTable {
  /// Opens the table of `log`, writes the lines that a crash left owing, and empties it.
  ///
  /// Each line is written exactly once, even if this is killed too: the table is emptied only after the
  /// lines are on the disk, and an id that the ledger's end holds is not written again. Where the disk has
  /// no room for them, they are kept: call `clearOwed` now and then. Call it before anything is served.
  package static func open(for log: UsageLog) throws(UsageLogError) -> (
    table: InFlightTable, recovery: InFlightRecovery
  ) {
    let path = InFlightTable.path(ofLedger: log.path)
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    let table = InFlightTable(path: path, descriptor: descriptor)
    guard takeLock(of: descriptor) else { throw .inUse(path: log.path) }
    let contents = try InFlightContents(descriptor: descriptor, path: path)
    let recovery = try recover(contents, of: path, into: log)
    if recovery.waiting > 0 {
      try table.keepOwed(size: contents.size)
    } else {
      guard ftruncate(descriptor, 0) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    }
    return (table, recovery)
  }

  /// Takes the lock that one process a ledger has. Who has it now may be ending: it is tried again for half a
  /// second.
  private static func takeLock(of descriptor: Int32) -> Bool {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(10_000)
    }
    return false
  }

  private static func recover(
    _ contents: InFlightContents, of path: String, into log: UsageLog
  ) throws(UsageLogError) -> InFlightRecovery {
    var recovery = InFlightRecovery()
    recovery.torn = contents.torn
    guard !contents.entries.isEmpty else { return recovery }
    let written = try contents.idsWritten(in: log.path)
    var owed: [InFlightContents.Place] = []
    for entry in contents.entries {
      guard !written.contains(entry.id) else {
        recovery.alreadyRecorded += 1
        continue
      }
      owed.append(entry.place)
      recovery.recorded += 1
      if entry.status == .unknown { recovery.charged += entry.cost } else { recovery.ended += 1 }
    }
    guard !owed.isEmpty else { return recovery }
    do throws(UsageLogError) {
      try log.append(OwedLines(owed, of: path))
      try log.synchronize()
    } catch {
      // Accepted: the log writes them as soon as it can. They are in the table still.
      switch error {
      case .cannotWrite, .cannotSynchronize: recovery.waiting = recovery.recorded
      default: throw error
      }
    }
    return recovery
  }
}

/// The table as a crash left it.
struct InFlightContents {
  struct Entry {
    var id: [UInt8]
    var time: Timestamp
    var status: UsageRecord.Status
    var cost: Money
    var place: Place
  }

  /// Where a whole line, without chain and newline, stands in the file.
  struct Place {
    var offset: Int
    var size: Int
  }

  /// Where the last slot that is taken ends, in bytes from the file's start.
  private(set) var size = 0
  /// One for each request, the earliest first.
  private(set) var entries: [Entry] = []
  private(set) var torn = 0

  /// Reads the file; nothing in it is changed.
  init(descriptor: Int32, path: String) throws(UsageLogError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    let size = Int(status.st_size) / InFlightTable.slotSize * InFlightTable.slotSize
    guard size > 0 else { return }
    let memory = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw .cannotOpen(path: path, errno: errno) }
    defer { munmap(memory, size) }
    read(UnsafeRawBufferPointer(start: memory, count: size))
  }

  private mutating func read(_ slots: UnsafeRawBufferPointer) {
    var scanner = LedgerScanner()
    var byID: [[UInt8]: Entry] = [:]
    var start = 0
    while start < slots.count {
      let header = InFlightSlotHeader(word: slots.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      let lineStart = start + InFlightSlotHeader.size
      start += InFlightTable.slotSize
      guard header.word != 0 else { continue }
      defer { size = start }
      guard header.lineSize <= min(UsageRecord.maximumLineSize, slots.count - lineStart) else {
        torn += 1
        continue
      }
      let line = UnsafeRawBufferPointer(rebasing: slots[lineStart..<lineStart + header.lineSize])
      guard InFlightSlotHeader(of: line).word == header.word, scanner.scan(line) == .request else {
        torn += 1
        continue
      }
      let taken =
        (InFlightSlotHeader.size + header.lineSize + InFlightTable.slotSize - 1) / InFlightTable.slotSize
      start += (taken - 1) * InFlightTable.slotSize
      let entry = Entry(
        id: Array(scanner.line.id), time: scanner.line.time, status: scanner.line.status,
        cost: scanner.line.cost, place: Place(offset: lineStart, size: header.lineSize))
      // Two slots of one request: it was being moved to the next attempt. The larger bound covers both.
      byID[entry.id] = byID[entry.id].map { $0.cost > entry.cost ? $0 : entry } ?? entry
    }
    entries = byID.values.sorted { left, right in
      left.time == right.time ? left.id.lexicographicallyPrecedes(right.id) : left.time < right.time
    }
  }

  /// Those of the entries' ids that the ledger at `path` has a line for.
  ///
  /// A request's line is written after it came in, so only the ledger's end is read, back to the first
  /// entry's time.
  func idsWritten(in path: String) throws(UsageLogError) -> Set<[UInt8]> {
    guard let earliest = entries.first?.time else { return [] }
    let wanted = Set(entries.map(\.id))
    var found: Set<[UInt8]> = []
    var scanner = LedgerScanner()
    for file in LogFiles(of: path).paths.reversed() {
      guard let file = try LogFile.openForReading(file) else { continue }
      let start = try file.start(ofLinesSince: earliest)
      let reader = LogReader(file, from: start.offset)
      while let line = try reader.next() {
        guard scanner.scan(line.bytes) == .request else { continue }
        let id = Array(scanner.line.id)
        if wanted.contains(id) { found.insert(id) }
      }
      // A full disk may have had no room for a line's newline, which is paid first as soon as it has.
      if scanner.scan(reader.unended) == .request {
        let id = Array(scanner.line.id)
        if wanted.contains(id) { found.insert(id) }
      }
      if start.isPreceded { break }
    }
    return found
  }
}
