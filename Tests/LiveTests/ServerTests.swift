import Foundation
import TestSupport
import Testing

/// HTTP as the gateway speaks it.
@Suite struct ServerTests {
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"
  private static let get = GatewayProcess.message("GET", "/health/live")
  private static let post = GatewayProcess.message("POST", "/generate", GatewayProcess.body())

  @Test("one connection carries one request after another")
  func keepAlive() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      for message in [Self.post, Self.get, Self.post] {
        try client.send(message)
        let response = try client.response()
        #expect(response.status == 200)
        #expect(response.header("connection") == nil)
      }
    }
  }

  @Test("more connections ask at once, and again, than the server keeps tasks for")
  func manyAtOnce() throws {
    let slow = "  - {name: mock, kind: mock, free: true, reply: Hello, latency_ms: 100}\n"
    try withGateway("server: {workers: 1}\nproviders:\n" + slow) { gateway throws in
      let clients = try (0..<300).map { _ in try gateway.connect() }
      for _ in 1...2 {
        for client in clients { try client.send(Self.post) }
        for client in clients { #expect(try client.response().status == 200) }
      }
    }
  }

  @Test("requests sent at once are answered in order")
  func pipelining() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      let unknown = GatewayProcess.message("GET", "/unknown")
      try client.send(Self.post + unknown + Self.get)
      let statuses = try (1...3).map { _ in try client.response().status }
      #expect(statuses == [200, 404, 200])
    }
  }

  @Test("a request may come in pieces of any size", arguments: [1, 2, 50])
  func pieces(size: Int) throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      var rest = Array(Self.post.utf8)[...]
      while !rest.isEmpty {
        try client.send(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      #expect(try client.response().json["response"] == "Hello")
    }
  }

  @Test("HEAD is GET without the body", arguments: ["/health", "/stats", "/providers", "/", "/unknown"])
  func head(path: String) throws {
    try withGateway(Self.mock, files: ["ui/index.html": "<h1>Tollgate</h1>"]) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("HEAD", path) + Self.get)
      let head = try client.response(toHead: true)
      #expect(head.status == (path == "/unknown" ? 404 : 200))
      #expect(head.header("content-length").flatMap { Int($0) } ?? 0 > 0)
      // What follows is the next answer, not a body.
      #expect(try client.response().status == 200)
    }
  }

  @Test("100 Continue comes before a body is sent, and not for a body that is refused")
  func expectation() throws {
    try withGateway(Self.mock + "server: {max_body_bytes: 2000}\n") { gateway throws in
      let client = try gateway.connect()
      let body = GatewayProcess.body()
      let head = "POST /generate HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
      try client.send(head + "\(body.utf8.count)\r\n\r\n")
      #expect(try client.responseHead().status == 100)
      try client.send(body)
      #expect(try client.response().status == 200)
      try client.send(head + "2001\r\n\r\n")
      #expect(try client.response().status == 413)
      #expect(client.isEndedByServer())
    }
  }

  // Old servers pad a chunk's size with spaces.
  @Test("a chunked body is a body", arguments: ["", ";name=value", "  "])
  func chunkedBody(more: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      var message = "POST /generate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      for character in GatewayProcess.body() { message += "1\(more)\r\n\(character)\r\n" }
      try client.send(message + "0\r\nX-Trailer: yes\r\n\r\n" + Self.get)
      #expect(try client.response().json["response"] == "Hello")
      #expect(try client.response().status == 200)
    }
  }

  @Test(
    "a wrong method is 405 and says which are right",
    arguments: [
      ("GET", "/generate", "POST, OPTIONS"), ("DELETE", "/generate", "POST, OPTIONS"),
      ("POST", "/stats", "GET, HEAD, OPTIONS"), ("PUT", "/providers", "GET, HEAD, OPTIONS"),
      ("PATCH", "/", "GET, HEAD, OPTIONS"), ("FOO", "/health", "GET, HEAD, OPTIONS"),
    ])
  func wrongMethod(method: String, path: String, allowed: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send(method, path)
      #expect(response.status == 405)
      #expect(response.header("allow") == allowed)
      #expect(response.json["error"]["type"] == "invalid_request_error")
    }
  }

  @Test(
    "an unknown path is 404 and says where to go",
    arguments: ["/x", "/generate/", "//generate", "/GENERATE", "/%"])
  func unknownPath(path: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.get(path)
      #expect(response.status == 404)
      #expect(response.errorCode == "not_found")
      #expect(response.header("x-request-id")?.isEmpty == false)
    }
  }

  @Test("a request that cannot be read is refused, and the connection ends", arguments: UnreadableRequest.all)
  func unreadable(request: UnreadableRequest) throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      try client.send(request.bytes)
      let response = try client.response()
      #expect(response.status == request.status)
      #expect(response.header("connection") == "close")
      #expect(response.json["error"]["type"] == "invalid_request_error")
      #expect(!response.errorMessage.isEmpty)
      client.endSending()
      #expect(client.isEndedByServer())
      #expect(try gateway.get("/health/live").status == 200)
    }
  }

  @Test("a body that is announced too large is refused before it is sent")
  func largeAnnouncement() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      try client.send("POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n")
      let response = try client.response()
      #expect(response.status == 413)
      #expect(response.errorMessage.contains("max_body_bytes"))
    }
  }

  @Test(
    "a client that sends a refused body to its end can do so, and read the refusal", arguments: [false, true])
  func largeBody(isChunked: Bool) throws {
    try withGateway(Self.mock + "server: {max_body_bytes: 100000}\n") { gateway throws in
      let client = try gateway.connect()
      // More than the kernel takes in for the gateway: sending must not fail.
      let megabyte = String(repeating: " ", count: 1_048_576)
      let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 16777216"
      try client.send("POST /generate HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
      for _ in 0..<16 { try client.send(isChunked ? "100000\r\n\(megabyte)\r\n" : megabyte) }
      #expect(try client.response().status == 413)
    }
  }

  @Test("a body of 40 MB is refused while it is being sent")
  func hugeBody() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      let megabyte = [UInt8](repeating: UInt8(ascii: " "), count: 1_048_576)
      try client.send("POST /generate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<40 { client.sendUntilAnswered(Array("100000\r\n".utf8) + megabyte + Array("\r\n".utf8)) }
      #expect(try client.response().status == 413)
    }
  }

  @Test(
    "a path may come with a query, percent escapes or a whole URL",
    arguments: [
      "/health/live?x=1&y", "/health/live#part", "/he%61lth/live", "http://example.com/health/live",
      "HTTPS://x/health/live?y",
    ])
  func targetForms(target: String) throws {
    try withGateway(Self.mock) { gateway throws in
      #expect(try gateway.get(target).status == 200)
    }
  }

  @Test("when descriptors run out new clients wait, and are served once others have gone")
  func descriptors() throws {
    try withGateway(Self.mock + "server: {workers: 1}\n", maxDescriptors: 30) { gateway throws in
      var clients = try (0..<60).map { _ in try gateway.connect() }
      try clients[0].send(Self.post)
      #expect(try clients[0].response().status == 200)
      try clients[59].send(Self.post)
      clients.removeFirst(40)
      #expect(try clients[19].response().status == 200)
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test("a client that sends many requests and reads no answer is not the end of the others")
  func unreadAnswers() throws {
    try withGateway(Self.mock + "server: {workers: 1}\n") { gateway throws in
      let client = try gateway.connect()
      try client.send(String(repeating: GatewayProcess.message("GET", "/providers"), count: 2_000))
      #expect(try gateway.generate().status == 200)
      let statuses = try (1...2_000).map { _ in try client.response().status }
      #expect(statuses.allSatisfy { $0 == 200 })
    }
  }

  @Test("a client that hangs up anywhere leaves nothing behind", arguments: [0, 1, 30, 70, 110])
  func hangUps(size: Int) throws {
    try withGateway(Self.mock) { gateway throws in
      for resets in [false, true] {
        let client = try gateway.connect()
        try client.send(Array(Array(Self.post.utf8).prefix(size)))
        client.hangUp(resets: resets)
      }
      #expect(try gateway.generate().status == 200)
      #expect(gateway.ledger().count == 1)
    }
  }

  @Test("a client that stops in the middle does not hold up others")
  func halfRequests() throws {
    try withGateway(Self.mock + "server: {workers: 1}\n") { gateway throws in
      let message = Array(Self.post.utf8)
      let slow = try [1, 20, message.count - 3].map { size in
        let client = try gateway.connect()
        try client.send(Array(message[..<size]))
        return (client, size)
      }
      #expect(try gateway.generate().status == 200)
      for (client, size) in slow {
        try client.send(Array(message[size...]))
        #expect(try client.response().status == 200)
      }
    }
  }

  @Test("HTTP/1.0 ends the connection, unless it is asked to stay")
  func olderVersion() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      try client.send("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(try client.response().header("connection") == "keep-alive")
      try client.send("GET /health/live HTTP/1.0\r\n\r\n")
      #expect(try client.response().header("connection") == "close")
      #expect(client.isEndedByServer())
    }
  }

  @Test("Connection: close is obeyed")
  func close() throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("GET", "/health/live", fields: ["Connection: close"]))
      #expect(try client.response().header("connection") == "close")
      #expect(client.isEndedByServer())
    }
  }

  @Test(
    "a page that did not change is 304 to whoever has it",
    arguments: [
      ("/", "text/html; charset=utf-8"), ("/docs", "text/html; charset=utf-8"),
      ("/redoc", "text/html; charset=utf-8"), ("/openapi.json", "application/json"),
      ("/ui/style.css", "text/css; charset=utf-8"),
    ])
  func entityTag(path: String, contentType: String) throws {
    let files = ["index.html", "docs.html", "redoc.html", "openapi.json", "style.css"]
    let pages = Dictionary(uniqueKeysWithValues: files.map { ("ui/\($0)", "text of \($0)") })
    try withGateway(Self.mock, files: pages) { gateway throws in
      let page = try gateway.get(path)
      #expect(page.text.hasPrefix("text of "))
      #expect(page.header("content-type") == contentType)
      let tag = try #require(page.header("etag"))
      for list in [tag, "\"other\", W/\(tag)", "*"] {
        let response = try gateway.get(path, fields: ["If-None-Match: \(list)"])
        #expect(response.status == 304)
        #expect(response.header("etag") == tag)
      }
      #expect(try gateway.get(path, fields: ["If-None-Match: \"other\""]).status == 200)
    }
  }

  @Test(
    "no path leads out of the dashboard's folder",
    arguments: [
      "/ui/../providers.yaml", "/ui/%2e%2e/providers.yaml", "/ui/%2E%2E%2Fproviders.yaml",
      "/ui/..%2fproviders.yaml", "/ui//../providers.yaml", "/ui/./../providers.yaml",
      "/ui/x/../../providers.yaml",
      "/../providers.yaml", "//providers.yaml", "/providers.yaml", "/ui/link", "/ui/folder/secret.txt",
      "/ui/.hidden",
      "/ui/%00", "/ui/index.html%00.txt", "/ui/..%5cproviders.yaml", "/ui/%c0%ae%c0%ae/providers.yaml",
      "/ui/logs/../../logs/usage.log", "/ui/index.html/", "/ui/x",
    ])
  func wayOut(path: String) throws {
    let files = [
      "ui/index.html": "page", "ui/x/file.txt": "file", "ui/.hidden": "hidden", "other/secret.txt": "secret",
    ]
    try withGateway(Self.mock, files: files) { gateway throws in
      let folder = gateway.folder.path
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/ui/link", withDestinationPath: "\(folder)/providers.yaml")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/ui/folder", withDestinationPath: "\(folder)/other")
      #expect(try gateway.get("/ui/x/file.txt").text == "file")
      let response = try gateway.get(path)
      #expect(response.status == 404)
      #expect(!response.text.contains("kind: mock") && !response.text.contains("secret"))
    }
  }
}
