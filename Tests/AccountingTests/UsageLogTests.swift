import GatewayTypes
import Glibc
import Synchronization
import Testing

@testable import Accounting

@Suite("UsageLog")
struct UsageLogTests {
  private let folder = TemporaryFolder()

  @Test("lines go to the end of the file, what was there stays")
  func appending() throws {
    folder.write("{\"a\":1}\n", to: "usage.log")
    let log = try UsageLog(path: folder.path("usage.log"))
    try log.append(lines("b", "c"), lineCount: 2)
    try log.append([], lineCount: 0)
    try log.synchronize()
    #expect(folder.plain("usage.log") == #"{"a":1}"# + "\n" + text("b", "c"))
    #expect(!log.endedTornLine && log.state == .ok)
    #expect(log.counters == UsageLog.Counters(written: 2, waiting: 0, lost: 0))
  }

  @Test("missing folders are made")
  func missingFolders() throws {
    let log = try UsageLog(path: folder.path("a/b/usage.log"))
    try log.append(lines("1"), lineCount: 1)
    #expect(folder.plain("a/b/usage.log") == text("1"))
  }

  @Test("a torn last line is ended at once, so that it does not swallow the next one")
  func tornLine() throws {
    folder.write("{\"a\":1}\n{\"torn", to: "usage.log")
    let log = try UsageLog(path: folder.path("usage.log"))
    #expect(log.endedTornLine)
    #expect(folder.read("usage.log") == "{\"a\":1}\n{\"torn\n")
    try log.append(lines("1"), lineCount: 1)
    #expect(folder.plain("usage.log") == "{\"a\":1}\n{\"torn\n" + text("1"))
  }

