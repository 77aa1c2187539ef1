import Foundation
import TestSupport
import Testing

/// A provider refuses the request itself.
@Suite struct CallersFaultTests {
  @Test(
    "a refusal goes back as 400 with the provider's words, to nobody else, and counts for no breaker",
    arguments: [400, 413, 422])
  func refusal(status: Int) throws {
    let first = try FaultyProvider(
      always: .error(status, message: "temperature is too hot", type: "invalid_request_error"))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      for round in 1...5 {
        let response = try gateway.generate()
        #expect(response.status == 400)
        #expect(response.json["error"]["type"] == "invalid_request_error")
        #expect(response.errorMessage.contains("temperature is too hot"))
        #expect(response.tries == ["first: invalid_request"])
        #expect(first.requests.count == round)
      }
      #expect(second.requests.isEmpty)
      #expect(try gateway.provider("first")["circuit_status"] == "CLOSED")
      #expect(gateway.ledger().map { $0["http_status"] } == [400, 400, 400, 400, 400])
    }
  }

  @Test("a refusal for the content's sake is the caller's too")
  func contentPolicy() throws {
    let first = try FaultyProvider(
      always: .error(403, message: "not nice", type: "x", code: "content_policy_violation"))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 400)
      #expect(response.errorMessage.contains("not nice"))
      #expect(second.requests.isEmpty)
    }
  }

  @Test("a key that a provider repeats in its words is blotted out", arguments: [400, 401, 500])
  func repeatedKey(status: Int) throws {
    let first = try FaultyProvider(
      always: .error(
        status, message: "bad key \(GatewayProcess.providerKey) or request", type: "invalid_request_error"))
    // withGateway looks for it.
    try withGateway(Configuration.of(Configuration.provider("first", first.url))) { gateway throws in
      #expect(try gateway.generate().status == (status == 400 ? 400 : 502))
    }
  }

  @Test("a request that is too long for one goes to those with a larger window only")
  func contextLength() throws {
    let small = try FaultyProvider(
      always: .error(400, message: "too long", type: "x", code: "context_length_exceeded"))
    let other = try FaultyProvider(always: .answer())
    let large = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("small", small.url, "context_window: 8000"),
      Configuration.provider("same", other.url, "context_window: 8000"),
      Configuration.provider("large", large.url, "context_window: 16000"))
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.generate().tries == ["small: context_too_long", "large: success"])
      #expect(other.requests.isEmpty)
      #expect(try gateway.provider("small")["circuit_status"] == "CLOSED")
    }
  }

  @Test("a request that is too long for all is the caller's to mend")
  func contextLengthOfAll() throws {
    let small = try FaultyProvider(
      always: .error(400, message: "max is 8000 tokens", type: "x", code: "context_length_exceeded"))
    try withGateway(Configuration.of(Configuration.provider("small", small.url))) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 400)
      #expect(response.errorCode == "context_length_exceeded")
      #expect(response.errorMessage.contains("max is 8000 tokens"))
    }
  }
}
