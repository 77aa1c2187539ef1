import Foundation
import TestSupport
import Testing

/// One provider fails, the next one answers.
@Suite struct FallbackTests {
  @Test("the next provider answers for one that fails", arguments: Fault.all)
  func fallback(fault: Fault) throws {
    let first = try FaultyProvider(always: fault.reply)
    let second = try FaultyProvider(always: .answer("The second."))
    let configuration =
      Configuration.of() + Configuration.provider("first", first.url)
      + fault.keys.map { "    \($0)\n" }.joined()
      + Configuration.provider("second", second.url)
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 200)
      #expect(response.json["provider"] == "second")
      #expect(response.json["response"] == "The second.")
      #expect(response.tries == ["first: \(fault.outcome)", "second: success"])
      #expect(response.header("x-tollgate-attempts") == "2")
      // A kept connection that ends may be tried once more on a new one; this one was new.
      #expect(first.requests.count == 1)
      #expect(second.requests.count == 1)

      let lines = gateway.ledger()
      #expect(lines.count == 1)
      #expect(lines[0]["status"] == "success")
      #expect(lines[0]["provider"] == "second")
      #expect(lines[0]["attempts"] == 2)
      #expect(lines[0]["fallbacks"] == ["first"])
      #expect(lines[0]["cost_usd"].amount == response.json["cost"].amount)
    }
  }

  @Test("when nobody answers it is 502 with every attempt", arguments: Fault.all)
  func nobody(fault: Fault) throws {
    let provider = try FaultyProvider(always: fault.reply)
    let keys = fault.keys.map { "    \($0)\n" }.joined()
    let configuration =
      Configuration.of() + Configuration.provider("first", provider.url) + keys
      + Configuration.provider("second", provider.url) + keys
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.tries == ["first: \(fault.outcome)", "second: \(fault.outcome)"])
      #expect(response.header("x-should-retry") == "false")
      #expect(response.json["status"] == "error")
      #expect(response.json["error"]["request_id"].string == response.header("x-request-id"))
      switch fault.outcome {
      case "rate_limited":
        #expect(response.status == 429)
        #expect(response.json["error"]["type"] == "rate_limit_error")
        #expect(response.errorCode == "rate_limit_exceeded")
        #expect(response.header("retry-after") == (fault.name.contains("Retry-After") ? "7" : "1"))
      case "model_not_found":
        #expect(response.status == 404)
        #expect(response.errorCode == "model_not_found")
      default:
        #expect(response.status == 502)
        #expect(response.json["error"]["type"] == "server_error")
        #expect(response.errorCode == "all_providers_failed")
      }
      let lines = gateway.ledger()
      #expect(lines.count == 1)
      #expect(lines[0]["status"] == "error")
      #expect(lines[0]["http_status"].number == Decimal(response.status))
      #expect(lines[0]["attempts"] == 2)
      #expect(try gateway.get("/stats").json["total_failures"] == 1)
    }
  }

  @Test("a provider at whose port nobody listens is passed by")
  func refusedConnection() throws {
    let port = try UnusedPort()
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", "http://127.0.0.1:\(port.number)/v1"),
      Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().tries == ["first: transient", "second: success"])
      withExtendedLifetime(port) {}
    }
  }

  @Test("a provider whose name nobody knows is passed by")
  func unknownHost() throws {
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", "http://no-such-host.invalid/v1"),
      Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().tries == ["first: transient", "second: success"])
    }
  }

  @Test("https to a server without TLS is passed by")
  func noTLS() throws {
    let first = try FaultyProvider(always: .answer())
    let second = try FaultyProvider(always: .garbage("what?"))
    let third = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", "https://127.0.0.1:\(first.port)/v1", "timeout: 500ms"),
      Configuration.provider("second", "https://127.0.0.1:\(second.port)/v1", "timeout: 500ms"),
      Configuration.provider("third", third.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["provider"] == "third")
      #expect(response.tries.count == 3)
      #expect(first.requests.isEmpty && second.requests.isEmpty)
    }
  }

  @Test("a certificate that nobody vouches for is refused", .enabled(if: TLSServer.isAvailable))
  func selfSignedCertificate() throws {
    let first = try TLSServer()
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", "https://localhost:\(first.port)/v1"),
      Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().tries == ["first: transient", "second: success"])
      #expect(!first.received.contains("POST"))
    }
  }

  @Test("what a failed attempt used is in the bill")
  func costOfFailure() throws {
    let first = try FaultyProvider(always: .answer(""))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["cost"].amount == Decimal(string: "0.0000474"))
      #expect(gateway.ledger()[0]["cost_usd"] == "0.0000474")
      #expect(gateway.ledger()[0]["total_tokens"] == 30)
    }
  }

  @Test("a provider is tried again as often as its entry says, before the next one", arguments: [1, 2])
  func retries(count: Int) throws {
    let first = try FaultyProvider(always: .error(500))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url, "retries: \(count)"),
      Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      let failures = [String](repeating: "first: transient", count: count + 1)
      #expect(response.tries == failures + ["second: success"])
      #expect(first.requests.count == count + 1)
      #expect(gateway.ledger()[0]["fallbacks"] == ["first"])
    }
  }
}
