import Glibc

/// What happens under the lock: how lines reach the file, or wait. A failure is the error number of
/// the write that failed.
extension UsageLog {
  /// Pays the newline that is owed and writes the lines that wait.
  func deliverWaiting(_ storage: inout Storage, to file: LogFile) -> Int32? {
    if storage.owesNewline, let failure = deliverNewline(&storage, to: file) { return failure }
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
    storage.owesNewline = written == 0
    return failure
  }

  /// Writes `lines`; returns the size of those that are in the file for good.
  func deliver(
    _ lines: [UInt8], lineCount: Int, to file: LogFile, _ storage: inout Storage
  ) -> (settled: Int, failure: Int32?) {
    let (written, failure) = writeAll(lines, to: file)
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

  /// Puts lines that were not written behind those that wait.
  func keep(
    _ lines: ArraySlice<UInt8>, of storage: inout Storage, because failure: Int32
  ) throws(UsageLogError) {
    guard storage.waiting.count + lines.count <= UsageLog.maximumWaitingSize else {
      storage.counters.lost += lines.lineCount
      throw .tooMuchWaiting(path: path, errno: failure, lost: lines.lineCount)
    }
    storage.waiting += lines
    storage.counters.waiting += lines.lineCount
    throw .cannotWrite(path: path, errno: failure, waiting: storage.counters.waiting)
  }
}

extension Sequence<UInt8> {
  fileprivate var lineCount: Int {
    reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }
}
