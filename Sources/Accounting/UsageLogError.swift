import Glibc

/// Why the ledger could not be opened or written, in words for the operator.
package enum UsageLogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// mkdir(2) failed with `errno`.
  case cannotCreateFolder(path: String, errno: Int32)
  /// None of the ledger's files is there to be read.
  case noLedger(path: String)
  /// open(2), fstat(2) or pread(2) failed with `errno`.
  case cannotOpen(path: String, errno: Int32)
  /// pread(2) failed with `errno`.
  case cannotRead(path: String, errno: Int32)
  /// rename(2) failed with `errno`, or the new file could not be opened; the file stays in use.
  case cannotRotate(path: String, errno: Int32)
  /// Another gateway writes this ledger.
  case inUse(path: String)
  /// No more requests in flight can be written down.
  case tooManyInFlight(path: String)
  /// The path names a folder, a pipe or a device.
  case notARegularFile(path: String)
  /// write(2) failed with `errno`. `waiting` lines are kept, this call's among them, and are written
  /// before anything else as soon as the file takes them: the caller must not append them again.
  case cannotWrite(path: String, errno: Int32, waiting: Int)
  /// As `cannotWrite`, but the lines that wait had reached their limit: this call's `lost` lines are
  /// not kept.
  case tooMuchWaiting(path: String, errno: Int32, lost: Int)
  /// The log was closed, and write(2) failed with `errno` on the lines that waited: `kept` of them are in the table
  /// of requests in flight, and are written at the next start, and `lost` are nowhere.
  case unwritten(path: String, errno: Int32, kept: Int, lost: Int)
  /// fdatasync(2) failed with `errno`: lines written lately may not survive a power cut.
  case cannotSynchronize(path: String, errno: Int32)
  /// The log was closed.
  case closed(path: String)

  package var description: String {
    switch self {
    case .cannotCreateFolder(let path, let errno):
      "cannot create the ledger's folder \(path): \(UsageLogError.reason(errno)); create it, or set ledger.path"
    case .noLedger(let path):
      "there is no ledger \(path) yet: a gateway writes it while it serves; or set ledger.path"
    case .cannotOpen(let path, let errno):
      "cannot open the ledger \(path): \(UsageLogError.reason(errno)); check its permissions, or set ledger.path"
    case .cannotRead(let path, let errno):
      "cannot read \(path): \(UsageLogError.reason(errno))"
    case .cannotRotate(let path, let errno):
      "cannot rotate the ledger \(path): \(UsageLogError.reason(errno)); it grows on"
    case .inUse(let path):
      "another tollgate writes the ledger of \(path); end it, or set ledger.path to another file"
    case .tooManyInFlight(let path):
      "no more requests in flight can be written down in \(path); try again when some have ended"
    case .notARegularFile(let path):
      "the ledger \(path) is not a regular file; set ledger.path to a file"
    case .cannotWrite(let path, let errno, let waiting):
      "cannot write the ledger \(path): \(UsageLogError.reason(errno)); \(waiting) lines wait in memory"
    case .tooMuchWaiting(let path, let errno, let lost):
      "cannot write the ledger \(path): \(UsageLogError.reason(errno)); "
        + "no more lines can wait in memory, \(lost) are lost"
    case .unwritten(let path, let errno, let kept, let lost):
      "cannot write the ledger \(path): \(UsageLogError.reason(errno)); "
        + (kept > 0
          ? "\(kept) lines are kept in \(InFlightTable.path(ofLedger: path)) for the next start" : "")
        + (kept > 0 && lost > 0 ? ", " : "") + (lost > 0 ? "\(lost) lines are lost" : "")
    case .cannotSynchronize(let path, let errno):
      "cannot flush the ledger \(path) to its disk: \(UsageLogError.reason(errno)); "
        + "its last lines may not survive a power cut"
    case .closed(let path):
      "the ledger \(path) is closed"
    }
  }

  /// Whether the lines of an append that failed so are in the log's care, and need no other.
  package var isAccepted: Bool {
    switch self {
    case .cannotWrite, .cannotSynchronize: true
    case .noLedger, .cannotCreateFolder, .cannotOpen, .cannotRead, .cannotRotate, .inUse, .tooManyInFlight,
      .notARegularFile, .tooMuchWaiting, .unwritten, .closed:
      false
    }
  }

  /// The number of the system's error; nil where it is none of the system's.
  var errno: Int32? {
    switch self {
    case .cannotCreateFolder(_, let errno), .cannotOpen(_, let errno), .cannotWrite(_, let errno, _),
      .tooMuchWaiting(_, let errno, _), .cannotSynchronize(_, let errno), .cannotRead(_, let errno),
      .cannotRotate(_, let errno), .unwritten(_, let errno, _, _):
      errno
    case .noLedger, .inUse, .tooManyInFlight, .notARegularFile, .closed: nil
    }
  }

  /// What is wrong without the path, for whoever is not the operator.
  package var cause: String {
    switch self {
    case .cannotCreateFolder(_, let errno), .cannotOpen(_, let errno), .cannotWrite(_, let errno, _),
      .tooMuchWaiting(_, let errno, _), .cannotSynchronize(_, let errno), .cannotRead(_, let errno),
      .cannotRotate(_, let errno), .unwritten(_, let errno, _, _):
      UsageLogError.reason(errno)
    case .noLedger: "there is none yet"
    case .inUse: "another tollgate writes it"
    case .tooManyInFlight: "too many requests are in flight"
    case .notARegularFile: "it is not a regular file"
    case .closed: "it is closed"
    }
  }

  /// The error number in words, with what to do for those that an operator meets.
  private static func reason(_ errno: Int32) -> String {
    switch errno {
    case ENOSPC: "the disk is full; free some space on it"
    case EDQUOT: "the disk quota is used up; free some space or raise the quota"
    case EFBIG: "the file has reached the size limit; rotate it or raise the limit"
    case EACCES, EPERM: "permission denied"
    case EROFS: "the file system is read-only"
    case EIO: "the disk reports an error"
    // glibc's strerror is safe on any thread since 2.32, and never returns NULL.
    default: String(cString: strerror(errno))
    }
  }
}
