import Foundation
import TestSupport
import Testing

/// Those who read streams: the ones who leave, and the slow ones.
@Suite struct StreamReaderTests {
  @Test(
    "when the reader leaves the provider's stream is ended at once, and what came is charged",
    arguments: [false, true])
  func leavingReader(resets: Bool) throws {
    let packets = EventStream.chat().packets
    let provider = try FaultyProvider(always: .begun(Array(packets[..<3]), then: [.silence]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      _ = try client.nextChunk()
      client.hangUp(resets: resets)
      #expect(eventually { provider.hangUpCount == 1 })
      let lines = gateway.ledger(waitingFor: 1)
      #expect(lines.count == 1)
      #expect(lines[0]["status"] == "cancelled")
      #expect(lines[0]["stream"] == true)
      #expect(lines[0]["estimated"] == true)
      #expect(try #require(lines[0]["completion_tokens"].number) > 0)
      #expect(try #require(lines[0]["cost_usd"].amount) > 0)
      #expect(try gateway.provider("first")["circuit_status"] == "CLOSED")
      #expect(try gateway.provider("first")["in_flight"] == 0)
    }
  }

  @Test("a reader that leaves before the first token ends the call too")
  func leavingEarly() throws {
    let asked = Gate()
    let provider = try FaultyProvider(
      always: .begun([EventStream.chat().packets[0]], then: [.open(asked), .silence]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      asked.wait()
      client.hangUp()
      #expect(eventually { provider.hangUpCount == 1 })
      #expect(gateway.ledger(waitingFor: 1).map { $0["status"] } == ["cancelled"])
    }
  }

  @Test("a reader that leaves a stream that flows ends it")
  func leavingFlow() throws {
    let stream = EventStream.chat([String(repeating: "a", count: 1_000)])
    let piece = ProviderReply.chunk(stream.packets[1])
    let provider = try FaultyProvider(
      always: .begun(Array(stream.packets[..<2]), then: [.sendRepeatedly(piece, count: 1_000_000)]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      _ = try client.responseHead()
      for _ in 0..<10 { _ = try client.nextChunk() }
      client.hangUp()
      #expect(eventually { provider.hangUpCount == 1 })
      #expect(gateway.ledger(waitingFor: 1).map { $0["status"] } == ["cancelled"])
    }
  }

  @Test("a slow reader slows the provider, and gets everything in the end")
  func slowReader() throws {
    let megabytes = 96
    let text = String(repeating: "a", count: 8_192)
    let stream = EventStream.chat([text])
    let megabyte = (0..<128).flatMap { _ in ProviderReply.chunk(stream.packets[1]) }
    let progress = Progress()
    let parts = (0..<megabytes).flatMap { _ -> [ProviderReply.Step] in
      [.send(megabyte), .note { progress.advance() }]
    }
    let ending = stream.packets[2...].map { ProviderReply.Step.send(ProviderReply.chunk($0)) }
    let provider = try FaultyProvider(
      always: .begun(
        Array(stream.packets[..<2]), then: parts + ending + [.send(Array("0\r\n\r\n".utf8))]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      #expect(try client.responseHead().status == 200)
      // Nobody reads now. What the sockets' buffers hold is all that the provider can get rid of.
      #expect(progress.standsStill())
      #expect(progress.count < megabytes / 2, "\(progress.count) MB went into the gateway")

      var size = 0
      var ending: [UInt8] = []
      while let chunk = try client.nextChunk() {
        size += chunk.count
        ending = chunk
      }
      let whole = stream.bytesWithoutUsage.count + megabytes * 128 * stream.packets[1].count
      #expect(size == whole)
      #expect(String(decoding: ending, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
      #expect(gateway.ledger()[0]["status"] == "success")
    }
  }
}
