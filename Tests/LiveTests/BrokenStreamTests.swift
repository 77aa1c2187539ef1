import Foundation
import TestSupport
import Testing

/// Streams that break: never is a part taken for the whole, and the ledger has the truth.
@Suite struct BrokenStreamTests {
  /// No failure may open the breaker or change the order: each request is to meet the same.
  static let unmoved = "breaker: {failure_threshold: 1000}\nrouting: {penalty: {threshold: 1}}"

  @Test("an answer that is not finished is none, however properly the stream ends")
  func unfinished() throws {
    let packets = Array(EventStream.chat().packets[..<2])
    let gate = Gate()
    let provider = try FaultyProvider(
      always: .begun(packets, then: [.wait(gate), .send(Array("0\r\n\r\n".utf8))]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream { gate.open() }
      #expect(!isComplete && !response.hasDone)
      #expect(response.errorEvent["type"] == "server_error")
      #expect(gateway.ledger()[0]["status"] == "partial")
    }
  }

  @Test("an event beyond the limit breaks the stream")
  func hugeEvent() throws {
    let stream = EventStream.chat(["Hi", String(repeating: "a", count: 5_000_000)])
    let provider = try FaultyProvider(always: .stream(stream))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(!isComplete && !response.hasDone)
      #expect(response.body.count < 1_000)
      #expect(gateway.ledger()[0]["status"] == "partial")
    }
  }

  @Test("a provider that fails before its first token is never seen", arguments: Fault.all)
  func fallback(fault: Fault) throws {
    let first = try FaultyProvider(always: fault.reply)
    let second = try FaultyProvider(always: .stream())
    let keys = fault.keys.map { "    \($0)\n" }.joined()
    let configuration =
      Configuration.of() + Configuration.provider("first", first.url) + keys
      + Configuration.provider("second", second.url)
    try withGateway(configuration) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(response.status == 200)
      #expect(response.header("x-tollgate-provider") == "second")
      #expect(response.header("x-tollgate-attempts") == "2")
      #expect(response.body == EventStream.chat().bytesWithoutUsage && isComplete)
      let lines = gateway.ledger()
      #expect(lines.count == 1)
      #expect(lines[0]["fallbacks"] == ["first"])
      #expect(lines[0]["attempts"] == 2)
    }
  }

  @Test("when nobody has a first token it is an error with a status")
  func nobody() throws {
    let provider = try FaultyProvider(always: .chunked([EventStream.chat().packets[0]], isComplete: false))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, _) = try gateway.chatStream()
      #expect(response.status == 502)
      #expect(response.errorCode == "all_providers_failed")
      #expect(response.header("x-should-retry") == "false")
      #expect(gateway.ledger()[0]["status"] == "error")
    }
  }

  @Test("a refusal without a body is known by its status", arguments: [429, 401, 503])
  func emptyRefusal(status: Int) throws {
    let provider = try FaultyProvider(
      always: .http(status, "", contentType: "text/event-stream", fields: ["Retry-After: 7"]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, _) = try gateway.chatStream()
      #expect(response.status == (status == 429 ? 429 : 502))
      #expect(
        response.json["error"]["attempts"].elements.map { $0["outcome"].string } == [
          [429: "rate_limited", 401: "credential", 503: "transient"][status]
        ])
    }
  }

  @Test("a first token that is late falls to the next provider")
  func firstTokenTimeout() throws {
    // A head, a role and a comment are no token.
    let start = [EventStream.chat().packets[0], Array(": wait\n\n".utf8)]
    let first = try FaultyProvider(always: .begun(start, then: [.silence]))
    let second = try FaultyProvider(always: .stream())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url, "first_token_timeout: 300ms"),
      Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(response.header("x-tollgate-provider") == "second")
      #expect(response.body == EventStream.chat().bytesWithoutUsage && isComplete)
      #expect(eventually { first.hangUpCount == 1 })
    }
  }

  @Test("a stream that falls silent is broken off")
  func idleTimeout() throws {
    let provider = try FaultyProvider(
      always: .begun(Array(EventStream.chat().packets[..<3]), then: [.silence]))
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url, "idle_timeout: 600ms", "timeout: 1h"))
    try withGateway(configuration) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(!isComplete && !response.hasDone)
      #expect(response.errorEvent["code"] == "stream_interrupted")
      #expect(response.events.count == 4)
      #expect(eventually { provider.hangUpCount == 1 })
      #expect(gateway.ledger()[0]["status"] == "partial")
    }
  }

  @Test("a stream that is alive may take longer than its first token had")
  func longStream() throws {
    let packets = EventStream.chat().packets
    let gate = Gate()
    let rest = packets[2...].flatMap { ProviderReply.chunk($0) } + Array("0\r\n\r\n".utf8)
    let provider = try FaultyProvider(
      always: .begun(Array(packets[..<2]), then: [.wait(gate), .send(rest)]))
    let other = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url, "first_token_timeout: 1s", "timeout: 1s"),
      Configuration.provider("clock", other.url, "timeout: 1500ms"))
    try withGateway(configuration) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      // Another call's timeout is the clock: by then the first one's is long past.
      #expect(try gateway.generate("What?", #""model":"clock""#).status == 502)
      gate.open()
      var body: [UInt8] = []
      while let chunk = try client.nextChunk() { body += chunk }
      #expect(body == EventStream.chat().bytesWithoutUsage)
    }
  }

  @Test("a mock whose behaviour is cut breaks off in the middle", arguments: ["generate", "chat"])
  func mockCut(surface: String) throws {
    let mock = "providers:\n  - {name: mock, kind: mock, free: true, behavior: cut, reply: a b c d}\n"
    try withGateway(mock) { gateway throws in
      let client = try gateway.connect()
      let (path, body) =
        surface == "generate"
        ? ("/generate", GatewayProcess.body("What?", #""stream":true"#))
        : (GatewayProcess.chatPath, GatewayProcess.chatBody())
      try client.send(GatewayProcess.message("POST", path, body))
      let (response, isComplete) = try client.responseOrPart()
      #expect(!isComplete && !response.hasDone)
      #expect(response.text.contains("a ") && !response.text.contains("c "))
      #expect(response.errorEvent["code"] == "stream_interrupted")
      #expect(gateway.ledger()[0]["status"] == "partial")
    }
  }
}
