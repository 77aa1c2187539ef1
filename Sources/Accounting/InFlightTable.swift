import CLinux
import Glibc
import Synchronization

/// The requests in flight, in a file beside the ledger: what `kill -9` cannot take away.
///
/// Before a request's first attempt its ledger line, as it shall read if the gateway dies (`unknown`,
/// charged at its bound), is stored into a slot of a memory-mapped file, and cleared once the true line is
/// in the ledger. Mapped pages belong to the kernel and outlive the process, so the stores cost no system
/// call and are all there at the next start; only a power cut can lose them. See `InFlightRecovery`.
///
/// Each event loop has a partition of its own, so nothing is shared on a request's way. One process at a
/// time: the file is locked. Safe to use from any thread.
package final class InFlightTable: Sendable {
  /// A line with its tags fits one slot as a rule; a longer one takes several in a row.
  static let slotSize = 1_024
  /// Slots before a partition first grows: 256 kB.
  static let initialSlotCount = 256
  /// Of one partition: 64 MB. More requests than that in one loop are refused, not forgotten.
  static let maximumSlotCount = 65_536

  package let path: String
  private let descriptor: Int32
  private let size: Mutex<Int>
  /// How much of the file's start holds the lines of an earlier process that wait for room in the ledger.
  private let owedSize = Mutex(0)

  /// `tollgate audit` finds the table by this name.
  package static func path(ofLedger path: String) -> String { path + ".inflight" }

  /// Takes over an open, locked and empty file.
  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    size = Mutex(0)
  }

  deinit {
    close(descriptor)
  }

  /// Leaves the first `size` bytes to what is in them until `clearOwed`; new slots come behind.
  func keepOwed(size: Int) throws(UsageLogError) {
    // A mapping begins on a page, and pages are 64 kB at most.
    let end = (size + 65_535) / 65_536 * 65_536
    guard ftruncate(descriptor, end) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    self.size.withLock { $0 = end }
    owedSize.withLock { $0 = size }
  }

  /// Clears what an earlier process left, once the lines made of it are on the disk: when `log`, which took
  /// them before any other line, has none that waits. To be called now and then; costs nothing without.
  package func clearOwed(writtenTo log: UsageLog) throws(UsageLogError) {
    try owedSize.withLock { owed throws(UsageLogError) in
      guard owed > 0, log.counters.waiting == 0 else { return }
      try log.synchronize()
      // The slots' first words; the blocks are there, so this needs no room.
      var word: UInt64 = 0
      for start in stride(from: 0, to: owed, by: InFlightTable.slotSize) {
        guard pwrite(descriptor, &word, 8, start) == 8 else {
          throw .cannotWrite(path: path, errno: errno, waiting: 0)
        }
      }
      owed = 0
    }
  }

  /// How many of `lines`, the log's whole lines, the table has as well: the next start writes those.
  func count(of lines: [UInt8]) -> Int {
    guard !lines.isEmpty, let contents = try? InFlightContents(descriptor: descriptor, path: path) else {
      return 0
    }
    let kept = Set(contents.entries.map(\.id))
    var scanner = LedgerScanner()
    return lines.withUnsafeBytes { bytes in
      bytes.split(separator: UInt8(ascii: "\n")).count { line in
        scanner.scan(UnsafeRawBufferPointer(rebasing: line)) == .request
          && kept.contains(Array(scanner.line.id))
      }
    }
  }

  /// The slots of one more event loop.
  package func makePartition() -> InFlightPartition { InFlightPartition(table: self) }

  /// Makes the file larger by `slotCount` empty slots and maps them.
  func makeSegment(slotCount: Int) throws(UsageLogError) -> InFlightSegment {
    let length = slotCount * InFlightTable.slotSize
    let start = try size.withLock { size throws(UsageLogError) in
      // The blocks are taken now: a store into a page that a full disk has no block for would be a SIGBUS.
      let failure = posix_fallocate(descriptor, size, length)
      guard failure == 0 else { throw .cannotWrite(path: path, errno: failure, waiting: 0) }
      defer { size += length }
      return size
    }
    let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, start)
    guard let memory, memory != MAP_FAILED else {
      throw .cannotOpen(path: path, errno: errno)
    }
    return InFlightSegment(memory: UnsafeMutableRawBufferPointer(start: memory, count: length))
  }
}

/// A run of slots that is mapped into memory, and which of them are taken. Used by one loop.
final class InFlightSegment {
  let memory: UnsafeMutableRawBufferPointer
  let slotCount: Int
  /// A set bit is a free slot.
  private var free: [UInt64]
  /// No word before this one has a free slot.
  private var firstFreeWord = 0

  init(memory: UnsafeMutableRawBufferPointer) {
    self.memory = memory
    slotCount = memory.count / InFlightTable.slotSize
    precondition(slotCount.isMultiple(of: 64), "whole words of slots")
    free = Array(repeating: .max, count: slotCount / 64)
  }

  deinit {
    munmap(memory.baseAddress, memory.count)
  }

  /// Takes `count` free slots in a row; returns the first, or nil where there are none.
  func take(_ count: Int) -> Int? {
    count == 1 ? takeOne() : takeRow(of: count)
  }

  /// Gives slots back.
  func give(_ slot: Int, count: Int) {
    for index in slot..<slot + count {
      precondition(free[index / 64] & bit(index) == 0, "a slot is given back once")
      free[index / 64] |= bit(index)
    }
    firstFreeWord = min(firstFreeWord, slot / 64)
  }

  private func takeOne() -> Int? {
    while firstFreeWord < free.count {
      if free[firstFreeWord] != 0 {
        let index = firstFreeWord * 64 + free[firstFreeWord].trailingZeroBitCount
        free[firstFreeWord] &= ~bit(index)
        return index
      }
      firstFreeWord += 1
    }
    return nil
  }

  /// For the rare request with a line that is longer than a slot.
  private func takeRow(of count: Int) -> Int? {
    var length = 0
    for index in firstFreeWord * 64..<slotCount {
      length = free[index / 64] & bit(index) == 0 ? 0 : length + 1
      guard length == count else { continue }
      let first = index - count + 1
      for taken in first...index { free[taken / 64] &= ~bit(taken) }
      return first
    }
    return nil
  }

  private func bit(_ index: Int) -> UInt64 { 1 << UInt64(index % 64) }
}
