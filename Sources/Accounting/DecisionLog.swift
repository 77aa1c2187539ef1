import Glibc
import Synchronization

/// The ledger's companion: a file beside it that keeps why each provider was chosen.
///
/// It is a help and no part of the bill: whatever goes wrong with it is counted, and no request waits or
/// fails for it. What the lines mean is their writer's matter; here they are bytes. Lines name a heading
/// (which providers there were), and a heading goes into each file before the first line that names it. A
/// file that would pass its size is renamed to `.1`, in place of the one before. Safe to use from any thread.
package final class DecisionLog: Sendable {
  /// A line that others refer to.
  package struct Heading: Hashable, Sendable {
    /// Tells it from other headings.
    package let key: UInt64
    /// With its newline.
    package let line: [UInt8]

    package init(key: UInt64, line: [UInt8]) {
      self.key = key
      self.line = line
    }
  }

  /// What has become of the lines, for `/health` and `/metrics`.
  package struct Status: Hashable, Sendable {
    package var written = 0
    package var lost = 0
    /// Why lines are lost now; nil while they are not.
    package var failure: UsageLogError?
    package var failingSince: Timestamp?
  }

  package let path: String
  private let largestFile: Int
  private let write: UsageLog.Write
  private let clock: @Sendable () -> Timestamp
  private let storage: Mutex<Storage>

  private struct Storage {
    /// Nil while it cannot be opened.
    var file: LogFile?
    var size = 0
    /// The file's last line lacks its newline.
    var owesNewline = false
    /// The headings that the file has.
    var headings: Set<UInt64> = []
    var status = Status()
    /// When opening was last tried.
    var triedAt = Timestamp(millisecondsSince1970: 0)
    /// Where an append that needs a heading is put together.
    var scratch: [UInt8] = []
  }

  /// How long a file that cannot be opened is left alone.
  private static let pauseMilliseconds: Int64 = 1_000

  /// The companion of the ledger at `path`, of at most `largestFile` bytes and a second file as large.
  package init(
    ofLedger path: String, largestFile: Int, write: @escaping UsageLog.Write = UsageLog.systemWrite,
    clock: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    precondition(largestFile > 0, "a companion that may have no bytes is one that is off")
    self.path = DecisionLog.path(ofLedger: path)
    self.largestFile = largestFile
    self.write = write
    self.clock = clock
    storage = Mutex(Storage())
    storage.withLock { open(&$0) }
  }

  package static func path(ofLedger path: String) -> String { path + ".decisions" }

  /// The companion's files, oldest first, where they exist or not.
  static func paths(ofLedger path: String) -> [String] {
    [self.path(ofLedger: path) + ".1", self.path(ofLedger: path)]
  }

  package var status: Status { storage.withLock { $0.status } }

  /// Appends whole lines in one write, behind the headings among `headings` that the file does not have.
  package func append(_ lines: [UInt8], lineCount: Int, headings: [Heading]) {
    guard !lines.isEmpty else { return }
    storage.withLock { storage in
      rotateIfDue(&storage, for: lines.count)
      if storage.file == nil { openAgain(&storage) }
      guard let file = storage.file else { return storage.status.lost += lineCount }
      let missing = headings.filter { !storage.headings.contains($0.key) }
      guard !missing.isEmpty || storage.owesNewline else {
        return settle(deliver(lines, to: file, &storage), lineCount, &storage)
      }
      storage.scratch.removeAll(keepingCapacity: true)
      if storage.owesNewline { storage.scratch.append(UInt8(ascii: "\n")) }
      for heading in missing { storage.scratch += heading.line }
      storage.scratch += lines
      let failure = deliver(storage.scratch, to: file, &storage)
      if failure == nil { storage.headings.formUnion(missing.lazy.map(\.key)) }
      settle(failure, lineCount, &storage)
    }
  }

  /// Opens the path anew, after somebody has renamed the file.
  package func reopen() {
    storage.withLock { open(&$0) }
  }

  private func settle(_ failure: Int32?, _ lineCount: Int, _ storage: inout Storage) {
    guard let failure else {
      storage.status.written += lineCount
      storage.status.failure = nil
      storage.status.failingSince = nil
      return
    }
    // Cut lines count as lost although some may be whole: nobody bills by them.
    storage.status.lost += lineCount
    note(.cannotWrite(path: path, errno: failure, waiting: 0), &storage)
  }

  private func deliver(_ bytes: [UInt8], to file: LogFile, _ storage: inout Storage) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = write(file.descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
        guard count > 0 else {
          if written > 0 { storage.owesNewline = bytes[written - 1] != UInt8(ascii: "\n") }
          return count == 0 ? EIO : Int32(-count)
        }
        written += count
        storage.size += count
      }
      storage.owesNewline = false
      return nil
    }
  }

  private func rotateIfDue(_ storage: inout Storage, for count: Int) {
    guard storage.file != nil, storage.size > 0, storage.size + count > largestFile else { return }
    guard rename(path, path + ".1") == 0 else {
      // Better no decisions than a file without bounds.
      storage.file = nil
      return note(.cannotRotate(path: path, errno: errno), &storage)
    }
    open(&storage)
  }

  private func openAgain(_ storage: inout Storage) {
    let now = clock()
    guard now.millisecondsSince1970 - storage.triedAt.millisecondsSince1970 >= Self.pauseMilliseconds else {
      return
    }
    open(&storage)
    rotateIfDue(&storage, for: 1)
  }

  private func open(_ storage: inout Storage) {
    storage.triedAt = clock()
    storage.file = nil
    storage.headings = []
    do throws(UsageLogError) {
      let file = try LogFile.open(path)
      storage.owesNewline = try file.endsInsideLine(path: path)
      storage.size = try file.size()
      storage.file = file
    } catch {
      note(error, &storage)
    }
  }

  private func note(_ error: UsageLogError, _ storage: inout Storage) {
    storage.status.failure = error
    storage.status.failingSince = storage.status.failingSince ?? clock()
  }
}
