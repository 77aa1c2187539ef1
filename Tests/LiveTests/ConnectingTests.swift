import TestSupport
import Testing

/// Providers that take for ever to connect to.
@Suite struct ConnectingTests {
  @Test("a deadline that passes while the provider is connected to is 504", arguments: ["http", "https"])
  func deadline(scheme: String) throws {
    let listener = try FullListener()
    let configuration = Configuration.of(
      Configuration.provider("first", "\(scheme)://127.0.0.1:\(listener.port)/v1"))
    try withGateway(configuration) { gateway throws in
      for milliseconds in [50, 100, 150] {
        let response = try gateway.generate("What?", #""preferences":{"timeout_ms":\#(milliseconds)}"#)
        #expect(response.status == 504, "\(response.text)")
      }
    }
    withExtendedLifetime(listener) {}
  }

  @Test("callers of a provider that nobody gets through to hold up no others", arguments: ["http", "https"])
  func unreachable(scheme: String) throws {
    let listener = try FullListener()
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider(
        "first", "\(scheme)://127.0.0.1:\(listener.port)/v1", "timeout: 1h"),
      Configuration.provider("second", provider.url),
      sections: "server: {workers: 1}\nrouting: {timeout: 1h}")
    try withGateway(configuration) { gateway throws in
      // One after the other, or some at a time, would take the others longer than anybody waits.
      let waiting = try (0..<250).map { _ in
        let client = try gateway.connect()
        let body = GatewayProcess.body("What?", #""model":"first""#)
        try client.send(GatewayProcess.message("POST", "/generate", body))
        return client
      }
      #expect(try eventually { try gateway.provider("first")["in_flight"] == 250 })
      for _ in 0..<3 {
        let response = try gateway.generate("What?", #""model":"second""#)
        #expect(response.status == 200 && response.json["provider"] == "second")
      }
      for client in waiting { client.hangUp() }
      #expect(try eventually { try gateway.provider("first")["in_flight"] == 0 })
    }
    withExtendedLifetime(listener) {}
  }
}
