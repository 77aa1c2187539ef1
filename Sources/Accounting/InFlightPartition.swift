import CLinux

/// One event loop's share of the in-flight table. Used on that loop only.
package final class InFlightPartition {
  /// Where one request stands in the table.
  package struct Slot: Sendable {
    fileprivate var segment: Int
    fileprivate var index: Int
    fileprivate var count: Int
  }

  private let table: InFlightTable
  private var segments: [InFlightSegment] = []
  private var slotCount = 0
  /// The line that is being stored.
  private var line: [UInt8] = []
  /// Of requests that have ended, and whose lines wait for room on the disk.
  private var waiting: [Slot] = []

  /// Where the disk has no room for the first slots the first `begin` will say so, and any later one try again.
  init(table: InFlightTable) {
    self.table = table
    try? grow()
  }

  /// Stores the line that `record` becomes if the process dies from now on: with status `unknown`, the
  /// time of the request's arrival, and its reserved bound as its cost. Call it before the first attempt.
  ///
  /// Throws when the table is full or its disk is: the request is then refused, not served unrecorded.
  package func begin(_ record: borrowing UsageRecord) throws(UsageLogError) -> Slot {
    precondition(record.content == nil, "no prompt is kept of a request in flight")
    line.removeAll(keepingCapacity: true)
    record.appendObject(to: &line)
    let count = (InFlightSlotHeader.size + line.count + InFlightTable.slotSize - 1) / InFlightTable.slotSize
    for (number, segment) in segments.enumerated().reversed() {
      if let index = segment.take(count) { return store(Slot(segment: number, index: index, count: count)) }
    }
    try grow()
    guard let index = segments[segments.count - 1].take(count) else {
      preconditionFailure("a new segment has room for the longest line")
    }
    return store(Slot(segment: segments.count - 1, index: index, count: count))
  }

  /// Stores `record` in place of what `slot` holds: a further attempt at another provider, or a larger
  /// bound. At no moment is neither of them in the file.
  package func replace(_ slot: inout Slot, with record: borrowing UsageRecord) throws(UsageLogError) {
    let old = slot
    slot = try begin(record)
    end(old)
  }

  /// Clears the slot: the request's line is in the ledger.
  package func end(_ slot: Slot) {
    let segment = segments[slot.segment]
    // The first word first: with it the slots are empty, and what is left in them is never looked at
    // as long as their first words are zero too.
    for index in slot.index..<slot.index + slot.count {
      clinux_store_release(word(of: index, in: segment), 0)
    }
    segment.give(slot.index, count: slot.count)
  }

  /// Leaves in `slot` the line that the request has come to, for the next start to write, since it may find no room
  /// in the ledger before this process ends. `isAccepted`: the ledger's log has it and goes on trying; the slot is
  /// then cleared by the first `endWaiting` after it succeeded.
  package func keep(_ slot: Slot, _ record: borrowing UsageRecord, isAccepted: Bool) {
    var slot = slot
    var whole = copy record
    whole.content = nil
    // A table without room keeps the bound.
    try? replace(&slot, with: whole)
    if isAccepted { waiting.append(slot) }
  }

  /// Clears the slots of those whose lines waited, once every line that `log` has accepted is in the ledger.
  package func endWaiting(writtenTo log: UsageLog) {
    guard !waiting.isEmpty, log.counters.waiting == 0 else { return }
    for slot in waiting { end(slot) }
    waiting = []
  }

  private func store(_ slot: Slot) -> Slot {
    let segment = segments[slot.segment]
    let start = slot.index * InFlightTable.slotSize
    line.withUnsafeBytes { line in
      UnsafeMutableRawBufferPointer(rebasing: segment.memory[(start + InFlightSlotHeader.size)...])
        .copyMemory(from: line)
      // Last, and with a release: a slot with a header is a whole line.
      clinux_store_release(word(of: slot.index, in: segment), InFlightSlotHeader(of: line).word)
    }
    return slot
  }

  private func word(of index: Int, in segment: InFlightSegment) -> UnsafeMutablePointer<UInt64> {
    guard let base = segment.memory.baseAddress else { preconditionFailure("a mapping has an address") }
    return (base + index * InFlightTable.slotSize).assumingMemoryBound(to: UInt64.self)
  }

  /// Doubles the slots.
  private func grow() throws(UsageLogError) {
    guard slotCount < InFlightTable.maximumSlotCount else { throw .tooManyInFlight(path: table.path) }
    let more = max(slotCount, InFlightTable.initialSlotCount)
    segments.append(try table.makeSegment(slotCount: more))
    slotCount += more
  }
}

/// The first eight bytes of a slot: zero when it is free, else the size of the line behind it and its
/// checksum, in one word, so that one store makes the slot valid.
struct InFlightSlotHeader {
  static let size = 8

  let word: UInt64

  init(of line: UnsafeRawBufferPointer) {
    word = UInt64(line.count) << 32 | UInt64(InFlightSlotHeader.checksum(line))
  }

  /// What is stored in a slot.
  init(word: UInt64) {
    self.word = word
  }

  var lineSize: Int { Int(word >> 32) }

  /// Against pages that a power cut has torn, not against anybody: multiply and rotate, a word at a time.
  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index + 8 <= bytes.count {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0xBF58_476D_1CE4_E5B9
      hash = hash << 29 | hash >> 35
      index += 8
    }
    while index < bytes.count {
      hash = (hash ^ UInt64(bytes[index])) &* 0xBF58_476D_1CE4_E5B9
      index += 1
    }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
