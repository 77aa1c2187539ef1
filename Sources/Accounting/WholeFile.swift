import Glibc

/// A small file beside the ledger that is only ever replaced as a whole: written aside and renamed, so that
/// whoever reads it finds the old one or the new one and never a piece.
package enum WholeFile {
  /// Puts `bytes` in the place of what is at `path`. `synchronizes`: so that a power cut cannot leave an
  /// empty file either; blocks for as long as the disk takes.
  package static func replace(
    _ path: String, with bytes: [UInt8], synchronizes: Bool
  ) throws(UsageLogError) {
    let aside = path + ".new"
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw .cannotOpen(path: aside, errno: errno) }
    defer { close(descriptor) }
    let failure = bytes.withUnsafeBytes { bytes -> Int in
      var written = 0
      while written < bytes.count {
        let count = UsageLog.systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
        guard count > 0 else { return count == 0 ? Int(EIO) : -count }
        written += count
      }
      return !synchronizes || fsync(descriptor) == 0 ? 0 : Int(errno)
    }
    guard failure == 0 else { throw .cannotWrite(path: aside, errno: Int32(failure), waiting: 0) }
    guard rename(aside, path) == 0 else { throw .cannotOpen(path: path, errno: errno) }
  }

  /// What is in the file at `path`, at most `maximumSize` bytes of it; nil when there is none.
  package static func bytes(of path: String, maximumSize: Int) throws(UsageLogError) -> [UInt8]? {
    let file = try LogFile.openForReading(path)
    return try file?.bytes(from: 0, to: min(file?.size() ?? 0, maximumSize))
  }
}
