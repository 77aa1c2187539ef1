import Foundation
import TestSupport
import Testing

/// Streams that come to their proper end: the caller gets what the provider sent.
@Suite struct StreamTests {
  /// How a stream is cut into packets, whatever its events are.
  enum Packing: CaseIterable {
    case oneEvent, twoEvents, thirdsOfEvents, bytes, everything

    func packets(_ events: [[UInt8]]) -> [[UInt8]] {
      switch self {
      case .oneEvent: events
      case .twoEvents:
        stride(from: 0, to: events.count, by: 2).map { events[$0...].prefix(2).flatMap { $0 } }
      case .thirdsOfEvents:
        events.flatMap { event in
          let third = event.count / 3
          return [event[..<third], event[third..<(2 * third)], event[(2 * third)...]].map { Array($0) }
        }
      case .bytes: events.flatMap { $0 }.map { [$0] }
      case .everything: [events.flatMap { $0 }]
      }
    }
  }

  @Test(
    "a stream is what the provider sent, byte for byte, less the usage that was not asked for",
    arguments: ["\n", "\r\n"], Packing.allCases)
  func bytes(lineEnd: String, packing: Packing) throws {
    var stream = EventStream.chat(["Gut: \\u00fc", " \\\"x\\\"", " 😀"])
    stream.lineEnd = lineEnd
    let provider = try FaultyProvider(always: .chunked(packing.packets(stream.packets)))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(response.status == 200)
      #expect(response.header("content-type")?.hasPrefix("text/event-stream") == true)
      #expect(response.header("x-tollgate-provider") == "first")
      #expect(response.header("x-tollgate-attempts") == "1")
      let timing = try #require(response.header("server-timing"))
      for name in ["parse", "route", "upstream", "total"] { #expect(timing.contains("\(name);dur=")) }
      #expect(response.text == String(decoding: stream.bytesWithoutUsage, as: UTF8.self))
      #expect(isComplete)
      let request = try #require(provider.requests.first)
      #expect(request.json["stream_options"]["include_usage"] == true)

      let lines = gateway.ledger()
      #expect(lines.count == 1)
      #expect(lines[0]["status"] == "success")
      #expect(lines[0]["stream"] == true)
      #expect(lines[0]["cost_usd"] == "0.0000237")
      #expect(lines[0]["estimated"] == false)
    }
  }

  @Test("who asks for the usage gets the stream as it is")
  func askedUsage() throws {
    let provider = try FaultyProvider(always: .stream())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let answer = try gateway.chatStream("What?", #""stream_options":{"include_usage":true}"#)
      #expect(answer.response.body == EventStream.chat().bytes)
      #expect(answer.isComplete)
    }
  }

  @Test("comments, ids and unknown members come through")
  func oddEvents() throws {
    let start = Array(": hello\n\nid: 7\nretry: 10\ndata: {\"new\":[1.50]}\n\n".utf8)
    let bytes = start + EventStream.chat(usage: nil).bytes
    let provider = try FaultyProvider(always: .chunked([bytes]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      #expect(try gateway.chatStream().response.body == bytes)
    }
  }

  @Test("an event of 1 MB comes through", arguments: [Packing.oneEvent, .thirdsOfEvents])
  func largeEvent(packing: Packing) throws {
    let stream = EventStream.chat([String(repeating: "wörter ", count: 131_072), "."])
    let provider = try FaultyProvider(always: .chunked(packing.packets(stream.packets)))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(response.body == stream.bytesWithoutUsage)
      #expect(isComplete)
    }
  }

