import HTTP
import Testing

@Suite("ResponseParser")
struct ResponseParserTests {
  static func outcome(_ text: String, maxHeadSize: Int = 1_024) -> ResponseParser.Outcome {
    var parser = ResponseParser(maxHeadSize: maxHeadSize)
    return parser.parse(Array(text.utf8))
  }

  static func head(_ text: String) -> ResponseHead? {
    if case .complete(let head) = outcome(text) { head } else { nil }
  }

  @Test(
    "reads status, framing and what becomes of the connection",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, .length(5), true),
      ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, .length(0), true),
      ("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: Chunked\r\n\r\n", 404, .chunked, true),
      ("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5\r\n\r\n", 200, .length(5), false),
      ("HTTP/1.1 200 OK\r\n\r\n", 200, .untilClose, false),
      ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", 200, .length(5), false),
      ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n", 200, .length(5), true),
      ("HTTP/1.1 204 No Content\r\n\r\n", 204, .length(0), true),
      ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, .length(0), true),
      ("HTTP/1.1 200 OK\nContent-Length: 5\n\n", 200, .length(5), true),
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 200, .length(5), true),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, .length(5), true),
      // The coding goes before the length, and the connection is not trusted after it.
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 200, .chunked, false),
    ] as [(String, Int, ResponseFraming, Bool)])
  func reads(text: String, status: Int, framing: ResponseFraming, keepsAlive: Bool) throws {
    let head = try #require(Self.head(text))
    #expect(head.status == status)
    #expect(head.framing == framing)
    #expect(head.keepsAlive == keepsAlive)
    #expect(head.end == text.utf8.count)
  }

  @Test("gives the same head however the bytes are cut")
  func everyCut() throws {
    let text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After:  7 \r\nContent-Length: 2\r\n\r\n"
    let bytes = Array(text.utf8)
    for cut in 0..<bytes.count {
      var parser = ResponseParser(maxHeadSize: 1_024)
      guard case .incomplete = parser.parse(Array(bytes[..<cut])),
        case .complete(let head) = parser.parse(bytes)
      else {
        Issue.record("cut at \(cut)")
        continue
      }
      #expect(head.status == 429)
      #expect(head.value("retry-after", in: bytes).map { String(decoding: $0, as: UTF8.self) } == "7")
    }
  }

  @Test(
    "refuses what is no answer",
    arguments: [
      "garbage\r\n", "\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.2 200 OK\r\n", "HTTP/1.1 20 OK\r\n",
      "HTTP/1.1 2000 OK\r\n",
      "HTTP/1.1 20x OK\r\n", "HTTP/1.1 099 OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1  200 OK\r\n",
      "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\nNo colon\r\n", "HTTP/1.1 200 OK\r\n: x\r\n",
      "HTTP/1.1 200 OK\r\n folded\r\n", "HTTP/1.1 200 OK\r\nX : y\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: \r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n",
    ])
  func refuses(text: String) {
    guard case .malformed = Self.outcome(text) else {
      Issue.record("\(Self.outcome(text))")
      return
    }
  }

  @Test("refuses a head that is too large, ended or not")
  func tooLarge() {
    for end in ["", "\r\n\r\n"] {
      let text = "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 2_000) + end
      guard case .tooLarge = Self.outcome(text) else {
        Issue.record("too large")
        return
      }
    }
  }

  @Test("survives every single-byte change of a good head")
  func mutations() {
    let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n".utf8)
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = bytes
        changed[index] = byte
        var parser = ResponseParser(maxHeadSize: 1_024)
        if case .complete(let head) = parser.parse(changed) { #expect(head.end <= changed.count) }
      }
    }
  }
}
