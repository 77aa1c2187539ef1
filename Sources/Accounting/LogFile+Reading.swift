import Glibc

extension LogFile {
  /// Which file it is, whatever its name is by now.
  struct Identity: Hashable, Sendable {
    var device: UInt
    var node: UInt
  }

  /// Opens `path` for reading; nil when there is no such file.
  static func openForReading(_ path: String) throws(UsageLogError) -> LogFile? {
    let descriptor = repeatingInterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw .cannotOpen(path: path, errno: errno) }
      return nil
    }
    let file = LogFile(descriptor: descriptor, path: path)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    return file
  }

  /// Nil when the system does not say, which fstat(2) of an open file always does.
  var identity: Identity? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    return Identity(device: UInt(status.st_dev), node: UInt(status.st_ino))
  }

  /// The size in bytes by now.
  func size() throws(UsageLogError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    return Int(status.st_size)
  }

  /// pread(2): fills `buffer` as far as the file goes from `offset`; returns the bytes read, 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(UsageLogError) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, offset)
      if count >= 0 { return count }
      guard errno == EINTR else { throw .cannotRead(path: path, errno: errno) }
    }
  }

  /// The bytes from `start` up to `end`, or up to the file's end where that comes first.
  func bytes(from start: Int, to end: Int) throws(UsageLogError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: end - start, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try read(into: rest, at: start + filled)
      guard count > 0 else { break }
      filled += count
    }
    return Array(buffer[..<filled])
  }

  /// How many lines end from `start` up to `end`.
  func newlineCount(from start: Int, to end: Int) throws(UsageLogError) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_048_576, alignment: 16)
    defer { buffer.deallocate() }
    var (offset, total) = (start, 0)
    while offset < end {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(end - offset))
      let size = try read(into: rest, at: offset)
      guard size > 0 else { break }
      for byte in rest.prefix(size) where byte == UInt8(ascii: "\n") { total += 1 }
      offset += size
    }
    return total
  }

  /// The link of the last line of the chain that ends at or before `end`; nil when there is none.
  func lastLink(before end: Int) throws(UsageLogError) -> ChainLink? {
    var size = 65_536
    while true {
      let start = max(0, end - size)
      let link = try bytes(from: start, to: end).withUnsafeBytes { LogFile.lastLink(in: $0) }
      // A line that began before `start` is not seen whole, but only its end matters here.
      if link != nil || start == 0 { return link }
      size *= 4
    }
  }

  /// The link of the last line in `bytes` that has one; a last line without its newline counts, since it
  /// may have lost no more than that.
  private static func lastLink(in bytes: UnsafeRawBufferPointer) -> ChainLink? {
    var end = bytes.count
    while end > 0 {
      let start = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if let link = ChainLink(endOf: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { return link }
      end = start - 1
    }
    return nil
  }
}

extension LogFile {
  /// How far the clock may have been set back while requests were in flight.
  private static let clockSlack: Int64 = 60_000
  /// How much is stepped back at a time: some 20,000 lines.
  private static let stepSize = 8_388_608

  /// The start of a line before which all are older than `time`; `isPreceded` is false when the whole
  /// file may be younger, so that the file before it matters too, or when what lies before `least` was not
  /// looked at: then `offset` is `least`, and may be inside a line.
  func start(ofLinesSince time: Timestamp, atLeast least: Int = 0) throws(UsageLogError) -> (
    offset: Int, isPreceded: Bool
  ) {
    var scanner = LedgerScanner()
    var from = try size()
    while from > least {
      from = max(least, from - LogFile.stepSize)
      // The first piece, unless it is the file's start, may be the rest of a line: no line, then.
      let reader = LogReader(self, from: from)
      while let line = try reader.next() {
        guard scanner.scan(line.bytes) == .request else { continue }
        let latest = time.millisecondsSince1970 - LogFile.clockSlack
        if scanner.line.time.millisecondsSince1970 < latest { return (line.offset, true) }
        break
      }
    }
    return (least, false)
  }
}
