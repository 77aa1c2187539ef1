import Glibc
import Synchronization

/// The ledger's file: whole lines go in, in order, each exactly once.
///
/// An event loop gathers the lines of one turn and appends them with one write(2). When the disk
/// fails, the lines that were not wholly written are kept in memory (up to `maximumWaitingSize`) and
/// go first as soon as it works again; a line of which a part was written is ended by a newline, so
/// that a reader sees one garbled line and then the whole one. The file only ever grows at its end:
/// nothing is rewritten. Each line gets the chain's next link when it is accepted, under the lock, so
/// that the links stand in the file's order whichever loop appends. Safe to use from any thread.
package final class UsageLog: Sendable {
  /// write(2), or what stands in for it: the bytes written, or the negative error number.
  package typealias Write = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int

  /// Whether lines reach the disk, for `/health`.
  package enum State: Hashable, Sendable {
    case ok
    case failing(UsageLogError, since: Timestamp)
  }

  /// What the log has done, for `/metrics`.
  package struct Counters: Hashable, Sendable {
    package var written = 0
    /// Accepted, and kept in memory until the file takes them.
    package var waiting = 0
    package var lost = 0
    package var rotations = 0
  }

  /// About 50,000 lines: many more than there are requests in flight, and little memory.
  package static let maximumWaitingSize = 16 * 1024 * 1024

  package let path: String
  /// True when the file that was there ended inside a line, which is now ended: a crash's torn line.
  package let endedTornLine: Bool
  let write: Write
  /// A file that has reached this size is put aside. See `UsageLog+Rotation`.
  let rotationSize: Int
  private let clock: @Sendable () -> Timestamp
  private let storage: Mutex<Storage>

  /// What the lock guards.
  struct Storage {
    /// Nil once closed.
    var file: LogFile?
    /// Of `file`, in bytes.
    var size: Int
    /// The last line that was accepted.
    var link: ChainLink
    /// Where an append builds its lines, kept for the next one.
    var scratch: [UInt8] = []
    /// Files that were rotated away and are not flushed yet.
    var retired: [LogFile] = []
    /// At which size a rotation is tried; larger than asked for after one has failed.
    var rotatesAt: Int
    /// The file's last line lacks its newline.
    var owesNewline = false
    /// Whole lines that were accepted and are not in the file.
    var waiting: [UInt8] = []
    /// What is to be written once no others wait. None of it is in `counters`.
    var owed: OwedLines?
    var counters = Counters()
    var writeFailure: Failure?
    var rotationFailure: Failure?
    var synchronizeFailure: Failure?
  }

  /// An error number, and when the first of those in a row came.
  struct Failure {
    var errno: Int32
    var since: Timestamp
  }

  /// Opens `path` for appending; creates the file and its folder where they are missing.
  ///
  /// `rotationSize` is in bytes.
  /// A disk that is full already is no error here but shows in `state`. Tests pass their own `write`
  /// and `clock`.
  package init(
    path: String, rotationSize: Int = .max, write: @escaping Write = UsageLog.systemWrite,
    clock: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(UsageLogError) {
    let file = try LogFile.open(path)
    let endsInsideLine = try file.endsInsideLine(path: path)
    let size = try file.size()
    let link = try UsageLog.lastLink(in: file, size: size, path: path)
    self.path = path
    self.rotationSize = rotationSize
    self.write = write
    self.clock = clock
    endedTornLine = endsInsideLine
    storage = Mutex(
      Storage(file: file, size: size, link: link, rotatesAt: rotationSize, owesNewline: endsInsideLine))
    // A failure is kept in `state`.
    try? writeWaiting()
  }

  package var state: State {
    storage.withLock { storage in
      if let failure = storage.writeFailure {
        let waiting = storage.waitingCount
        return .failing(
          .cannotWrite(path: path, errno: failure.errno, waiting: waiting), since: failure.since)
      }
      if let failure = storage.synchronizeFailure {
        return .failing(.cannotSynchronize(path: path, errno: failure.errno), since: failure.since)
      }
      return .ok
    }
  }

  /// The file that lines go to now, and the link of the last one that was accepted; nil once closed.
  var current: (file: LogFile, link: ChainLink)? {
    storage.withLock { storage in storage.file.map { ($0, storage.link) } }
  }

  /// Hands out the lines that were accepted and are not in the file, without their newlines.
  func forEachWaitingLine(_ body: (UnsafeRawBufferPointer) -> Void) throws(UsageLogError) {
    var (lines, owed) = storage.withLock { ($0.waiting, $0.owed) }
    while true {
      lines.withUnsafeBytes { bytes in
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
          body(UnsafeRawBufferPointer(rebasing: line))
        }
      }
      guard let batch = try owed?.next() else { return }
      lines = batch.lines
    }
  }

  /// Why the last rotation failed, for `/health`; nil when it did not. Nothing is lost: the file grows on.
  package var rotationFailure: UsageLogError? {
    storage.withLock { storage in
      storage.rotationFailure.map { .cannotRotate(path: path, errno: $0.errno) }
    }
  }

  package var counters: Counters {
    storage.withLock { storage in
      var counters = storage.counters
      counters.waiting = storage.waitingCount
      return counters
    }
  }

  /// Appends `lineCount` whole lines, each a JSON object with its newline, in one write; each gets its
  /// `chain` field on the way.
  ///
  /// `cannotWrite` means: accepted, in memory, not on disk. The caller never appends a line twice.
  package func append(_ lines: [UInt8], lineCount: Int) throws(UsageLogError) {
    guard !lines.isEmpty else { return }
    precondition(lines.last == UInt8(ascii: "\n") && lineCount > 0, "the ledger takes whole lines")
    try storage.withLock { storage throws(UsageLogError) in
      guard let file = storage.file else { throw .closed(path: path) }
      // First, since lines that were owed get their links on the way.
      var failure = deliverWaiting(&storage, to: file)
      let linkBefore = storage.link
      let chained = storage.chain(lines)
      defer { storage.keepScratch(chained) }
      var settled = 0
      if failure == nil {
        (settled, failure) = deliver(chained, lineCount: lineCount, to: file, &storage)
      }
      note(failure, in: &storage.writeFailure)
      guard let failure else { return rotateIfDue(&storage) }
      try keep(chained, from: settled, of: &storage, after: linkBefore, because: failure)
    }
  }

  /// Takes over the lines that a crash left owing, and writes those that there is room for. Once, and before
  /// anything else is appended; as soon as no line waits any more, they are all in the file.
  func append(_ owed: OwedLines) throws(UsageLogError) {
    storage.withLock { storage in
      precondition(storage.owed == nil, "a crash is recovered from once")
      storage.owed = owed
    }
    try writeWaiting()
  }

  /// Notes that the operator has set counters back: `scope` as in `POST /reset`.
  package func appendReset(scope: String, at time: Timestamp) throws(UsageLogError) {
    var line: [UInt8] = []
    line.append(literal: #"{"time":""#)
    time.appendRFC3339(to: &line)
    line.append(literal: #"","reset":"#)
    line.append(string: scope, limit: UsageRecord.maximumTextSize)
    line.append(literal: "}\n")
    try append(line, lineCount: 1)
  }

  /// Writes the lines that wait in memory, if any; to be called now and then while `state` is failing.
  package func writeWaiting() throws(UsageLogError) {
    try storage.withLock { storage throws(UsageLogError) in
      guard let file = storage.file else { throw .closed(path: path) }
      let failure = deliverWaiting(&storage, to: file)
      note(failure, in: &storage.writeFailure)
      guard let failure else { return }
      throw .cannotWrite(path: path, errno: failure, waiting: storage.waitingCount)
    }
  }

  /// Opens the path anew, after a rotation has renamed the file. When that fails the old file stays
  /// in use.
  package func reopen() throws(UsageLogError) {
    let old = try storage.withLock { storage throws(UsageLogError) -> LogFile in
      guard let old = storage.file else { throw .closed(path: path) }
      // First, since the path may still name the same file, which is then not torn any more.
      if storage.owesNewline { _ = deliverNewline(&storage, to: old) }
      let new = try LogFile.open(path)
      storage.owesNewline = try new.endsInsideLine(path: path)
      storage.size = try new.size()
      storage.rotatesAt = rotationSize
      storage.file = new
      note(deliverWaiting(&storage, to: new), in: &storage.writeFailure)
      return old
    }
    // The renamed file's last lines; nobody else can reach it any more.
    try check(old.synchronize())
  }

  /// Makes what was appended so far survive a power cut: fdatasync(2), outside the lock, so that
  /// other loops go on appending. Blocks for as long as the disk takes.
  package func synchronize() throws(UsageLogError) {
    let (file, retired) = storage.withLock { storage in
      defer { storage.retired = [] }
      return (storage.file, storage.retired)
    }
    guard let file else { throw .closed(path: path) }
    for old in retired { try check(old.synchronize()) }
    if !retired.isEmpty { try check(LogFile.synchronizeFolder(of: path)) }
    try check(file.synchronize())
  }

  /// Writes what waits, flushes and closes; later calls throw `closed`. The errors are those of the
  /// last chance: what still waits and is not in `table`, where the next start finds it, is lost.
  package func close(keptIn table: InFlightTable? = nil) throws(UsageLogError) {
    let (files, failure) = storage.withLock { storage -> ([LogFile], UsageLogError?) in
      guard let file = storage.file else { return ([], nil) }
      let files = storage.retired + [file]
      (storage.file, storage.retired) = (nil, [])
      guard let failure = deliverWaiting(&storage, to: file) else { return (files, nil) }
      let kept = (table?.count(of: storage.waiting) ?? 0) + (storage.owed?.count ?? 0)
      let lost = storage.waitingCount - kept
      storage.counters.lost += lost
      (storage.waiting, storage.counters.waiting, storage.owed) = ([], 0, nil)
      return (files, .unwritten(path: path, errno: failure, kept: kept, lost: lost))
    }
    if let failure { throw failure }
    for file in files { try check(file.synchronize()) }
  }

  /// write(2), repeated when a signal interrupts it.
  package static let systemWrite: Write = { descriptor, bytes in
    while true {
      let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }

  private func check(_ synchronizeError: Int32) throws(UsageLogError) {
    let failure = synchronizeError == 0 ? nil : synchronizeError
    storage.withLock { note(failure, in: &$0.synchronizeFailure) }
    if let failure { throw .cannotSynchronize(path: path, errno: failure) }
  }

  func note(_ errno: Int32?, in failure: inout Failure?) {
    guard let errno else { return failure = nil }
    failure = Failure(errno: errno, since: failure?.since ?? clock())
  }
}
