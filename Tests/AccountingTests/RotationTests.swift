import GatewayTypes
import Glibc
import Testing

@testable import Accounting

@Suite("Rotation")
struct RotationTests {
  private let folder = TemporaryFolder()

  @Test("a file that is large enough is put aside under the next number, and the chain goes on")
  func rotating() throws {
    let log = try UsageLog(path: folder.path("usage.log"), rotationSize: 100)
    for name in ["a", "b", "c", "d", "e"] { try log.append(lines(name), lineCount: 1) }
    try log.synchronize()
    #expect(
      LogFiles(of: log.path).paths == ["usage.log.000001", "usage.log.000002", "usage.log"].map(folder.path))
    #expect(
      folder.plain("usage.log.000001", "usage.log.000002", "usage.log") == text("a", "b", "c", "d", "e"))
    #expect(log.counters == UsageLog.Counters(written: 5, waiting: 0, lost: 0, rotations: 2))
  }

  @Test("a restart finds the size, the next number and the chain where they were")
  func restarting() throws {
    for name in ["a", "b", "c", "d", "e", "f"] {
      let log = try UsageLog(path: folder.path("usage.log"), rotationSize: 100)
      try log.append(lines(name), lineCount: 1)
      try log.close()
    }
    let names = ["usage.log.000001", "usage.log.000002", "usage.log.000003", "usage.log"]
    #expect(LogFiles(of: folder.path("usage.log")).paths == names.map(folder.path))
    #expect(
      folder.plain("usage.log.000001", "usage.log.000002", "usage.log.000003")
        == text("a", "b", "c", "d", "e", "f"))
    #expect(folder.read("usage.log") == "")
  }

  @Test("killed between the renaming and the new file, the next start goes on as if nothing was")
  func killedInBetween() throws {
    let first = try UsageLog(path: folder.path("usage.log"))
    try first.append(lines("a"), lineCount: 1)
    try first.close()
    rename(folder.path("usage.log"), folder.path("usage.log.000001"))
    let second = try UsageLog(path: folder.path("usage.log"))
    try second.append(lines("b"), lineCount: 1)
    #expect(folder.plain("usage.log.000001", "usage.log") == text("a", "b"))
  }

  @Test("our numbers count up, logrotate's count down and are older; other names are not ours")
  func order() {
    let names = [
      "usage.log", "usage.log.000002", "usage.log.1000000", "usage.log.1", "usage.log.12", "usage.log.2.gz",
      "usage.log.checkpoint", "usage.log.inflight", "usage.log.", "usage.log.-1", "usage.logs",
      "other.log.000001",
      "usage.log.000001.bak", "usage.log.99999999999999999999999",
    ]
    for name in names { folder.write("", to: name) }
    let files = LogFiles(of: folder.path("usage.log"))
    let expected = ["usage.log.12", "usage.log.1", "usage.log.000002", "usage.log.1000000", "usage.log"]
    #expect(files.paths == expected.map(folder.path))
    #expect(files.nextNumber == 1_000_001)
    #expect(LogFiles(of: folder.path("nowhere/usage.log")).paths.isEmpty)
  }

  @Test("where renaming fails the file grows on, nothing is lost, and the failure shows")
  func failing() throws {
    let log = try UsageLog(path: folder.path("usage.log"), rotationSize: 60)
    // Nothing can be renamed onto a folder, and a rotation never looks for a free name but for the next.
    unlink(folder.path("usage.log"))
    try log.append(lines("a"), lineCount: 1)
    #expect(log.rotationFailure == nil)
    try log.append(lines("b"), lineCount: 1)
    #expect(log.rotationFailure == .cannotRotate(path: log.path, errno: ENOENT))
    try log.append(lines("c"), lineCount: 1)
    #expect(log.state == .ok && log.counters.written == 3 && log.counters.rotations == 0)
  }

  @Test("threads that append while it rotates again and again lose no line, and the chain holds")
  func threads() async throws {
    let log = try UsageLog(path: folder.path("usage.log"), rotationSize: 4_000)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<300 { try? log.append(lines("\(writer) \(number)"), lineCount: 1) }
        }
      }
    }
    try log.close()
    var link = ChainLink.genesis
    var names: [String] = []
    for path in LogFiles(of: log.path).paths {
      let reader = LogReader(try #require(try LogFile.openForReading(path)))
      while let line = try reader.next() {
        let content = UnsafeRawBufferPointer(rebasing: line.bytes.dropLast(ChainLink.suffixSize))
        link = link.next(content)
        #expect(ChainLink(endOf: line.bytes) == link)
        names.append(String(decoding: content.dropFirst(6).dropLast(1), as: UTF8.self))
      }
      #expect(!reader.endsInsideLine)
    }
    for writer in 0..<4 {
      #expect(names.filter { $0.hasPrefix("\(writer) ") } == (0..<300).map { "\(writer) \($0)" })
    }
    #expect(log.counters.rotations > 10)
  }
}