  @Test("a path that cannot be a ledger is refused in words")
  func badPaths() throws {
    folder.write("", to: "file")
    #expect(throws: UsageLogError.notARegularFile(path: folder.path(""))) {
      try UsageLog(path: folder.path(""))
    }
    #expect(throws: UsageLogError.notARegularFile(path: "/dev/full")) { try UsageLog(path: "/dev/full") }
    mkfifo(folder.path("pipe"), 0o600)
    #expect(throws: UsageLogError.notARegularFile(path: folder.path("pipe"))) {
      try UsageLog(path: folder.path("pipe"))
    }
    #expect(throws: UsageLogError.cannotOpen(path: folder.path("file/usage.log"), errno: ENOTDIR)) {
      try UsageLog(path: folder.path("file/usage.log"))
    }
    // /proc lets nobody make a folder, the superuser included.
    let error = #expect(throws: UsageLogError.self) { try UsageLog(path: "/proc/logs/usage.log") }
    #expect(
      error.map(String.init(describing:))
        == "cannot create the ledger's folder /proc/logs: No such file or directory; "
        + "create it, or set ledger.path")
  }

  @Test("a full disk keeps the lines, says so, and they are written once when there is room")
  func fullDisk() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = [.kernelSaysFull, .kernelSaysFull]
    #expect(throws: UsageLogError.cannotWrite(path: log.path, errno: ENOSPC, waiting: 2)) {
      try log.append(lines("1", "2"), lineCount: 2)
    }
    #expect(throws: UsageLogError.cannotWrite(path: log.path, errno: ENOSPC, waiting: 3)) {
      try log.append(lines("3"), lineCount: 1)
    }
    let failure = UsageLogError.cannotWrite(path: log.path, errno: ENOSPC, waiting: 3)
    #expect(log.state == .failing(failure, since: Timestamp(millisecondsSince1970: 1)))
    #expect(failure.description.contains("the disk is full; free some space on it; 3 lines wait in memory"))
    #expect(folder.read("usage.log") == "")

    try log.append(lines("4"), lineCount: 1)
    #expect(folder.plain("usage.log") == text("1", "2", "3", "4"))
    #expect(log.state == .ok)
    #expect(log.counters == UsageLog.Counters(written: 4, waiting: 0, lost: 0))
  }

  @Test("a short write is gone on with")
  func shortWrite() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = [.write(1), .write(3), .write(1)]
    try log.append(lines("first", "second"), lineCount: 2)
    #expect(folder.plain("usage.log") == text("first", "second"))
  }

  @Test(
    "wherever a write is cut, each line is in the file once and whole, and a torn piece stands alone",
    arguments: 0...217)
  func everyCut(size: Int) throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = size == 0 ? [.fail(ENOSPC)] : [.write(size), .fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(lines("first", "second", "3", "4"), lineCount: 4) }
    let counters = log.counters
    #expect(counters.written + counters.waiting == 4)
    try log.append(lines("5"), lineCount: 1)
    let read = folder.plain("usage.log").split(separator: "\n").map(String.init)
    let whole = ["first", "second", "3", "4", "5"].map { String(text($0).dropLast()) }
    #expect(read.filter { whole.contains($0) } == whole)
    #expect(read.count <= 6)
    #expect(log.counters == UsageLog.Counters(written: 5, waiting: 0, lost: 0))
  }

  @Test("random faults lose no line and double none", arguments: 1...20 as ClosedRange<UInt64>)
  func randomFaults(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let disk = FaultyDisk()
    let log = try open(disk)
    var expected: [String] = []
    for turn in 0..<200 {
      disk.replies = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        Bool.random(using: &generator) ? .fail(EIO) : .write(Int.random(in: 1...40, using: &generator))
      }
      let names = (0..<Int.random(in: 1...4, using: &generator)).map { "\(turn)-\($0)" }
      expected += names.map { String(text($0).dropLast()) }
      try? log.append(lines(names), lineCount: names.count)
      if turn.isMultiple(of: 50) { try? log.reopen() }
    }
    disk.replies = []
    try log.writeWaiting()
    let read = folder.plain("usage.log").split(separator: "\n").map(String.init)
    #expect(read.filter { $0.hasSuffix("}") && $0.hasPrefix("{\"n") } == expected)
    #expect(log.counters == UsageLog.Counters(written: expected.count, waiting: 0, lost: 0))
  }

  @Test("lines that wait have a limit, and what goes beyond it is counted as lost")
  func waitingLimit() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    let padding = UsageLog.maximumWaitingSize - ChainLink.suffixSize - text("").utf8.count
    let line = lines(String(repeating: "x", count: padding))
    disk.replies = [.fail(EDQUOT), .fail(EDQUOT)]
    #expect(throws: UsageLogError.cannotWrite(path: log.path, errno: EDQUOT, waiting: 1)) {
      try log.append(line, lineCount: 1)
    }
    #expect(throws: UsageLogError.tooMuchWaiting(path: log.path, errno: EDQUOT, lost: 2)) {
      try log.append(lines("1", "2"), lineCount: 2)
    }
    #expect(log.counters == UsageLog.Counters(written: 0, waiting: 1, lost: 2))
    try log.writeWaiting()
    try log.append(lines("3"), lineCount: 1)
    #expect(folder.plain("usage.log").hasSuffix(text("3")))
  }

  @Test("after a rotation lines go to the new file, and a line torn in the old one is whole in the new")
  func rotation() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    try log.append(lines("1"), lineCount: 1)
    disk.replies = [.write(2), .fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(lines("second"), lineCount: 1) }
    rename(folder.path("usage.log"), folder.path("usage.log.1"))
    try log.reopen()
    #expect(log.state == .ok)
    try log.append(lines("3"), lineCount: 1)
    #expect(folder.plain("usage.log.1", "usage.log") == text("1") + "{\"\n" + text("second", "3"))
    #expect(folder.plain("usage.log.1") == text("1") + "{\"\n")
  }

  @Test("when the new file cannot be opened the old one stays in use")
  func failedReopen() throws {
    let log = try UsageLog(path: folder.path("usage.log"))
    rename(folder.path("usage.log"), folder.path("old.log"))
    mkdir(folder.path("usage.log"), 0o700)
    #expect(throws: UsageLogError.notARegularFile(path: log.path)) { try log.reopen() }
    try log.append(lines("1"), lineCount: 1)
    #expect(folder.plain("old.log") == text("1"))
  }

  @Test("a closed log takes nothing, and closing writes what waits")
  func closing() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = [.fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(lines("1"), lineCount: 1) }
    try log.close()
    #expect(folder.plain("usage.log") == text("1"))
    #expect(throws: UsageLogError.closed(path: log.path)) { try log.append(lines("2"), lineCount: 1) }
    #expect(throws: UsageLogError.closed(path: log.path)) { try log.reopen() }
    #expect(throws: UsageLogError.closed(path: log.path)) { try log.synchronize() }
    try log.close()
  }

  @Test("threads that append at the same time never mix their lines")
  func threads() async throws {
    let log = try UsageLog(path: folder.path("usage.log"))
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<500 { try? log.append(lines("\(writer) \(number)"), lineCount: 1) }
        }
      }
    }
    let read = folder.plain("usage.log").split(separator: "\n").map(String.init)
    #expect(read.count == 2000)
    for writer in 0..<4 {
      #expect(
        read.filter { $0.contains("\"\(writer) ") }
          == (0..<500).map { String(text("\(writer) \($0)").dropLast()) })
    }
  }

  private func open(_ disk: FaultyDisk) throws -> UsageLog {
    try UsageLog(
      path: folder.path("usage.log"), write: { disk.write($0, $1) },
      clock: { Timestamp(millisecondsSince1970: 1) })
  }
}

/// Lines as a loop appends them: one object for each name.
func lines(_ names: String...) -> [UInt8] { lines(names) }

func lines(_ names: [String]) -> [UInt8] { Array(names.map { text($0) }.joined().utf8) }

/// The same as they are read back without the chain.
func text(_ names: String...) -> String { names.map { #"{"n":"\#($0)"}"# + "\n" }.joined() }

/// A disk that plays faults before it does as the real one does.
///
/// A small full file system needs privileges to mount, and a file size limit (RLIMIT_FSIZE) would
/// hold for the whole test process; so the write call itself is replaced. The kernel's own answer for
/// a full disk comes from /dev/full.
private final class FaultyDisk: Sendable {
  enum Reply {
    case write(Int)
    case fail(Int32)
    case kernelSaysFull
  }

  private let queue = Mutex<[Reply]>([])

  var replies: [Reply] {
    get { queue.withLock { $0 } }
    set { queue.withLock { $0 = newValue } }
  }

  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    switch queue.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
    case nil: return UsageLog.systemWrite(descriptor, bytes)
    case .write(let size):
      return UsageLog.systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(size)))
    case .fail(let errno): return -Int(errno)
    case .kernelSaysFull:
      let full = open("/dev/full", O_WRONLY)
      defer { close(full) }
      return UsageLog.systemWrite(full, bytes)
    }
  }
}
