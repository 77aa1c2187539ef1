import Foundation
import TestSupport
import Testing

/// The breaker as callers meet it.
@Suite struct BreakerTests {
  private static let breaker = "breaker: {failure_threshold: 3, cooldown: 300ms}"

  @Test("three failures in a row open the breaker, and no call reaches the provider")
  func opens() throws {
    let first = try FaultyProvider(always: .error(500))
    let second = try FaultyProvider(always: .answer())
    // The penalty leaves failures in a row to the breaker, so the failing one stays in front until then.
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let tries = try (1...5).map { _ in try gateway.generate().tries }
      let both = ["first: transient", "second: success"]
      #expect(tries == [both, both, both, ["second: success"], ["second: success"]])
      #expect(first.requests.count == 3)
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "OPEN")
      #expect(entry["circuit_reason"] == "transient")
      #expect(entry["retry_at"].string?.hasSuffix("Z") == true)
      #expect(try gateway.provider("second")["circuit_status"] == "CLOSED")
    }
  }

  @Test("a blip moves traffic for the breaker's wait, and not for the penalty's window")
  func blip() throws {
    // Good, then three failures, then good again.
    let first = try FaultyProvider { (1...3).contains($0.index) ? .error(500) : .answer() }
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url),
      sections: Self.breaker)
    try withGateway(configuration) { gateway throws in
      let tries = try (1...4).map { _ in try gateway.generate().tries }
      let both = ["first: transient", "second: success"]
      #expect(tries == [["first: success"], both, both, both])
      #expect(try eventually { try gateway.provider("first")["circuit_status"] == "HALF_OPEN" })
      #expect(try gateway.provider("first")["penalized"] == false)
      #expect(try gateway.generate().tries == ["first: success"])
      #expect(try gateway.generate().tries == ["first: success"])
    }
  }

  @Test("one that fails now and then goes behind, though its breaker never opens")
  func penalty() throws {
    let first = try FaultyProvider { $0.index % 2 == 1 ? .error(500) : .answer() }
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let tries = try (1...5).map { _ in try gateway.generate().tries }
      let both = ["first: transient", "second: success"]
      let (first, second) = (["first: success"], ["second: success"])
      #expect(tries == [first, both, first, second, second])
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["penalized"] == true)
    }
  }

  @Test("the only provider's open breaker is 503 with the time to wait")
  func nothingToTry() throws {
    let first = try FaultyProvider(always: .error(500))
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      let statuses = try (1...3).map { _ in try gateway.generate().status }
      #expect(statuses == [502, 502, 502])
      let response = try gateway.generate()
      #expect(response.status == 503)
      #expect(response.json["error"]["type"] == "service_unavailable_error")
      #expect(response.errorCode == "no_provider_available")
      let seconds = try #require(response.header("retry-after").flatMap { Int($0) })
      #expect((1...60).contains(seconds))
      #expect(first.requests.count == 3)
      #expect(gateway.ledger().count == 4)
      #expect(try gateway.get("/health").json["status"] == "degraded")
      #expect(try gateway.get("/health/ready").status == 503)
      #expect(try gateway.get("/health/live").status == 200)
    }
  }

  @Test("after the wait one trial's success closes the breaker")
  func closes() throws {
    let first = try FaultyProvider([.error(500), .error(500), .error(500), .answer()])
    let configuration = Configuration.of(Configuration.provider("first", first.url), sections: Self.breaker)
    try withGateway(configuration) { gateway throws in
      for _ in 1...3 { _ = try gateway.generate() }
      let isHalfOpen = try eventually { try gateway.provider("first")["circuit_status"] == "HALF_OPEN" }
      #expect(isHalfOpen)
      #expect(try gateway.generate().status == 200)
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["circuit_reason"] == nil)
      #expect(entry["retry_at"] == nil)
    }
  }

  @Test("after the wait one trial's failure opens the breaker again")
  func reopens() throws {
    let first = try FaultyProvider(always: .error(500))
    // Long enough that a busy machine does not see the second wait's end.
    let sections = "breaker: {failure_threshold: 3, cooldown: 300ms, max_cooldown: 1h}"
    let configuration = Configuration.of(Configuration.provider("first", first.url), sections: sections)
    try withGateway(configuration) { gateway throws in
      for _ in 1...3 { _ = try gateway.generate() }
      let isHalfOpen = try eventually { try gateway.provider("first")["circuit_status"] == "HALF_OPEN" }
      #expect(isHalfOpen)
      #expect(try gateway.generate().status == 502)
      #expect(try gateway.generate().status == 503)
      #expect(first.requests.count == 4)
    }
  }

  @Test("a half-open breaker lets one request at a time through")
  func oneTrial() throws {
    let gate = Gate()
    let first = try FaultyProvider([
      .error(500), .error(500), .error(500), ProviderReply.answer().held(by: gate),
    ])
    let configuration = Configuration.of(Configuration.provider("first", first.url), sections: Self.breaker)
    try withGateway(configuration) { gateway throws in
      for _ in 1...3 { _ = try gateway.generate() }
      let isHalfOpen = try eventually { try gateway.provider("first")["circuit_status"] == "HALF_OPEN" }
      #expect(isHalfOpen)
      let trial = try gateway.connect()
      try trial.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { first.requests.count == 4 })
      let others = try (1...3).map { _ in try gateway.generate().status }
      #expect(others == [503, 503, 503])
      gate.open()
      #expect(try trial.response().status == 200)
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test("a wrong key opens the breaker at once", arguments: [401, 403])
  func credential(status: Int) throws {
    let first = try FaultyProvider(always: .error(status))
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      #expect(try gateway.generate().status == 502)
      #expect(try gateway.generate().status == 503)
      #expect(first.requests.count == 1)
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "OPEN")
      #expect(entry["circuit_reason"] == "auth")
    }
  }

  @Test("429 with Retry-After sets the provider aside and counts as no failure")
  func rateLimited() throws {
    let first = try FaultyProvider(always: .error(429, fields: ["Retry-After: 1000"]))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let tries = try (1...3).map { _ in try gateway.generate().tries }
      #expect(
        tries == [["first: rate_limited", "second: success"], ["second: success"], ["second: success"]])
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["cooling_until"] != nil)
      #expect(entry["penalized"] == false)
    }
  }

  @Test("while all are set aside by Retry-After, callers are told 429 and the time to wait")
  func allRateLimited() throws {
    let first = try FaultyProvider(always: .error(429, fields: ["Retry-After: 1000"]))
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      let answers = try (1...2).map { _ in try gateway.generate() }
      #expect(answers.map(\.status) == [429, 429])
      #expect(first.requests.count == 1)
      #expect(answers[0].header("retry-after") == "1000")
      let seconds = try #require(answers[1].header("retry-after").flatMap { Int($0) })
      #expect((900...1_000).contains(seconds))
    }
  }

  @Test("a success in between starts the count anew")
  func success() throws {
    let first = try FaultyProvider { request in request.index % 3 == 2 ? .answer() : .error(500) }
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      let statuses = try (1...6).map { _ in try gateway.generate().status }
      #expect(statuses == [502, 502, 200, 502, 502, 200])
      #expect(try gateway.provider("first")["circuit_status"] == "CLOSED")
    }
  }

  @Test("callers that hang up never count")
  func hangUps() throws {
    let first = try FaultyProvider(always: .silence)
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      for count in 1...5 {
        let client = try gateway.connect()
        try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
        #expect(eventually { first.requests.count == count })
        client.hangUp(resets: count % 2 == 0)
        #expect(gateway.ledger(waitingFor: count).count == count)
      }
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["in_flight"] == 0)
    }
  }
}