  @Test("an answer that is finished is whole without [DONE] too", arguments: [false, true])
  func missingDone(endsByClose: Bool) throws {
    var stream = EventStream.chat()
    stream.events.removeLast()
    let reply = endsByClose ? ProviderReply.endedByClose(stream.bytes) : .stream(stream)
    let provider = try FaultyProvider(always: reply)
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(response.body == EventStream.chat().bytesWithoutUsage)
      #expect(isComplete)
      #expect(gateway.ledger()[0]["status"] == "success")
    }
  }

  @Test("a stream without usage is estimated, never free")
  func missingUsage() throws {
    let provider = try FaultyProvider(always: .stream(.chat(usage: nil)))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      #expect(try gateway.chatStream().isComplete)
      let line = gateway.ledger()[0]
      #expect(line["estimated"] == true)
      #expect(try #require(line["cost_usd"].amount) > 0)
    }
  }

  @Test("each event leaves when it has come, not later")
  func noBatching() throws {
    let gate = Gate()
    let packets = EventStream.chat().packets
    let provider = try FaultyProvider(
      always: .begun(
        Array(packets[..<2]),
        then: [.wait(gate)] + packets[2...].map { .send(ProviderReply.chunk($0)) } + [
          .send(Array("0\r\n\r\n".utf8))
        ]
      ))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      var body: [UInt8] = []
      while body.count < packets[0].count + packets[1].count { body += try client.nextChunk() ?? [] }
      #expect(body == packets[0] + packets[1])
      // The provider says the rest only now.
      gate.open()
      while let chunk = try client.nextChunk() { body += chunk }
      #expect(body == EventStream.chat().bytesWithoutUsage)
    }
  }

  @Test("in a silence the caller is shown that somebody is there")
  func silence() throws {
    let gate = Gate()
    let packets = EventStream.chat().packets
    let rest = packets[2...].flatMap { ProviderReply.chunk($0) } + Array("0\r\n\r\n".utf8)
    let provider = try FaultyProvider(
      always: .begun(Array(packets[..<2]), then: [.wait(gate), .send(rest)]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      var body: [UInt8] = []
      while body.count < packets[0].count + packets[1].count { body += try client.nextChunk() ?? [] }
      // It comes after 15 s, which this test waits while others run.
      let comment = try client.nextChunk()
      #expect(comment == Array(": keep-alive\n\n".utf8))
      gate.open()
      while let chunk = try client.nextChunk() { body += chunk }
      #expect(body == EventStream.chat().bytesWithoutUsage)
      #expect(gateway.ledger()[0]["status"] == "success")
    }
  }

  @Test("the ledger has the time to the first token, not to the first byte or the end")
  func timeToFirstToken() throws {
    let gates = [Gate(), Gate()]
    let packets = EventStream.chat().packets
    let rest = packets[2...].flatMap { ProviderReply.chunk($0) } + Array("0\r\n\r\n".utf8)
    let provider = try FaultyProvider(
      always: .begun(
        [packets[0]],
        then: [.wait(gates[0]), .send(ProviderReply.chunk(packets[1])), .wait(gates[1]), .send(rest)]))
    // Another call's timeout is the clock.
    let silent = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url),
      Configuration.provider("clock", silent.url, "timeout: 300ms"))
    try withGateway(configuration) { gateway throws in
      let client = try gateway.connect()
      try client.send(
        GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(eventually { provider.requests.count == 1 })
      #expect(try gateway.generate("What?", #""model":"clock""#).status == 502)
      gates[0].open()
      #expect(try client.responseHead().status == 200)
      #expect(try gateway.generate("What?", #""model":"clock""#).status == 502)
      gates[1].open()
      while try client.nextChunk() != nil {}
      let line = try #require(gateway.ledger(waitingFor: 3).first { $0["status"] == "success" })
      let (first, whole) = (try #require(line["ttft_ms"].number), try #require(line["latency_ms"].number))
      #expect(first >= 300 && whole - first >= 300)
    }
  }

  @Test("on /generate the pieces come as deltas, then the whole answer, then [DONE]")
  func generate() throws {
    let provider = try FaultyProvider(always: .stream())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate("What?", #""stream":true"#)
      let events = response.events
      #expect(events.prefix(3) == [#"{"delta":"Hi"}"#, #"{"delta":" you"}"#, #"{"delta":"."}"#])
      #expect(events.last == "[DONE]")
      #expect(events.count == 5)
      let whole = try JSONValue(parsing: events[3])
      #expect(whole["response"] == "Hi you.")
      #expect(whole["status"] == "success")
      #expect(whole["tokens"] == 15)
      #expect(whole["cost"].amount == gateway.ledger()[0]["cost_usd"].amount)
    }
  }

  @Test("a connection serves one stream after the other")
  func sameConnection() throws {
    let provider = try FaultyProvider(always: .stream())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "server: {workers: 1}")
    try withGateway(configuration) { gateway throws in
      let client = try gateway.connect()
      for _ in 0..<5 {
        try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
        #expect(try client.response().body == EventStream.chat().bytesWithoutUsage)
      }
      #expect(provider.requests.map(\.connection) == [0, 0, 0, 0, 0])
      #expect(gateway.ledger().count == 5)
    }
  }
}
