import Glibc
import Testing

@testable import Accounting

@Suite("LogReader")
struct LogReaderTests {
  private let folder = TemporaryFolder()

  @Test("lines of every length come whole, with their place, across the buffer's ends")
  func lengths() throws {
    var generator = SplitMix(state: 7)
    let texts = (0..<3_000).map { _ in
      String(repeating: "x", count: Int.random(in: 0...3_000, using: &generator))
    }
    folder.write(texts.joined(separator: "\n") + "\n", to: "log")
    let (read, reader) = try read("log")
    #expect(read.map(\.text) == texts)
    #expect(
      read.map(\.offset) == texts.reduce(into: [0]) { $0.append($0.last! + $1.utf8.count + 1) }.dropLast())
    #expect(!reader)
  }

  @Test("a piece without a newline waits until it has one")
  func following() throws {
    folder.write("one\ntw", to: "log")
    let reader = LogReader(try #require(try LogFile.openForReading(folder.path("log"))))
    var seen: [String] = []
    while let line = try reader.next() { seen.append(String(decoding: line.bytes, as: UTF8.self)) }
    #expect(seen == ["one"] && reader.endsInsideLine && reader.offset == 4)
    let file = fopen(folder.path("log"), "a")
    fputs("o\nthree\n", file)
    fclose(file)
    while let line = try reader.next() { seen.append(String(decoding: line.bytes, as: UTF8.self)) }
    #expect(seen == ["one", "two", "three"] && !reader.endsInsideLine && reader.offset == 14)
  }

  @Test("a line longer than any that is written is skipped and said to be so, and the next one is read")
  func tooLong() throws {
    for size in [0, 1, 1_000_000, 5_000_000] {
      folder.write(
        "a\n" + String(repeating: "x", count: LogReader.maximumLineSize + size) + "\nb\n", to: "log")
      let (read, _) = try read("log")
      #expect(read.map(\.isTooLong) == [false, size > 0, false])
      #expect(read[2].text == "b" && read[2].offset == LogReader.maximumLineSize + size + 3)
    }
  }

  @Test("an empty file has no lines, a missing one is none, and a folder is refused")
  func odd() throws {
    folder.write("", to: "log")
    #expect(try read("log").lines.isEmpty)
    #expect(try LogFile.openForReading(folder.path("none")) == nil)
    #expect(throws: UsageLogError.notARegularFile(path: folder.path(""))) {
      try LogFile.openForReading(folder.path(""))
    }
  }

  private func read(_ name: String) throws -> (
    lines: [(text: String, offset: Int, isTooLong: Bool)], isTorn: Bool
  ) {
    let reader = LogReader(try #require(try LogFile.openForReading(folder.path(name))))
    var lines: [(text: String, offset: Int, isTooLong: Bool)] = []
    while let line = try reader.next() {
      lines.append((String(decoding: line.bytes, as: UTF8.self), line.offset, line.isTooLong))
    }
    return (lines, reader.endsInsideLine)
  }
}
