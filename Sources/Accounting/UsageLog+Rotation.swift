import Glibc

/// Rotation: a file that has grown to `rotationSize` gets the next number as its name, and a new one
/// takes its place. Under the lock, between two appends, so no line can fall between the files; the
/// chain goes on from the last line of the old one.
extension UsageLog {
  /// After a rotation has failed, how much more is written before the next try.
  private static let retrySize = 1_048_576
  /// Files that wait to be flushed; where nobody ever flushes (`ledger.fsync: never`), older ones go.
  private static let maximumRetiredCount = 16

  func rotateIfDue(_ storage: inout Storage) {
    guard storage.size >= storage.rotatesAt, let old = storage.file else { return }
    var failure: Int32?
    do throws(UsageLogError) {
      storage.file = try rotate()
      storage.retired.append(old)
      if storage.retired.count > Self.maximumRetiredCount { storage.retired.removeFirst() }
      storage.size = 0
      storage.rotatesAt = rotationSize
      storage.counters.rotations += 1
    } catch {
      if case .cannotRotate(_, let errno) = error { failure = errno }
      storage.rotatesAt = storage.size + Self.retrySize
    }
    note(failure, in: &storage.rotationFailure)
  }

  /// Renames the file and opens the new one. Killed in between, the next start makes the new file.
  private func rotate() throws(UsageLogError) -> LogFile {
    let target = LogFiles.rotated(path, number: LogFiles(of: path).nextNumber)
    guard rename(path, target) == 0 else { throw .cannotRotate(path: path, errno: errno) }
    do throws(UsageLogError) {
      return try LogFile.open(path)
    } catch {
      let reason = errno
      // Lines go on into the old file, under its old name.
      rename(target, path)
      throw .cannotRotate(path: path, errno: reason)
    }
  }

  /// The link that the next line follows: of the last line of the newest file that has one.
  static func lastLink(in file: LogFile, size: Int, path: String) throws(UsageLogError) -> ChainLink {
    if let link = try file.lastLink(before: size) { return link }
    for older in LogFiles(of: path).paths.dropLast().reversed() {
      guard let file = try LogFile.openForReading(older) else { continue }
      if let link = try file.lastLink(before: file.size()) { return link }
    }
    return .genesis
  }
}
