import Foundation
import TestSupport
import Testing

/// Calls that share a connection to a provider who speaks HTTP/2: what happens to one does not happen to the
/// others.
@Suite(.enabled(if: TLSFront.isAvailable)) struct HTTP2Tests {
  /// A gateway before a provider who speaks HTTP/2 and does what `script` says.
  private func withProvider(
    _ script: @escaping FaultyProvider.Script, sharesOneConnection: Bool = true,
    do body: (GatewayProcess, FaultyProvider) throws -> Void
  ) throws {
    let certificate = try TestCertificate()
    let provider = try FaultyProvider(script)
    let front = try TLSFront(before: provider, certificate: certificate)
    let configuration = Configuration.of(
      Configuration.provider("first", "https://localhost:\(front.port)/v1"), sections: "server: {workers: 1}")
    try withGateway(configuration, environment: ["SSL_CERT_FILE": certificate.path]) { gateway throws in
      try body(gateway, provider)
      #expect(provider.requests.allSatisfy { $0.header("X-Protocol") == "HTTP/2.0" })
      if sharesOneConnection {
        #expect(Set(provider.requests.map { $0.header("X-Connection") }).count == 1)
      }
    }
  }

  /// Begins a stream, or an answer in one piece.
  private func begin(_ gateway: GatewayProcess, streams: Bool = true) throws -> RawClient {
    let client = try gateway.connect()
    let path = streams ? GatewayProcess.chatPath : "/generate"
    let body = streams ? GatewayProcess.chatBody() : #"{"prompt":"Hello"}"#
    try client.send(GatewayProcess.message("POST", path, body))
    return client
  }

  /// What is still to come of a stream, without the comments that keep it alive.
  private func remainder(of client: RawClient) throws -> String {
    var received: [UInt8] = []
    while let chunk = try client.nextChunk() { received += chunk }
    return String(decoding: received, as: UTF8.self).replacingOccurrences(of: ": keep-alive\n\n", with: "")
  }

  @Test(
    "one that is cancelled is told of at once, and the others go on",
    arguments: ["while it streams", "before its first token", "before its answer"])
  func cancellation(when: String) throws {
    let gate = Gate()
    let asked = Gate()
    let packets = EventStream.chat().packets
    let rest = packets[2...].map { ProviderReply.Step.send(ProviderReply.chunk($0)) }
    let end = ProviderReply.Step.send(Array("0\r\n\r\n".utf8))
    try withProvider({ request in
      guard request.index > 0 else {
        return .begun(Array(packets[..<2]), then: [.wait(gate)] + rest + [end])
      }
      return switch when {
      case "while it streams": .begun(Array(packets[..<2]), then: [.silence])
      case "before its first token": .begun(Array(packets[..<1]), then: [.open(asked), .silence])
      default: ProviderReply([.open(asked), .silence])
      }
    }) { gateway, provider throws in
      let staying = try begin(gateway)
      #expect(try staying.responseHead().status == 200)
      let leaving = try begin(gateway, streams: when != "before its answer")
      if when == "while it streams" {
        #expect(try leaving.responseHead().status == 200)
      } else {
        asked.wait()
      }
      leaving.hangUp()
      #expect(eventually { provider.hangUpCount == 1 })
      gate.open()
      #expect(
        try remainder(of: staying) == String(decoding: EventStream.chat().bytesWithoutUsage, as: UTF8.self))
      #expect(gateway.ledger(waitingFor: 2).map { $0["status"] } == ["cancelled", "success"])
    }
  }

  @Test("one that takes too long is told of, and the others go on")
  func timeout() throws {
    let packets = EventStream.chat().packets
    let gate = Gate()
    let rest = packets[2...].map { ProviderReply.Step.send(ProviderReply.chunk($0)) }
    let end = ProviderReply.Step.send(Array("0\r\n\r\n".utf8))
    try withProvider({ request in
      request.index == 0
        ? .begun(Array(packets[..<2]), then: [.wait(gate)] + rest + [end]) : ProviderReply([.silence])
    }) { gateway, provider throws in
      let staying = try begin(gateway)
      #expect(try staying.responseHead().status == 200)
      let late = try gateway.generate("What?", #""preferences":{"timeout_ms":300}"#)
      #expect(late.status == 504)
      #expect(eventually { provider.hangUpCount >= 1 })
      gate.open()
      #expect(
        try remainder(of: staying) == String(decoding: EventStream.chat().bytesWithoutUsage, as: UTF8.self))
    }
  }

  @Test("one whose reader stands still does not hold up the others, and loses nothing")
  func slowReader() throws {
    let megabytes = 64
    let stream = EventStream.chat([String(repeating: "a", count: 8_192)])
    let megabyte = (0..<128).flatMap { _ in ProviderReply.chunk(stream.packets[1]) }
    let progress = Progress()
    let parts = (0..<megabytes).flatMap { _ -> [ProviderReply.Step] in
      [.send(megabyte), .note { progress.advance() }]
    }
    let ending = stream.packets[2...].map { ProviderReply.Step.send(ProviderReply.chunk($0)) }
    try withProvider({ request in
      guard request.index == 0 else { return .stream() }
      return .begun(
        Array(stream.packets[..<2]), then: parts + ending + [.send(Array("0\r\n\r\n".utf8))])
    }) { gateway, _ throws in
      let slow = try begin(gateway)
      #expect(try slow.responseHead().status == 200)
      #expect(progress.standsStill())
      #expect(progress.count < megabytes)
      for _ in 0..<3 {
        let (response, isComplete) = try gateway.chatStream()
        #expect(response.body == EventStream.chat().bytesWithoutUsage && isComplete)
      }
      var size = 0
      while let chunk = try slow.nextChunk() { size += chunk.count }
      #expect(size == stream.bytesWithoutUsage.count + megabytes * 128 * stream.packets[1].count)
      #expect(gateway.ledger(waitingFor: 4).map { $0["status"] } == Array(repeating: "success", count: 4))
    }
  }

  @Test("one whose answer is too large is told of")
  func tooLarge() throws {
    try withProvider({ request in request.index == 0 ? .large(megabytes: 50) : .answer() }) {
      gateway, provider throws in
      #expect(try gateway.generate().status == 502)
      #expect(eventually { provider.hangUpCount == 1 })
    }
  }

  @Test("of a crowd of callers some leave, at any moment, and all others have their answers")
  func crowd() throws {
    try withProvider({ $0.json["stream"] == true ? .stream() : .answer() }, sharesOneConnection: false) {
      gateway, _ throws in
      // Every third leaves: some before there is a connection, some with part of an answer.
      let statuses = try onThreads(300, width: 100) { number in
        let client = try begin(gateway, streams: number % 2 == 0)
        guard number % 3 > 0 else {
          if number % 4 == 0 { _ = try client.responseHead() }
          client.hangUp()
          return nil as Int?
        }
        let (response, isComplete) = try client.responseOrPart {}
        return isComplete ? response.status : 0
      }
      #expect(statuses.compactMap { $0 } == Array(repeating: 200, count: 200))
      #expect(try eventually { try gateway.provider("first")["in_flight"] == 0 })
    }
  }
}
