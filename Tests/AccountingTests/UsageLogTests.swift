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
    try log.append(Array("{\"b\":2}\n{\"c\":3}\n".utf8), lineCount: 2)
    try log.append([], lineCount: 0)
    try log.synchronize()
    #expect(folder.read("usage.log") == "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n")
    #expect(!log.endedTornLine && log.state == .ok)
    #expect(log.counters == UsageLog.Counters(written: 2, waiting: 0, lost: 0))
  }

  @Test("missing folders are made")
  func missingFolders() throws {
    let log = try UsageLog(path: folder.path("a/b/usage.log"))
    try log.append(Array("{}\n".utf8), lineCount: 1)
    #expect(folder.read("a/b/usage.log") == "{}\n")
  }

  @Test("a torn last line is ended at once, so that it does not swallow the next one")
  func tornLine() throws {
    folder.write("{\"a\":1}\n{\"torn", to: "usage.log")
    let log = try UsageLog(path: folder.path("usage.log"))
    #expect(log.endedTornLine)
    #expect(folder.read("usage.log") == "{\"a\":1}\n{\"torn\n")
    try log.append(Array("{}\n".utf8), lineCount: 1)
    #expect(folder.read("usage.log") == "{\"a\":1}\n{\"torn\n{}\n")
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
      try log.append(Array("1\n2\n".utf8), lineCount: 2)
    }
    #expect(throws: UsageLogError.cannotWrite(path: log.path, errno: ENOSPC, waiting: 3)) {
      try log.append(Array("3\n".utf8), lineCount: 1)
    }
    let failure = UsageLogError.cannotWrite(path: log.path, errno: ENOSPC, waiting: 3)
    #expect(log.state == .failing(failure, since: Timestamp(millisecondsSince1970: 1)))
    #expect(failure.description.contains("the disk is full; free some space on it; 3 lines wait in memory"))
    #expect(folder.read("usage.log") == "")

    try log.append(Array("4\n".utf8), lineCount: 1)
    #expect(folder.read("usage.log") == "1\n2\n3\n4\n")
    #expect(log.state == .ok)
    #expect(log.counters == UsageLog.Counters(written: 4, waiting: 0, lost: 0))
  }

  @Test("a short write is gone on with")
  func shortWrite() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = [.write(1), .write(3), .write(1)]
    try log.append(Array("first\nsecond\n".utf8), lineCount: 2)
    #expect(folder.read("usage.log") == "first\nsecond\n")
  }

  @Test(
    "wherever a write is cut, each line is in the file once and whole, and a torn piece stands alone",
    arguments: 0...15)
  func everyCut(size: Int) throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = size == 0 ? [.fail(ENOSPC)] : [.write(size), .fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(Array("first\nsecond\n3\n4\n".utf8), lineCount: 4) }
    let counters = log.counters
    #expect(counters.written + counters.waiting == 4)
    try log.append(Array("5\n".utf8), lineCount: 1)
    let lines = folder.read("usage.log").split(separator: "\n")
    let whole = ["first", "second", "3", "4", "5"]
    #expect(lines.filter { whole.contains(String($0)) }.map(String.init) == whole)
    #expect(lines.count <= 6)
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
      let lines = (0..<Int.random(in: 1...4, using: &generator)).map { "{\"id\":\"\(turn)-\($0)\"}" }
      expected += lines
      try? log.append(Array((lines.joined(separator: "\n") + "\n").utf8), lineCount: lines.count)
      if turn.isMultiple(of: 50) { try? log.reopen() }
    }
    disk.replies = []
    try log.writeWaiting()
    let read = folder.read("usage.log").split(separator: "\n").map(String.init)
    #expect(read.filter { $0.hasSuffix("}") && $0.hasPrefix("{\"id") } == expected)
    #expect(log.counters == UsageLog.Counters(written: expected.count, waiting: 0, lost: 0))
  }

  @Test("lines that wait have a limit, and what goes beyond it is counted as lost")
  func waitingLimit() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    var line = [UInt8](repeating: UInt8(ascii: "x"), count: UsageLog.maximumWaitingSize)
    line[line.count - 1] = UInt8(ascii: "\n")
    disk.replies = [.fail(EDQUOT), .fail(EDQUOT)]
    #expect(throws: UsageLogError.cannotWrite(path: log.path, errno: EDQUOT, waiting: 1)) {
      try log.append(line, lineCount: 1)
    }
    #expect(throws: UsageLogError.tooMuchWaiting(path: log.path, errno: EDQUOT, lost: 2)) {
      try log.append(Array("1\n2\n".utf8), lineCount: 2)
    }
    #expect(log.counters == UsageLog.Counters(written: 0, waiting: 1, lost: 2))
    try log.writeWaiting()
    #expect(folder.read("usage.log").utf8.count == UsageLog.maximumWaitingSize)
  }

  @Test("after a rotation lines go to the new file, and a line torn in the old one is whole in the new")
  func rotation() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    try log.append(Array("1\n".utf8), lineCount: 1)
    disk.replies = [.write(2), .fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(Array("second\n".utf8), lineCount: 1) }
    rename(folder.path("usage.log"), folder.path("usage.log.1"))
    try log.reopen()
    #expect(log.state == .ok)
    try log.append(Array("3\n".utf8), lineCount: 1)
    #expect(folder.read("usage.log.1") == "1\nse\n")
    #expect(folder.read("usage.log") == "second\n3\n")
  }

  @Test("when the new file cannot be opened the old one stays in use")
  func failedReopen() throws {
    let log = try UsageLog(path: folder.path("usage.log"))
    rename(folder.path("usage.log"), folder.path("old.log"))
    mkdir(folder.path("usage.log"), 0o700)
    #expect(throws: UsageLogError.notARegularFile(path: log.path)) { try log.reopen() }
    try log.append(Array("1\n".utf8), lineCount: 1)
    #expect(folder.read("old.log") == "1\n")
  }

  @Test("a closed log takes nothing, and closing writes what waits")
  func closing() throws {
    let disk = FaultyDisk()
    let log = try open(disk)
    disk.replies = [.fail(ENOSPC)]
    #expect(throws: UsageLogError.self) { try log.append(Array("1\n".utf8), lineCount: 1) }
    try log.close()
    #expect(folder.read("usage.log") == "1\n")
    #expect(throws: UsageLogError.closed(path: log.path)) { try log.append(Array("2\n".utf8), lineCount: 1) }
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
          for number in 0..<500 { try? log.append(Array("\(writer) \(number)\n".utf8), lineCount: 1) }
        }
      }
    }
    let lines = folder.read("usage.log").split(separator: "\n")
    #expect(lines.count == 2000)
    for writer in 0..<4 {
      #expect(lines.filter { $0.hasPrefix("\(writer) ") } == (0..<500).map { "\(writer) \($0)" })
    }
  }

  private func open(_ disk: FaultyDisk) throws -> UsageLog {
    try UsageLog(
      path: folder.path("usage.log"), write: { disk.write($0, $1) },
      clock: { Timestamp(millisecondsSince1970: 1) })
  }
}

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
