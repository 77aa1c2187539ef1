import Foundation
import TestSupport
import Testing

/// A wait that a provider names: kept where it fits, and told to the caller where it is all there is.
@Suite struct RetryTests {
  @Test("a named wait that fits the deadline is kept in full before the retry", arguments: [429, 503])
  func obeyed(status: Int) throws {
    let first = try FaultyProvider([.error(status, fields: ["Retry-After: 1"]), .answer()])
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url, "retries: 1"), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      let word = status == 429 ? "rate_limited" : "transient"
      #expect(response.tries == ["first: \(word)", "first: success"])
      #expect(try #require(response.json["latency"].number) >= 1)
      #expect(second.requests.isEmpty)
    }
  }

  @Test("one that does not fit the deadline is not waited for: the next provider is asked at once")
  func doesNotFit() throws {
    let first = try FaultyProvider(always: .error(503, fields: ["Retry-After: 30"]))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url, "retries: 3"), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate("What?", #""preferences":{"timeout_ms":20000}"#)
      #expect(response.tries == ["first: transient", "second: success"])
      #expect(try #require(response.json["latency"].number) < 20)
    }
  }

  @Test("when all are rate limited the caller is told the shortest wait")
  func passedOn() throws {
    let first = try FaultyProvider(always: .error(429, fields: ["Retry-After: 90"]))
    let second = try FaultyProvider(always: .error(429, fields: ["Retry-After: 40"]))
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 429)
      #expect(response.header("retry-after") == "40")
      #expect(response.header("x-should-retry") == "false")
    }
  }

  @Test("a wait that says nothing about all of them is not the caller's")
  func notPassedOn() throws {
    let first = try FaultyProvider(always: .error(429, fields: ["Retry-After: 90"]))
    let second = try FaultyProvider(always: .error(500))
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 502)
      #expect(response.header("retry-after") == nil)
    }
  }
}
