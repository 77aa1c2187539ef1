import Foundation
import TestSupport
import Testing

/// Streams that break at every byte: never is a part taken for the whole, and the ledger has the truth.
@Suite struct BrokenStreamTests {
  /// What a provider does in place of the rest of its stream.
  enum Break: CaseIterable {
    /// The connection ends where more was announced.
    case cut
    /// The connection ends, and nothing tells that more was to come.
    case quietEnd
    case garbage
    case errorEvent

    /// The provider's answer that breaks after `bytes`.
    func reply(after bytes: [UInt8]) -> ProviderReply {
      switch self {
      case .cut: .chunked([bytes], isComplete: false)
      case .quietEnd: .endedByClose(bytes)
      case .garbage: .chunked([bytes + Array("\u{0}\u{1}garbage]\n\n".utf8)])
      case .errorEvent:
        .chunked([
          bytes + Array("\n\ndata: {\"error\":{\"message\":\"oops\",\"type\":\"server_error\"}}\n\n".utf8)
        ])
      }
    }

    /// How many of a line's last bytes the break itself brings along.
    var broughtAlong: Int {
      switch self {
      case .cut, .quietEnd, .garbage: 0
      case .errorEvent: 2
      }
    }
  }

  /// No failure may open the breaker or change the order: each request is to meet the same.
  static let unmoved = "breaker: {failure_threshold: 1000}\nrouting: {penalty: {threshold: 1}}"
  private static let stream = EventStream.chat(["Hi", " you"])
  private static let second = EventStream.chat(["The second."])

  @Test(
    "wherever a stream breaks, the caller has the whole answer or an error, and the ledger says which",
    arguments: Break.allCases)
  func everyPosition(kind: Break) throws {
    let bytes = Self.stream.bytes
    let first = try FaultyProvider { request in
      let position = Int(request.json["messages"][0]["content"].string ?? "") ?? 0
      return kind.reply(after: Array(bytes[..<position]))
    }
    let second = try FaultyProvider(always: .stream(Self.second))
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url),
      sections: Self.unmoved)
    try withGateway(configuration) { gateway throws in
      let answers = try onThreads(bytes.count + 1, width: 16) { try gateway.chatStream("\($0)") }
      let lines = gateway.ledger(waitingFor: answers.count)
      #expect(lines.count == answers.count)
      let linesByID = Dictionary(grouping: lines) { $0["id"].string ?? "" }
      for (position, answer) in answers.enumerated() {
        let own = linesByID[answer.response.header("x-request-id") ?? ""] ?? []
        #expect(own.count == 1, "\(kind) at \(position)")
        check(answer.response, answer.isComplete, own.first ?? .null, kind, position)
      }
    }
  }

  private func check(
    _ response: RawResponse, _ isComplete: Bool, _ line: JSONValue, _ kind: Break, _ position: Int
  ) {
    let place: Comment = "\(kind) at \(position): \(response.text)"
    let packets = Self.stream.packets
    let firstTokenEnd = packets[0].count + packets[1].count
    #expect(response.status == 200, place)
    guard position + kind.broughtAlong >= firstTokenEnd else {
      #expect(response.header("x-tollgate-provider") == "second", place)
      #expect(response.header("x-tollgate-attempts") == "2", place)
      #expect(response.body == Self.second.bytesWithoutUsage && isComplete, place)
      #expect(line["status"] == "success" && line["provider"] == "second", place)
      #expect(line["fallbacks"] == ["first"] && line["attempts"] == 2, place)
      #expect(line["cost_usd"] == "0.0000237", place)
      return
    }
    #expect(response.header("x-tollgate-provider") == "first", place)
    #expect(line["provider"] == "first" && line["attempts"] == 1, place)
    #expect((line["cost_usd"].amount ?? 0) > 0, place)
    let whole = Self.stream.bytesWithoutUsage
    if isComplete {
      #expect(response.body == whole, place)
      #expect(line["status"] == "success", place)
      // Finished, and no frame announced more: only then is a stream whole without its last line.
      let isDone = position + kind.broughtAlong >= Self.stream.bytes.count
      #expect(isDone || kind == .quietEnd, place)
      #expect(line["estimated"] == true || line["total_tokens"] == 15, place)
    } else {
      #expect(!response.hasDone, place)
      #expect(response.errorEvent["code"] == "stream_interrupted", place)
      let errorStart = response.body.lastRange(of: Array("data: {\"error\"".utf8))?.lowerBound ?? 0
      // Empty lines of the break itself may come through.
      let part = response.body[..<errorStart].reversed().drop { $0 == UInt8(ascii: "\n") }.reversed()
      #expect(errorStart >= firstTokenEnd && whole.starts(with: part), place)
      #expect(line["status"] == "partial" && line["http_status"] == 200, place)
    }
  }

  @Test("an answer that is not finished is none, however properly the stream ends")
  func unfinished() throws {
    let stream = EventStream([EventStream.chat().events[0], EventStream.chat().events[1]])
    let provider = try FaultyProvider(always: .stream(stream))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
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
