import Glibc

/// The open descriptor of one log file; closed when its last user lets go of it.
///
/// A reference, so that a flush can run outside the log's lock while a rotation swaps the file.
final class LogFile: Sendable {
  let descriptor: Int32
  /// Where it was opened, for messages; it may have been renamed since.
  let path: String

  /// Takes over `descriptor`.
  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    close(descriptor)
  }

  /// Opens `path` for appending, and creates it and the folders above it where they are missing.
  static func open(_ path: String) throws(UsageLogError) -> LogFile {
    try createFolders(above: path)
    // Readable too, to look at the last byte. 0640: the ledger names users.
    let descriptor = repeatingInterrupted {
      Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
    }
    guard descriptor >= 0 else {
      throw errno == EISDIR
        ? .notARegularFile(path: path) : .cannotOpen(path: path, errno: errno)
    }
    let file = LogFile(descriptor: descriptor, path: path)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    return file
  }

  /// True when the last line has no newline: a crash or a full disk cut it off.
  func endsInsideLine(path: String) throws(UsageLogError) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard status.st_size > 0 else { return false }
    var last: UInt8 = 0
    let count = LogFile.repeatingInterrupted { Int32(pread(descriptor, &last, 1, status.st_size - 1)) }
    guard count >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    return count == 1 && last != UInt8(ascii: "\n")
  }

  /// fdatasync(2): returns 0 or the error number.
  func synchronize() -> Int32 {
    LogFile.repeatingInterrupted { fdatasync(descriptor) } == 0 ? 0 : errno
  }

  /// Makes what was created or renamed in the folder of `path` survive a power cut: fsync(2) of the
  /// folder; returns 0 or the error number.
  static func synchronizeFolder(of path: String) -> Int32 {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    return fsync(descriptor) == 0 ? 0 : errno
  }

  private static func createFolders(above path: String) throws(UsageLogError) {
    let bytes = Array(path.utf8)
    guard let lastSlash = bytes.lastIndex(of: UInt8(ascii: "/")), lastSlash > 0 else { return }
    let folder = String(decoding: bytes[..<lastSlash], as: UTF8.self)
    guard access(folder, F_OK) != 0 else { return }
    try createFolders(above: folder)
    // Another process may have made it in between.
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw .cannotCreateFolder(path: folder, errno: errno)
    }
  }

  static func repeatingInterrupted(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }
}
