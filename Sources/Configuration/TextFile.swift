import Glibc

/// The bytes of one small file.
struct TextFile {
  let bytes: [UInt8]
  /// Whether every account of the machine may read it.
  let isWorldReadable: Bool

  /// Why a file cannot be read.
  enum Trouble: Error {
    case missing
    case notRegular(isDirectory: Bool)
    case tooLarge(limit: Int)
    /// What the system said.
    case refused(String)
  }

  /// Reads the whole file; one that holds more than `limit` bytes is refused.
  init(path: String, limit: Int) throws(Trouble) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw TextFile.trouble(errno) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw TextFile.trouble(errno) }
    let format = status.st_mode & S_IFMT
    guard format == S_IFREG else { throw .notRegular(isDirectory: format == S_IFDIR) }
    isWorldReadable = status.st_mode & S_IROTH != 0
    bytes = try TextFile.readAll(descriptor, limit: limit)
  }

  private static func readAll(_ descriptor: Int32, limit: Int) throws(Trouble) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw trouble(errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      // Counted while reading: the size that stat gave may have changed since.
      guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    }
  }

  private static func trouble(_ code: Int32) -> Trouble {
    code == ENOENT || code == ENOTDIR ? .missing : .refused(String(cString: strerror(code)))
  }
}

extension TextFile.Trouble: CustomStringConvertible {
  /// `no such file`, for the middle of a sentence.
  var description: String {
    switch self {
    case .missing: "no such file"
    case .notRegular(isDirectory: true): "is a folder, not a file"
    case .notRegular(isDirectory: false): "is not a regular file"
    case .tooLarge(let limit): "is larger than \(limit) bytes"
    case .refused(let reason): "cannot be read: \(reason)"
    }
  }
}
