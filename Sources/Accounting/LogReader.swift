import Glibc

/// Reads the whole lines of one log file, from any line's start, through one buffer of a fixed size.
///
/// At the file's end a piece without a newline is left: it is read whole once it has one, so a file that
/// is being appended to can be followed. Not to be shared between threads.
final class LogReader {
  /// A line as it stands in the file, without its newline. Its bytes are the reader's, and are valid until
  /// it goes on.
  struct Line {
    /// Empty when the line is longer than any that the ledger writes.
    var bytes: UnsafeRawBufferPointer
    var isTooLong: Bool
    /// Where it begins in the file.
    var offset: Int
    /// Its length with the newline.
    var size: Int
  }

  /// A line of the ledger and what the chain adds to it.
  static let maximumLineSize = UsageRecord.maximumLineSize + ChainLink.suffixSize
  /// One read(2): large enough that its cost does not show, small enough for the processor's cache.
  private static let chunkSize = 1_048_576

  let file: LogFile
  private let buffer: UnsafeMutableRawBufferPointer
  /// The bytes of `buffer` that are read and not handed out.
  private var pending: Range<Int> = 0..<0
  /// Where in the file `pending` begins.
  private(set) var offset: Int
  /// How much of a line that is too long has been thrown away.
  private var skipped = 0

  /// Reads `file` from `offset` on, which is the start of a line.
  init(_ file: LogFile, from offset: Int = 0) {
    self.file = file
    self.offset = offset
    buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: LogReader.maximumLineSize + LogReader.chunkSize, alignment: 16)
  }

  deinit {
    buffer.deallocate()
  }

  /// Whether the file ended inside a line when it was last read.
  var endsInsideLine: Bool { !pending.isEmpty || skipped > 0 }

  /// What stood behind the last newline when the file was last read: a piece of a line, or a line that lacks no more
  /// than its newline. Valid until the next call.
  var unended: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[skipped > 0 ? pending.lowerBound..<pending.lowerBound : pending])
  }

  /// The next whole line; nil when the file has no further one by now. Its bytes are valid until the
  /// next call.
  func next() throws(UsageLogError) -> Line? {
    repeat {
      if let line = pendingLine() { return line }
    } while try fill()
    return nil
  }

  /// Puts the whole lines that one reading brings into `lines`; false when the file has no further one by now.
  /// Their bytes are valid until the next call.
  func nextBlock(into lines: inout [Line]) throws(UsageLogError) -> Bool {
    lines.removeAll(keepingCapacity: true)
    repeat {
      while let line = pendingLine() { lines.append(line) }
      if !lines.isEmpty { return true }
    } while try fill()
    return false
  }

  private func pendingLine() -> Line? {
    guard !pending.isEmpty, let base = buffer.baseAddress,
      let newline = memchr(base + pending.lowerBound, Int32(UInt8(ascii: "\n")), pending.count)
    else { return nil }
    let end = UnsafeRawPointer(newline) - UnsafeRawPointer(base)
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[pending.lowerBound..<end])
    let size = skipped + bytes.count + 1
    let isTooLong = skipped > 0 || bytes.count > LogReader.maximumLineSize
    defer {
      pending = end + 1..<pending.upperBound
      offset += size
      skipped = 0
    }
    return Line(
      bytes: isTooLong ? UnsafeRawBufferPointer(rebasing: bytes[..<0]) : bytes, isTooLong: isTooLong,
      offset: offset, size: size)
  }

  /// Reads on behind what is pending; false at the file's end.
  private func fill() throws(UsageLogError) -> Bool {
    if pending.count > LogReader.maximumLineSize {
      // No line is that long: it is thrown away up to its newline.
      skipped += pending.count
      pending = 0..<0
    } else if pending.lowerBound > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[pending]))
      pending = 0..<pending.count
    }
    let room = UnsafeMutableRawBufferPointer(
      rebasing: buffer[pending.upperBound...].prefix(LogReader.chunkSize))
    let count = try file.read(into: room, at: offset + skipped + pending.count)
    pending = pending.lowerBound..<pending.upperBound + count
    return count > 0
  }
}
