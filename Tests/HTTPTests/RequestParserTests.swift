import HTTP
import Testing

@Suite("RequestParser")
struct RequestParserTests {
  /// What comes of `text` fed whole.
  static func outcome(_ text: String, limits: HeadLimits = HeadLimits()) -> RequestParser.Outcome {
    var parser = RequestParser(startingAt: 0, limits: limits)
    return parser.parse(Array(text.utf8))
  }

  static func head(_ text: String) -> RequestHead? {
    if case .complete(let head) = outcome(text) { head } else { nil }
  }

  static func error(_ text: String, limits: HeadLimits = HeadLimits()) -> RequestError? {
    if case .malformed(let error) = outcome(text, limits: limits) { error } else { nil }
  }

  @Test("reads method, target, version, fields and framing, and says where the head ends")
  func readsAll() throws {
    let text =
      "POST /generate?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nX-Two:\t two words \t\r\n\r\nBODY"
    let bytes = Array(text.utf8)
    let head = try #require(Self.head(text))
    #expect(head.method == .post)
    #expect(bytes[head.target].elementsEqual("/generate?x=1".utf8))
    #expect(head.framing == .length(12))
    #expect(head.keepsAlive)
    #expect(head.end == bytes.count - 4)
    #expect(head.value("x-two", in: bytes).map { String(decoding: $0, as: UTF8.self) } == "two words")
    #expect(head.value("x-three", in: bytes) == nil)
  }

  @Test("gives the same head however the bytes are cut")
  func everyCut() throws {
    let text = "GET /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive, x\r\n\r\n"
    let bytes = Array(text.utf8)
    let whole = try #require(Self.head(text))
    for cut in 0..<bytes.count {
      var parser = RequestParser(startingAt: 0)
      guard case .incomplete = parser.parse(Array(bytes[..<cut])) else {
        Issue.record("\(cut) bytes are not a head")
        continue
      }
      guard case .complete(let head) = parser.parse(bytes) else {
        Issue.record("cut at \(cut) lost the head")
        continue
      }
      #expect(head.fields == whole.fields && head.framing == whole.framing && head.end == whole.end)
    }
  }

  @Test("takes one byte at a time")
  func drip() {
    let bytes = Array("GET / HTTP/1.1\r\nHost: b\r\n\r\n".utf8)
    var parser = RequestParser(startingAt: 0)
    for count in 1..<bytes.count {
      if case .incomplete = parser.parse(Array(bytes[..<count])) { continue }
      Issue.record("\(count) bytes are not a head")
    }
    if case .complete = parser.parse(bytes) { return }
    Issue.record("the whole is a head")
  }

  @Test("begins where it is told, in the middle of pipelined requests")
  func pipelined() throws {
    let one = "GET /1 HTTP/1.1\r\nHost: b\r\n\r\n"
    let bytes = Array((one + "HEAD /2 HTTP/1.1\r\nHost: b\r\n\r\n").utf8)
    var parser = RequestParser(startingAt: one.utf8.count)
    guard case .complete(let head) = parser.parse(bytes) else {
      Issue.record("the second request is a head")
      return
    }
    #expect(head.method == .head)
    #expect(bytes[head.target].elementsEqual("/2".utf8))
  }

  @Test(
    "ignores one empty line before the request line", arguments: ["\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n"])
  func emptyLine(text: String) {
    #expect(Self.head(text) != nil)
  }

  @Test(
    "keeps the connection, or not, as version and Connection say",
    arguments: [
      ("HTTP/1.1\r\nHost: a", true), ("HTTP/1.1\r\nHost: a\r\nConnection: close", false),
      ("HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive, CLOSE", false), ("HTTP/1.0", false),
      ("HTTP/1.0\r\nConnection: keep-alive", true), ("HTTP/1.0\r\nHost: a", false),
    ])
  func keepAlive(rest: String, expected: Bool) throws {
    let head = try #require(Self.head("GET / \(rest)\r\n\r\n"))
    #expect(head.keepsAlive == expected)
  }

  @Test("reads the one expectation there is")
  func expectation() throws {
    let head = try #require(
      Self.head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n"))
    #expect(head.expectsContinue)
  }

  @Test(
    "refuses what is not a request",
    arguments: [
      ("GET /\r\n\r\n", .badRequestLine),
      ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .unsupportedVersion),
      ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("G\u{E9}T / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("\u{16}\u{03}\u{01}\r\n", .badRequestLine),
      ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
      ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .unsupportedVersion),
      ("GET / http/1.1\r\nHost: a\r\n\r\n", .badRequestLine),
      ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
      ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
      ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
      ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n", .badField),
      ("GET / HTTP/1.1\r\n\r\n", .badHost),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badHost),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", .badContentLength),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", .badContentLength),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        .conflictingFraming
      ),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
        .conflictingFraming
      ),
      ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingFraming),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .unsupportedTransferCoding),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        .unsupportedTransferCoding
      ),
      ("POST / HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\n\r\n", .unsupportedExpectation),
    ] as [(String, RequestError)])
  func refuses(text: String, expected: RequestError) {
    #expect(Self.error(text) == expected)
  }

  @Test("refuses a target that is too long, also before its line has ended")
  func longTarget() {
    let long = "GET /" + String(repeating: "a", count: 9_000)
    #expect(Self.error(long) == .targetTooLong)
    #expect(Self.error(long + " HTTP/1.1\r\nHost: a\r\n\r\n") == .targetTooLong)
  }

  @Test("refuses a head that is too large, also before it has ended")
  func largeHead() {
    let field = "X-Filler: " + String(repeating: "a", count: 4_000) + "\r\n"
    let text = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: field, count: 9)
    #expect(Self.error(text) == .headTooLarge)
  }

  @Test("refuses more fields than the limit")
  func manyFields() {
    let text = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A: b\r\n", count: 10_000) + "\r\n"
    #expect(Self.error(text) == .tooManyFields)
  }

  @Test("survives every single-byte change of a good request")
  func mutations() {
    let bytes = Array("POST /generate HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".utf8)
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = bytes
        changed[index] = byte
        var parser = RequestParser(startingAt: 0)
        if case .complete(let head) = parser.parse(changed) {
          #expect(head.end <= changed.count && head.target.upperBound <= head.end)
        }
      }
    }
  }
}
