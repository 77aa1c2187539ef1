import Glibc

/// What happens under the lock: how lines reach the file, or wait. A failure is the error number of
/// the write that failed.
extension UsageLog {
  /// Pays the newline that is owed and writes the lines that wait.
  func deliverWaiting(_ storage: inout Storage, to file: LogFile) -> Int32? {
    if storage.owesNewline, let failure = deliverNewline(&storage, to: file) { return failure }
    while true {
      if let failure = deliverAccepted(&storage, to: file) { return failure }
      do throws(UsageLogError) {
        guard try storage.acceptOwed() else { return nil }
      } catch {
        return error.errno ?? EIO
      }
    }
  }

  /// Writes the lines that wait in memory.
  private func deliverAccepted(_ storage: inout Storage, to file: LogFile) -> Int32? {
    guard !storage.waiting.isEmpty else { return nil }
    let lines = storage.waiting
    let (settled, failure) = deliver(lines, lineCount: storage.counters.waiting, to: file, &storage)
    if failure == nil {
      storage.waiting = []
      storage.counters.waiting = 0
    } else if settled > 0 {
      storage.waiting = Array(lines[settled...])
      storage.counters.waiting -= lines[..<settled].lineCount
    }
    return failure
  }

  func deliverNewline(_ storage: inout Storage, to file: LogFile) -> Int32? {
    let (written, failure) = writeAll([UInt8(ascii: "\n")], to: file)
    storage.size += written
    storage.owesNewline = written == 0
    return failure
  }

  /// Writes `lines`; returns the size of those that are in the file for good.
  func deliver(
    _ lines: [UInt8], lineCount: Int, to file: LogFile, _ storage: inout Storage
  ) -> (settled: Int, failure: Int32?) {
    let (written, failure) = writeAll(lines, to: file)
    storage.size += written
    guard let failure else {
      storage.counters.written += lineCount
      return (lines.count, nil)
    }
    let wholeLines = (lines[..<written].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    var settled = wholeLines
    if written > wholeLines {
      storage.owesNewline = true
      // Cut just before its newline, the line is whole: with the newline that is owed it is in the
      // file, and a second copy would count it twice.
      if lines[written] == UInt8(ascii: "\n") { settled = written + 1 }
    }
    storage.counters.written += lines[..<settled].lineCount
    return (settled, failure)
  }

  /// Goes on after a short write until all is written or a write fails.
  private func writeAll(_ bytes: [UInt8], to file: LogFile) -> (written: Int, failure: Int32?) {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = write(file.descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
        // A write of nothing would be tried for ever; Linux does not do that to a regular file.
        guard count > 0 else { return (written, count == 0 ? EIO : Int32(-count)) }
        written += count
      }
      return (written, nil)
    }
  }

  /// Puts lines that were not written, those of `lines` from `start` on, behind those that wait. Where
  /// there is no room for them they are lost, and the chain goes on from the last line that is not.
  func keep(
    _ lines: [UInt8], from start: Int, of storage: inout Storage, after linkBefore: ChainLink,
    because failure: Int32
  ) throws(UsageLogError) {
    let rest = lines[start...]
    guard storage.waiting.count + rest.count <= UsageLog.maximumWaitingSize else {
      storage.counters.lost += rest.lineCount
      storage.link = lines[..<start].lastLink ?? linkBefore
      throw .tooMuchWaiting(path: path, errno: failure, lost: rest.lineCount)
    }
    storage.waiting += rest
    storage.counters.waiting += rest.lineCount
    throw .cannotWrite(path: path, errno: failure, waiting: storage.waitingCount)
  }
}

extension UsageLog.Storage {
  /// The largest buffer that is kept between appends.
  private static let maximumScratchSize = 1_048_576

  /// Lines that were accepted or taken over, and are not in the file.
  var waitingCount: Int { counters.waiting + (owed?.count ?? 0) }

  /// Takes the next of the lines that are owed into memory, where none wait; false when there are none.
  mutating func acceptOwed() throws(UsageLogError) -> Bool {
    guard let batch = try owed?.next() else {
      owed = nil
      return false
    }
    waiting = chain(batch.lines)
    counters.waiting = batch.count
    return true
  }

  /// The same lines, each with the chain's next link as its last field.
  mutating func chain(_ lines: [UInt8]) -> [UInt8] {
    var chained: [UInt8] = []
    swap(&chained, &scratch)
    lines.withUnsafeBytes { lines in
      var start = 0
      while start < lines.count {
        // memchr: the standard library's search takes five instructions a byte.
        guard let base = lines.baseAddress, let found = memchr(base + start, 0x0A, lines.count - start) else {
          preconditionFailure("the last line has its newline")
        }
        let newline = UnsafeRawPointer(found) - base
        precondition(
          newline - start > 2 && lines[newline - 1] == UInt8(ascii: "}"),
          "a line of the ledger is a JSON object")
        let content = UnsafeRawBufferPointer(rebasing: lines[start..<newline - 1])
        link = link.next(content)
        chained.append(contentsOf: content)
        link.appendSuffix(to: &chained)
        chained.append(UInt8(ascii: "\n"))
        start = newline + 1
      }
    }
    return chained
  }

  /// Takes back the buffer that `chain` gave out.
  mutating func keepScratch(_ bytes: consuming [UInt8]) {
    guard bytes.capacity <= Self.maximumScratchSize else { return }
    scratch = bytes
    scratch.removeAll(keepingCapacity: true)
  }
}

extension ArraySlice<UInt8> {
  /// The link of the last of these whole lines; nil when there is none.
  fileprivate var lastLink: ChainLink? {
    guard let end = lastIndex(of: UInt8(ascii: "\n")) else {
      return withUnsafeBytes { ChainLink(endOf: $0) }
    }
    let start = self[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? startIndex
    return self[start..<end].withUnsafeBytes { ChainLink(endOf: $0) }
  }
}

extension Sequence<UInt8> {
  fileprivate var lineCount: Int {
    reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }
}
