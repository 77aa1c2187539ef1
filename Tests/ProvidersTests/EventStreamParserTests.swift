import Providers
import Testing

@Suite("EventStreamParser")
struct EventStreamParserTests {
  /// An event's name and data; nil data for a block without any.
  private struct Seen: Equatable {
    var name: String
    var data: String?

    init(_ name: String, _ data: String?) {
      self.name = name
      self.data = data
    }
  }

  private func events(_ pieces: [[UInt8]]) throws -> (seen: [Seen], raw: [UInt8], hasUnknown: Bool) {
    var parser = EventStreamParser(maxEventSize: 1_000)
    var seen: [Seen] = []
    var raw: [UInt8] = []
    var hasUnknown = false
    for piece in pieces {
      parser.append(piece.span)
      while let event = try parser.next() {
        raw += event.raw
        hasUnknown = hasUnknown || event.hasUnknownLine
        if event.data != nil { seen.append(Seen(text(event.name), event.data.map { text($0) })) }
      }
    }
    return (seen, raw, hasUnknown)
  }

  @Test(
    "reads what the standard says",
    arguments: [
      ("data: a\n\n", [Seen("", "a")]), ("data:a\n\n", [Seen("", "a")]), ("data:  a \n\n", [Seen("", " a ")]),
      ("data: a\r\n\r\n", [Seen("", "a")]), ("data: a\r\r", [Seen("", "a")]),
      ("data: a\ndata: b\n\n", [Seen("", "a\nb")]), ("data\ndata\n\n", [Seen("", "\n")]),
      ("data:\ndata:\ndata:\n\n", [Seen("", "\n\n")]),
      ("event: ping\ndata: {}\n\n", [Seen("ping", "{}")]),
      ("event: x\nevent: y\ndata: 1\n\ndata: 2\n\n", [Seen("y", "1"), Seen("", "2")]),
      (": comment\n\ndata: a\n\n", [Seen("", "a")]), (":\n\n:\n\n", []),
      ("\n\n\ndata: a\n\n", [Seen("", "a")]),
      ("id: 7\nretry: 10\ndata: a\n\n", [Seen("", "a")]), ("\u{FEFF}data: a\n\n", [Seen("", "a")]),
      ("data: é😀\n\n", [Seen("", "é😀")]), ("data: a", []), ("data: a\n", []), ("", []), ("event: x\n\n", []),
      ("data: a: b\n\n", [Seen("", "a: b")]), ("data\n\n", [Seen("", "")]),
    ])
  private func standard(stream: String, expected: [Seen]) throws {
    let bytes = Array(stream.utf8)
    let whole = try events([bytes])
    #expect(whole.seen == expected)
    // A field without a colon is empty by the standard, and no provider's.
    #expect(whole.hasUnknown == (stream.hasPrefix("data\n")))
    // Wherever it is cut, and byte by byte.
    for cut in 0...bytes.count {
      #expect(try events([Array(bytes[..<cut]), Array(bytes[cut...])]).seen == expected, "cut at \(cut)")
    }
    #expect(try events(bytes.map { [$0] }).seen == expected)
  }

  @Test("every byte is in one event's raw bytes, comments included")
  func raw() throws {
    let stream = Array("\u{FEFF}: hi\n\nevent: a\r\ndata: 1\r\n\r\n\ndata: 2\n\n".utf8)
    for cut in 0...stream.count {
      #expect(try events([Array(stream[..<cut]), Array(stream[cut...])]).raw == stream)
    }
  }

  @Test("an event that ends with CRLF has its LF wherever the pieces are cut")
  func wholeLineEnds() throws {
    let stream = Array("data: 1\r\n\r\ndata: 2\r\n\r\n".utf8)
    let halves = (0...stream.count).map { [Array(stream[..<$0]), Array(stream[$0...])] }
    let pieces = halves + [stream.map { [$0] }]
    for pieces in pieces {
      var parser = EventStreamParser()
      var raws: [String] = []
      for piece in pieces {
        parser.append(piece.span)
        while let event = try parser.next() { raws.append(text(event.raw)) }
      }
      #expect(raws == ["data: 1\r\n\r\n", "data: 2\r\n\r\n"])
    }
  }

  @Test(
    "a line of another kind is marked",
    arguments: ["dat: x", "Data: x", "datas: x", "<html>", "HTTP/1.1 200 OK"])
  func unknown(line: String) throws {
    #expect(try events([Array("\(line)\ndata: a\n\n".utf8)]).hasUnknown)
  }

  @Test("an event above the limit is refused, whole or not, in any pieces", arguments: [1, 7, 999, 5_000])
  func tooLarge(pieceSize: Int) throws {
    for end in ["", "\n\n"] {
      let bytes = Array("data: a\n\ndata: \(String(repeating: "x", count: 1_000))\(end)".utf8)
      let pieces = stride(from: 0, to: bytes.count, by: pieceSize).map {
        Array(bytes[$0..<min(bytes.count, $0 + pieceSize)])
      }
      #expect(throws: EventStreamParser.EventTooLarge.self) { try events(pieces) }
    }
  }

  @Test("an event at the limit is read")
  func atTheLimit() throws {
    let stream = "data: \(String(repeating: "x", count: 992))\n\n"
    #expect(try events([Array(stream.utf8)]).seen.count == 1)
  }

  @Test("handed out events stay what they were when more bytes come")
  func slicesStay() throws {
    var parser = EventStreamParser()
    parser.append(Array("data: first\n\ndata: sec".utf8).span)
    let first = try #require(try parser.next())
    #expect(try parser.next() == nil)
    parser.append(Array("ond\n\n".utf8).span)
    let second = try #require(try parser.next())
    #expect(first.data.map { text($0) } == "first")
    #expect(second.data.map { text($0) } == "second")
    #expect(try parser.next() == nil)
  }
}
