import Foundation
import TestSupport
import Testing

/// Deadlines, and callers that do not wait for them.
@Suite struct DeadlineTests {
  @Test("a request's own deadline is 504, and ends the call", arguments: ["silence", "drip"])
  func deadline(fault: String) throws {
    let provider = try FaultyProvider(always: fault == "drip" ? .drippingHead : .silence)
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate("What?", #""preferences":{"timeout_ms":400}"#)
      #expect(response.status == 504)
      #expect(response.json["error"]["type"] == "server_error")
      #expect(response.errorCode == "timeout")
      #expect(response.errorMessage.contains("400 ms"))
      #expect(response.tries == ["first: timeout"])
      #expect(eventually { provider.hangUpCount == 1 })
      #expect(gateway.ledger()[0]["http_status"] == 504)
    }
  }

  @Test("the file's deadline holds where the request has none")
  func deadlineOfFile() throws {
    let provider = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "routing: {timeout: 400ms}")
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().status == 504)
    }
  }

  @Test("the deadline covers all providers together")
  func deadlineOfAll() throws {
    let provider = try FaultyProvider(always: .silence)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url, "timeout: 300ms"),
      Configuration.provider("second", provider.url, "timeout: 1h"),
      Configuration.provider("third", provider.url, "timeout: 1h"))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate("What?", #""preferences":{"timeout_ms":1500}"#)
      #expect(response.status == 504)
      #expect(response.tries == ["first: timeout", "second: timeout"])
    }
  }

  @Test("callers that wait too short take a provider away from nobody")
  func tooShort() throws {
    let provider = try FaultyProvider { $0.json["messages"][0]["content"] == "Quick!" ? .silence : .answer() }
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      for _ in 1...3 {
        #expect(try gateway.generate("Quick!", #""preferences":{"timeout_ms":20}"#).status == 504)
      }
      let after = try gateway.provider("first")
      #expect(after["circuit_status"] == "CLOSED" && after["penalized"] == false)
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test("a provider that is silent for longer than it takes as a rule has failed, whoever's deadline it is")
  func longEnough() throws {
    let provider = try FaultyProvider { $0.index == 0 ? .answer() : .silence }
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      #expect(try gateway.generate().status == 200)
      for _ in 1...3 {
        #expect(try gateway.generate("What?", #""preferences":{"timeout_ms":1500}"#).status == 504)
      }
      let after = try gateway.provider("first")
      #expect(after["circuit_status"] == "OPEN" && after["circuit_reason"] == "timeout")
    }
  }

  @Test("a stream that the caller's own deadline ends in the middle is no failure of its provider")
  func streamEndsLate() throws {
    let packets = Array(EventStream.chat().packets[..<2])
    let provider = try FaultyProvider(always: .begun(packets, then: [.silence]))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      for _ in 1...3 {
        let client = try gateway.connect()
        let body = GatewayProcess.body("What?", #""stream":true,"preferences":{"timeout_ms":1000}"#)
        try client.send(GatewayProcess.message("POST", "/generate", body))
        let (response, isComplete) = try client.responseOrPart {}
        #expect(response.status == 200 && !isComplete && !response.hasDone)
      }
      #expect(gateway.ledger(waitingFor: 3).map { $0["status"] } == ["partial", "partial", "partial"])
      let after = try gateway.provider("first")
      #expect(after["circuit_status"] == "CLOSED" && after["penalized"] == false)
    }
  }

  @Test("retries end with the deadline")
  func retries() throws {
    let provider = try FaultyProvider(always: .error(429, fields: ["Retry-After: 3600"]))
    let configuration = Configuration.of(Configuration.provider("first", provider.url, "retries: 5"))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate("What?", #""preferences":{"timeout_ms":5000}"#)
      #expect(response.status == 429)
      #expect(response.tries == ["first: rate_limited"])
    }
  }

  @Test(
    "when the caller hangs up the provider's call is ended and what was used is charged",
    arguments: [false, true])
  func hangUp(resets: Bool) throws {
    let provider = try FaultyProvider { $0.index == 0 ? .silence : .answer() }
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      client.hangUp(resets: resets)
      #expect(eventually { provider.hangUpCount == 1 })
      let line = try #require(gateway.ledger(waitingFor: 1).first)
      #expect(line["status"] == "cancelled")
      #expect(line["provider"] == "first")
      #expect(try #require(line["cost_usd"].amount) > 0)
      #expect(try gateway.generate().status == 200)
      #expect(try gateway.provider("first")["in_flight"] == 0)
      #expect(gateway.ledger().count == 2)
    }
  }

  @Test("a caller that hangs up in the middle of an answer's body ends the call too")
  func hangUpInBody() throws {
    let provider = try FaultyProvider(always: .silenceInBody)
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { provider.requests.count == 1 })
      client.hangUp()
      #expect(eventually { provider.hangUpCount == 1 })
      #expect(gateway.ledger(waitingFor: 1).map { $0["status"] } == ["cancelled"])
    }
  }

  @Test("a caller that hangs up during the wait before a retry is not retried for")
  func hangUpBeforeRetry() throws {
    let provider = try FaultyProvider(always: .error(429, fields: ["Retry-After: 20"]))
    let configuration = Configuration.of(Configuration.provider("first", provider.url, "retries: 5"))
    try withGateway(configuration) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      // The attempt has ended once it is no longer in flight.
      let hasFailed = try eventually {
        guard provider.requests.count == 1 else { return false }
        return try gateway.provider("first")["in_flight"] == 0
      }
      #expect(hasFailed)
      client.hangUp()
      #expect(gateway.ledger(waitingFor: 1).map { $0["status"] } == ["cancelled"])
      #expect(provider.requests.count == 1)
    }
  }
}
