import Foundation
import TestSupport
import Testing

/// Signals, and changes of the file while the gateway runs.
@Suite struct LifecycleTests {
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"

  /// Whether a new connection is refused, or ended without an answer.
  private func isClosed(_ gateway: GatewayProcess) -> Bool {
    (try? gateway.get("/health/live")) == nil
  }

  @Test(
    "a stop lets what runs finish, takes no new connection, and ends with 0", arguments: [SIGTERM, SIGINT])
  func drain(signal: Int32) throws {
    let gate = Gate()
    let provider = try FaultyProvider(always: ProviderReply.answer().held(by: gate))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let running = try gateway.connect()
      try running.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      let idle = try gateway.connect()
      try idle.send(GatewayProcess.message("GET", "/health/live"))
      #expect(try idle.response().status == 200)

      gateway.signal(signal)
      #expect(eventually { isClosed(gateway) })
      #expect(idle.isEndedByServer())
      #expect(gateway.isRunning)
      gate.open()
      let response = try running.response()
      #expect(response.status == 200)
      #expect(response.header("connection") == "close")
      #expect(try gateway.waitForEnd() == .exit(0))
      #expect(gateway.ledger().map { $0["status"] } == ["success"])
      #expect(gateway.ledger().first?["id"] == response.json["id"])
    }
  }

  @Test("a stop waits no longer than drain_timeout")
  func drainTimeout() throws {
    let provider = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "server: {drain_timeout: 300ms}")
    try withGateway(configuration) { gateway throws in
      let running = try gateway.connect()
      try running.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      gateway.signal(SIGTERM)
      #expect(try gateway.waitForEnd() == .exit(0))
    }
  }

  @Test("a second signal does not wait")
  func secondSignal() throws {
    let provider = try FaultyProvider(always: .silence)
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let running = try gateway.connect()
      try running.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      gateway.signal(SIGTERM)
      #expect(eventually { gateway.errors.contains("finishing") })
      gateway.signal(SIGTERM)
      #expect(try gateway.waitForEnd() == .exit(1))
    }
  }

  @Test("a changed file is in force, by a signal or by itself", arguments: [true, false])
  func reload(bySignal: Bool) throws {
    let provider = try FaultyProvider(always: .answer())
    let before = Configuration.of(Configuration.provider("first", provider.url))
    try withGateway(before) { gateway throws in
      #expect(try gateway.generate().json["cost"].amount == Decimal(string: "0.0000237"))
      try gateway.configure(before.replacingOccurrences(of: "2.30", with: "4.60"))
      if bySignal { gateway.signal(SIGHUP) }
      #expect(eventually { gateway.errors.contains("read anew") })
      #expect(try gateway.generate().json["cost"].amount == Decimal(string: "0.0000375"))
      #expect(gateway.ledger().map { $0["cost_usd"] } == ["0.0000237", "0.0000375"])
      // The address did not change, so the connections were kept, on each of the loops.
      #expect(provider.connectionCount <= 2)
    }
  }

  @Test("a changed file with errors changes nothing, and the errors are told")
  func wrongReload() throws {
    try withGateway(Self.mock) { gateway throws in
      try gateway.configure(Self.mock + "serverr: {port: 1}\n")
      gateway.signal(SIGHUP)
      #expect(eventually { gateway.errors.contains("the configuration in force stays") })
      #expect(eventually { gateway.errors.contains("serverr") })
      #expect(try gateway.generate().json["response"] == "Hello")
      try gateway.configure(Self.mock.replacingOccurrences(of: "Hello", with: "Hi"))
      gateway.signal(SIGHUP)
      #expect(eventually { gateway.errors.contains("read anew") })
      #expect(try gateway.generate().json["response"] == "Hi")
    }
  }

  @Test("a provider's breaker does not forget at a reload, and a provider that is gone is gone")
  func healthAcrossReload() throws {
    let first = try FaultyProvider(always: .error(500))
    let before = Configuration.of(Configuration.provider("first", first.url))
    try withGateway(before + "  - {name: mock, kind: mock, free: true}\n") { gateway throws in
      _ = try (1...3).map { _ in try gateway.generate("a", #""model":"first""#) }
      #expect(try gateway.provider("first")["circuit_status"] == "OPEN")
      try gateway.configure(before)
      gateway.signal(SIGHUP)
      #expect(eventually { gateway.errors.contains("read anew") })
      #expect(try gateway.provider("first")["circuit_status"] == "OPEN")
      #expect(try gateway.provider("mock") == nil)
      #expect(try gateway.generate().status == 503)
      #expect(first.requests.count == 3)
    }
  }

  @Test("a request ends with the configuration that it began with")
  func requestAcrossReload() throws {
    let gate = Gate()
    let provider = try FaultyProvider(always: ProviderReply.answer().held(by: gate))
    let before = Configuration.of(Configuration.provider("first", provider.url))
    try withGateway(before) { gateway throws in
      let running = try gateway.connect()
      try running.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      try gateway.configure(Self.mock)
      gateway.signal(SIGHUP)
      #expect(eventually { gateway.errors.contains("read anew") })
      #expect(try gateway.generate().json["provider"] == "mock")
      gate.open()
      #expect(try running.response().json["provider"] == "first")
    }
  }

  @Test("after a rename and SIGHUP the ledger goes on in a new file, and nothing is lost")
  func reopen() throws {
    try withGateway(Self.mock) { gateway throws in
      let logs = "\(gateway.folder.path)/logs"
      let first = try gateway.generate().json["id"]
      try FileManager.default.moveItem(atPath: "\(logs)/usage.log", toPath: "\(logs)/usage.1.log")
      let second = try gateway.generate().json["id"]
      #expect(gateway.ledger("logs/usage.1.log").map { $0["id"] } == [first, second])
      gateway.signal(SIGHUP)
      #expect(eventually { gateway.folder.read("logs/usage.log") != nil })
      let third = try gateway.generate().json["id"]
      #expect(gateway.ledger().map { $0["id"] } == [third])
      #expect(gateway.ledger("logs/usage.1.log").count == 2)
    }
  }
}
