import Foundation
import TestSupport
import Testing

/// What a gateway that was killed still knows when it is started again in the same folder.
@Suite struct RestartTests {
  /// Kills the gateway once its health file says all `words`.
  private func kill(_ gateway: GatewayProcess, whenHealthSays words: String...) throws {
    #expect(
      eventually {
        let text = gateway.folder.read("logs/usage.log.health") ?? ""
        return words.allSatisfy { text.contains($0) }
      })
    gateway.signal(SIGKILL)
    #expect(try gateway.waitForEnd() == .signal(SIGKILL))
  }

  private func audit(_ folder: TemporaryFolder) throws {
    let process = try ChildProcess(
      [GatewayProcess.program, "audit", "--config", "\(folder.path)/providers.yaml"],
      environment: ["PROVIDER_KEY": GatewayProcess.providerKey])
    let ending = try process.waitForEnd()
    #expect(ending == .exit(0), "\(process.output)")
  }

  @Test("after kill -9 an open breaker is still open, for what is left of its wait")
  func breaker() throws {
    let provider = try FaultyProvider(always: .error(500))
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "breaker: {cooldown: 30m, max_cooldown: 1h}")
    let folder = try TemporaryFolder()
    let first = try GatewayProcess(configuration, in: folder)
    for _ in 1...3 { #expect(try first.generate().status == 502) }
    let before = try first.provider("first")
    #expect(before["circuit_status"] == "OPEN")
    try kill(first, whenHealthSays: #""circuit_status":"OPEN""#, #""failures":3"#)

    let second = try GatewayProcess(configuration, in: folder)
    let after = try second.provider("first")
    #expect(after["circuit_status"] == "OPEN")
    #expect(after["circuit_reason"] == before["circuit_reason"])
    let wait = try difference(after["retry_at"], before["retry_at"])
    #expect(abs(wait) < 1)
    #expect(after["penalized"] == true)
    #expect(after["requests"] == 3)
    #expect(after["success_rate"] == 0)
    let refused = try second.generate()
    #expect(refused.status == 503)
    let seconds = try #require(refused.header("retry-after").flatMap { Int($0) })
    #expect((1_000...1_800).contains(seconds))
    #expect(provider.requests.count == 3)
    try audit(folder)
  }

  @Test("after kill -9 a wait that has run out meanwhile gives the provider a trial")
  func waitIsOver() throws {
    let provider = try FaultyProvider([.error(401), .answer()])
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "breaker: {cooldown: 1ms}")
    let folder = try TemporaryFolder()
    let first = try GatewayProcess(configuration, in: folder)
    #expect(try first.generate().status == 502)
    try kill(first, whenHealthSays: #""circuit_reason":"auth""#)
    let second = try GatewayProcess(configuration, in: folder)
    #expect(try second.provider("first")["circuit_status"] == "HALF_OPEN")
    #expect(try second.generate().status == 200)
    #expect(try second.provider("first")["circuit_status"] == "CLOSED")
  }

  @Test("after kill -9 a provider that asked to be left alone still is, and so is a model that rests")
  func holdsAndCooldowns() throws {
    let held = try FaultyProvider(always: .error(429, fields: ["Retry-After: 1000"]))
    let cooled = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("held", held.url), Configuration.provider("cooled", cooled.url),
      sections: "cooldown: {tokens: 1, window: 60s, duration: 20m}")
    let folder = try TemporaryFolder()
    let first = try GatewayProcess(configuration, in: folder)
    #expect(try first.generate().status == 200)
    let before = try [first.provider("held"), first.provider("cooled")]
    try kill(first, whenHealthSays: #""cooling_until":"2"#)
    let second = try GatewayProcess(configuration, in: folder)
    let after = try [second.provider("held"), second.provider("cooled")]
    for (before, after) in zip(before, after) {
      #expect(abs(try difference(after["cooling_until"], before["cooling_until"])) < 1)
    }
    #expect(try second.generate().status == 503)
    #expect(held.requests.count == 1 && cooled.requests.count == 1)
  }

  @Test("after kill -9 limits and windows go on from the ledger's last hour")
  func windows() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(Configuration.provider("first", provider.url, "rate_limit_rpm: 4"))
    let folder = try TemporaryFolder()
    let first = try GatewayProcess(configuration, in: folder)
    for _ in 1...4 { #expect(try first.generate().status == 200) }
    let before = try first.provider("first")
    try kill(first, whenHealthSays: #""successes":4"#)
    // Also without what was kept beside the ledger.
    for isKept in [true, false] {
      if !isKept { try FileManager.default.removeItem(atPath: "\(folder.path)/logs/usage.log.health") }
      let second = try GatewayProcess(configuration, in: folder)
      let after = try second.provider("first")
      for key in ["requests_last_minute", "tokens_last_minute", "tokens_last_hour"] {
        #expect(after[key] == before[key])
      }
      #expect(try second.generate().status == 429)
      second.signal(SIGKILL)
      _ = try second.waitForEnd()
    }
  }

  @Test("a reset outlives a restart, and the audit knows its line", arguments: ["breakers", "all"])
  func reset(scope: String) throws {
    let provider = try FaultyProvider(always: .error(500))
    let configuration = Configuration.of(Configuration.provider("first", provider.url))
    let folder = try TemporaryFolder()
    let first = try GatewayProcess(configuration, in: folder)
    for _ in 1...3 { #expect(try first.generate().status == 502) }
    #expect(try first.send("POST", "/reset", #"{"scope":"\#(scope)"}"#).status == 200)
    try kill(first, whenHealthSays: #""circuit_status":"CLOSED""#)
    try audit(folder)
    let second = try GatewayProcess(configuration, in: folder)
    #expect(try second.provider("first")["circuit_status"] == "CLOSED")
    #expect(try second.get("/stats").json["total_requests"] == (scope == "all" ? 0 : 3))
  }

  @Test(
    "a damaged health file is told of and does not keep the gateway from starting",
    arguments: ["", "{", "[]", #"{"providers":{"first":{"circuit_status":"OPEN"}}}"#])
  func damaged(text: String) throws {
    let gateway = try GatewayProcess(
      "providers:\n  - {name: first, kind: mock, free: true, reply: Hello}\n",
      files: ["logs/usage.log.health": text])
    #expect(eventually { gateway.errors.contains("usage.log.health is damaged") })
    #expect(try gateway.generate().status == 200)
  }

  private func difference(_ later: JSONValue, _ earlier: JSONValue) throws -> TimeInterval {
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let dates = try [later, earlier].map { try format.parse(try #require($0.string)) }
    return dates[0].timeIntervalSince(dates[1])
  }
}
