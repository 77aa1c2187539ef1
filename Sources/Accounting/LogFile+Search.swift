import CLinux

extension LogFile {
  /// What one read of a search takes in.
  private static let searchChunk = 1_048_576

  /// Goes from `end` back to the start, at most `limit` bytes, through the lines that have `needle` in them, the
  /// last first, until `accept` says that it is the one; returns its bytes and where it begins.
  func lastLine(
    with needle: [UInt8], before end: Int, limit: Int = .max, where accept: ([UInt8]) -> Bool
  ) throws(UsageLogError) -> (line: [UInt8], offset: Int)? {
    precondition(!needle.isEmpty, "a search for nothing finds everything")
    let first = limit >= end ? 0 : end - limit
    var chunkEnd = end
    while chunkEnd > first {
      let start = max(first, chunkEnd - LogFile.searchChunk)
      // The needle may lie across the chunk's end.
      let bytes = try bytes(from: start, to: min(end, chunkEnd + needle.count - 1))
      for place in LogFile.places(of: needle, in: bytes).reversed() {
        guard let found = try wholeLine(around: start + place) else { continue }
        if accept(found.line) { return found }
      }
      chunkEnd = start
    }
    return nil
  }

  /// The first line of the file that has `needle` in it and that `accept` takes.
  func firstLine(
    with needle: [UInt8], where accept: ([UInt8]) -> Bool
  ) throws(UsageLogError) -> [UInt8]? {
    let size = try size()
    var start = 0
    while start < size {
      let bytes = try bytes(from: start, to: min(size, start + LogFile.searchChunk + needle.count - 1))
      for place in LogFile.places(of: needle, in: bytes) {
        if let found = try wholeLine(around: start + place), accept(found.line) { return found.line }
      }
      start += LogFile.searchChunk
    }
    return nil
  }

  private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    bytes.withUnsafeBytes { bytes in
      needle.withUnsafeBytes { needle in
        guard let base = bytes.baseAddress, let sought = needle.baseAddress else { return }
        var start = 0
        while start + needle.count <= bytes.count,
          let found = clinux_memmem(base + start, bytes.count - start, sought, needle.count)
        {
          places.append(found - base)
          start = found - base + 1
        }
      }
    }
    return places
  }

  /// The line that the byte at `offset` is in, without its newline; nil when it has none, or is longer than lines
  /// are.
  private func wholeLine(around offset: Int) throws(UsageLogError) -> (line: [UInt8], offset: Int)? {
    var reach = 4_096
    while true {
      let start = max(0, offset - reach)
      let bytes = try bytes(from: start, to: offset + reach)
      let place = offset - start
      let begin = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? (start == 0 ? 0 : nil)
      let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n"))
      if let begin, let end { return (Array(bytes[begin..<end]), start + begin) }
      guard reach <= LogReader.maximumLineSize else { return nil }
      reach *= 4
    }
  }
}
