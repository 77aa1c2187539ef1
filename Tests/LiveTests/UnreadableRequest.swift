import Testing

/// Bytes that are not a request, or not one that a careful server reads.
struct UnreadableRequest: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: String
  var status: Int

  var testDescription: String { name }

  static let all: [UnreadableRequest] = [
    UnreadableRequest(name: "bare LF", bytes: "GET / HTTP/1.1\nHost: x\n\n", status: 400),
    UnreadableRequest(
      name: "two lengths",
      bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
      status: 400),
    UnreadableRequest(
      name: "a list of lengths",
      bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\n{}", status: 400),
    UnreadableRequest(
      name: "a negative length", bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      status: 400),
    UnreadableRequest(
      name: "a huge length",
      bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", status: 400
    ),
    UnreadableRequest(
      name: "a length and chunks",
      bytes:
        "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      status: 400),
    UnreadableRequest(
      name: "an unknown coding",
      bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", status: 501),
    UnreadableRequest(
      name: "a bad chunk",
      bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", status: 400),
    UnreadableRequest(name: "no host", bytes: "GET / HTTP/1.1\r\n\r\n", status: 400),
    UnreadableRequest(name: "two hosts", bytes: "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", status: 400),
    UnreadableRequest(
      name: "a space before the colon", bytes: "GET / HTTP/1.1\r\nHost : x\r\n\r\n", status: 400),
    UnreadableRequest(
      name: "a folded line", bytes: "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", status: 400),
    UnreadableRequest(name: "a NUL", bytes: "GET / HTTP/1.1\r\nHost: x\r\nA: \u{0}\r\n\r\n", status: 400),
    UnreadableRequest(name: "no version", bytes: "GET /\r\nHost: x\r\n\r\n", status: 400),
    UnreadableRequest(name: "HTTP/2", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
    UnreadableRequest(name: "TLS", bytes: "\u{16}\u{3}\u{1}\u{0}\u{5}\n\n", status: 400),
    UnreadableRequest(name: "no words", bytes: "\r\n\r\n\r\n\r\n", status: 400),
    UnreadableRequest(
      name: "an expectation", bytes: "POST /generate HTTP/1.1\r\nHost: x\r\nExpect: a pony\r\n\r\n",
      status: 417),
    UnreadableRequest(
      name: "a long target",
      bytes: "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n", status: 414),
    UnreadableRequest(
      name: "a long header",
      bytes: "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 40_000))\r\n\r\n", status: 431),
    UnreadableRequest(
      name: "10,000 headers",
      bytes: "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "a: b\r\n", count: 10_000))\r\n", status: 431),
  ]
}
