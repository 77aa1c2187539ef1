import Foundation
import Synchronization
import TestSupport
import Testing

/// A provider at its `max_concurrency`, and those that wait for it.
@Suite struct QueueTests {
  /// How many requests a provider has at a time.
  private final class Load: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }
    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { state.withLock { $0.now -= 1 } }
  }

  private func provider(_ load: Load, gate: Gate? = nil) throws -> FaultyProvider {
    let answer = ProviderReply.answer().steps
    return try FaultyProvider { _ in
      let wait: ProviderReply.Step = gate.map { .wait($0) } ?? .note { usleep(5_000) }
      return ProviderReply([.note { load.enter() }, wait, .note { load.leave() }] + answer)
    }
  }

  private func configuration(_ providers: String..., workers: Int = 2) -> String {
    "server: {workers: \(workers)}\nproviders:\n" + providers.joined()
  }

  private func one(_ provider: FaultyProvider, _ more: String...) -> String {
    Configuration.provider("first", provider.url, "max_concurrency: 1")
      + more.map { "    \($0)\n" }.joined()
  }

  /// A caller that has sent its request and waits.
  private func caller(_ gateway: GatewayProcess, _ members: String = "") throws -> RawClient {
    let client = try gateway.connect()
    try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body("What?", members)))
    return client
  }

  private func waitUntil(_ gateway: GatewayProcess, queued: Decimal, inFlight: Decimal = 1) throws {
    let isSo = try eventually {
      let entry = try gateway.provider("first")
      return entry["queued"].number == queued && entry["in_flight"].number == inFlight
    }
    #expect(isSo, "queued \(queued)")
  }

  @Test("callers at once on two loops are answered one after the other, and never two at a time")
  func oneAtATime() throws {
    let load = Load()
    let provider = try provider(load)
    try withGateway(configuration(one(provider))) { gateway throws in
      let answers = try onThreads(60, width: 60) { _ in try gateway.generate().status }
      #expect(answers == Array(repeating: 200, count: 60))
      #expect(load.most == 1)
      #expect(provider.requests.count == 60)
      try waitUntil(gateway, queued: 0, inFlight: 0)
      #expect(gateway.ledger(waitingFor: 60).count == 60)
    }
  }

  @Test("a full queue is 503 with a second to wait", arguments: [0, 2])
  func full(size: Int) throws {
    let gate = Gate()
    let provider = try provider(Load(), gate: gate)
    try withGateway(configuration(one(provider, "max_queue: \(size)"))) { gateway throws in
      var callers = [try caller(gateway)]
      try waitUntil(gateway, queued: 0)
      for count in 1...(size + 1) where count <= size {
        callers.append(try caller(gateway))
        try waitUntil(gateway, queued: Decimal(count))
      }
      let refused = try gateway.generate()
      #expect(refused.status == 503)
      #expect(refused.errorCode == "no_provider_available")
      #expect(refused.header("retry-after") == "1")
      #expect(refused.tries.isEmpty)
      gate.open()
      for caller in callers { #expect(try caller.response().status == 200) }
      #expect(gateway.ledger(waitingFor: size + 2).count == size + 2)
    }
  }

  @Test("nobody waits while another provider can answer, and who has failed with that waits then")
  func passedOver() throws {
    let gate = Gate()
    let provider = try provider(Load(), gate: gate)
    let second = try FaultyProvider([.answer("The second."), .error(500)])
    let configuration = configuration(one(provider), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let first = try caller(gateway)
      try waitUntil(gateway, queued: 0)
      #expect(try gateway.generate().tries == ["second: success"])
      let patient = try caller(gateway)
      try waitUntil(gateway, queued: 1)
      gate.open()
      #expect(try first.response().tries == ["first: success"])
      #expect(try patient.response().tries == ["second: transient", "first: success"])
    }
  }

  @Test("those who hang up leave the queue, and nothing of them stays", arguments: [false, true])
  func hangUps(resets: Bool) throws {
    let gate = Gate()
    let load = Load()
    let provider = try provider(load, gate: gate)
    let configuration = configuration(one(provider)) + "budgets: {per_user_usd: 1}\n"
    try withGateway(configuration) { gateway throws in
      let user = #""user_id":"u""#
      let first = try caller(gateway, user)
      try waitUntil(gateway, queued: 0)
      let leaving = try (0..<8).map { _ in try caller(gateway, user) }
      try waitUntil(gateway, queued: 8)
      let staying = try caller(gateway, user)
      try waitUntil(gateway, queued: 9)
      for client in leaving { client.hangUp(resets: resets) }
      try waitUntil(gateway, queued: 1)
      gate.open()
      #expect(try first.response().status == 200)
      #expect(try staying.response().status == 200)
      try waitUntil(gateway, queued: 0, inFlight: 0)
      #expect(provider.requests.count == 2 && load.most == 1)
      let lines = gateway.ledger(waitingFor: 10)
      #expect(lines.count { $0["status"] == "cancelled" } == 8)
      #expect(lines.count { $0["status"] == "success" } == 2)
      #expect(lines.allSatisfy { $0["status"] != "cancelled" || $0["cost_usd"] == "0" })
      let budgets = try gateway.get("/budgets").json["budgets"].elements
      #expect(budgets.allSatisfy { $0["reserved"] == 0 })
    }
  }

  @Test("the deadline holds in the queue")
  func deadline() throws {
    let gate = Gate()
    let provider = try provider(Load(), gate: gate)
    try withGateway(configuration(one(provider))) { gateway throws in
      let first = try caller(gateway)
      try waitUntil(gateway, queued: 0)
      let late = try gateway.generate("What?", #""preferences":{"timeout_ms":300}"#)
      #expect(late.status == 504)
      #expect(late.errorCode == "timeout")
      try waitUntil(gateway, queued: 0)
      gate.open()
      #expect(try first.response().status == 200)
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test("when the provider's breaker opens meanwhile, those who wait are told")
  func breaker() throws {
    let gate = Gate()
    let provider = try FaultyProvider(always: ProviderReply.error(401).held(by: gate))
    try withGateway(configuration(one(provider))) { gateway throws in
      let callers = try (0..<4).map { _ in try caller(gateway) }
      try waitUntil(gateway, queued: 3)
      gate.open()
      let statuses = try callers.map { try $0.response().status }
      #expect(statuses.sorted() == [502, 503, 503, 503])
      #expect(provider.requests.count == 1)
      try waitUntil(gateway, queued: 0, inFlight: 0)
    }
  }

  @Test("a stream keeps its place to its end")
  func stream() throws {
    let gate = Gate()
    let stream = EventStream.chat()
    let rest = ProviderReply.chunk(Array(stream.packets.dropFirst(2).joined()))
    let provider = try FaultyProvider([
      .begun(Array(stream.packets.prefix(2)), then: [.wait(gate), .send(rest + Array("0\r\n\r\n".utf8))]),
      .answer(),
    ])
    try withGateway(configuration(one(provider))) { gateway throws in
      let first = try gateway.connect()
      try first.send(
        GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody()))
      try waitUntil(gateway, queued: 0)
      let second = try caller(gateway)
      try waitUntil(gateway, queued: 1)
      gate.open()
      #expect(try first.responseOrPart().isComplete)
      #expect(try second.response().status == 200)
    }
  }
}
