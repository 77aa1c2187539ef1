import TestSupport
import Testing

/// Pages in browsers that ask the gateway.
@Suite struct OriginTests {
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"

  private func ask(
    _ gateway: GatewayProcess, _ method: String, origin: String, host: String? = nil
  ) throws -> RawResponse {
    let client = try gateway.connect()
    let body = method == "POST" ? GatewayProcess.body() : ""
    try client.send(
      "\(method) /generate HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(gateway.port)")\r\nOrigin: \(origin)\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    return try client.response()
  }

  @Test("an allowed page may read the answer")
  func allowed() throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try ask(gateway, "POST", origin: "null")
      #expect(response.status == 200)
      #expect(response.header("access-control-allow-origin") == "null")
      #expect(response.header("vary") == "Origin")
    }
  }

  @Test(
    "a foreign page is refused, and no provider is asked",
    arguments: [
      "https://evil.example", "http://127.0.0.1:1", "http://localhost.evil.example", "file://", "x",
    ])
  func foreign(origin: String) throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try ask(gateway, "POST", origin: origin)
      #expect(response.status == 403)
      #expect(response.errorCode == "forbidden")
      #expect(response.header("access-control-allow-origin") == nil)
      #expect(provider.requests.isEmpty)
    }
  }

  @Test("a name that somebody points at this machine does not make his page the gateway's own")
  func rebinding() throws {
    try withGateway(Self.mock) { gateway throws in
      let host = "evil.example:\(gateway.port)"
      #expect(try ask(gateway, "POST", origin: "http://\(host)", host: host).status == 403)
    }
  }

  @Test("the gateway's own page may ask", arguments: ["127.0.0.1", "localhost", "LOCALHOST"])
  func own(name: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let host = "\(name):\(gateway.port)"
      #expect(try ask(gateway, "POST", origin: "http://\(host)", host: host).status == 200)
    }
  }

  @Test("a browser's question beforehand is answered")
  func preflight() throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try ask(gateway, "OPTIONS", origin: "null")
      #expect(response.status == 204)
      #expect(response.header("access-control-allow-origin") == "null")
      #expect(response.header("access-control-allow-methods")?.contains("POST") == true)
      #expect(response.header("access-control-allow-headers")?.contains("authorization") == true)
      #expect(response.header("allow")?.contains("POST") == true)
      #expect(try ask(gateway, "OPTIONS", origin: "https://evil.example").status == 403)
    }
  }

  @Test("a page may send the header fields of a vendor's library, which differ from release to release")
  func libraryFields() throws {
    try withGateway(Self.mock) { gateway throws in
      let allowed = try ask(gateway, "OPTIONS", origin: "null").header("access-control-allow-headers") ?? ""
      let names = allowed.split(separator: ",").map { $0.drop { $0 == " " } }
      // The star stands for every field but `authorization`, which must be named (Fetch Standard).
      #expect(names.contains("*"))
      #expect(names.contains("authorization"))
    }
  }
}
