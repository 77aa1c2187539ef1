import Foundation
import TestSupport
import Testing

/// A provider with several keys. The names of the keys end in letters, and so tell in what order they came.
@Suite struct KeyTests {
  private static func environment(_ letters: String) -> [String: String] {
    let pairs = letters.map { ("KEY_\($0)", "\(GatewayProcess.providerKey)-\($0)") }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// A provider called `first` with a key for each letter; one after it where `next` is given.
  private static func configuration(
    _ provider: FaultyProvider, _ letters: String, next: FaultyProvider? = nil, more: String = "",
    sections: String = ""
  ) -> String {
    let keys = letters.map { "\"${KEY_\($0)}\"" }.joined(separator: ", ")
    let entry = Configuration.provider("first", provider.url, more.isEmpty ? "retries: 0" : more)
      .replacing("api_key: ${PROVIDER_KEY}", with: "api_keys: [\(keys)]")
    return Configuration.of(
      entry, next.map { Configuration.provider("next", $0.url) } ?? "", sections: sections)
  }

  /// The letters of the keys that the provider was asked with.
  private func letters(_ provider: FaultyProvider) -> String {
    String(provider.requests.compactMap { $0.header("authorization")?.last })
  }

  /// Answers `bad` keys so, and all others well.
  private static func provider(_ bad: String, _ reply: ProviderReply) throws -> FaultyProvider {
    try FaultyProvider { request in
      bad.contains(request.header("authorization")?.last ?? "?") ? reply : .answer()
    }
  }

  @Test("the keys are used in turn, each on a connection that is kept")
  func turns() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Self.configuration(provider, "ABC", sections: "server: {workers: 1}")
    try withGateway(configuration, environment: Self.environment("ABC")) { gateway throws in
      for _ in 0..<6 { #expect(try gateway.generate().status == 200) }
      #expect(letters(provider) == "ABCABC")
      #expect(provider.connectionCount == 1)
      #expect(try gateway.provider("first").liveKeys == "3 of 3")
    }
  }

  @Test(
    "a key that is refused is set aside and the next one asked at once, as an attempt and no retry",
    arguments: [401, 403, 402])
  func deadKey(status: Int) throws {
    let provider = try Self.provider("A", .error(status))
    let next = try FaultyProvider(always: .answer())
    let configuration = Self.configuration(provider, "AB", next: next)
    try withGateway(configuration, environment: Self.environment("AB")) { gateway throws in
      let word = status == 402 ? "quota_exceeded" : "credential"
      #expect(try gateway.generate().tries == ["first: \(word)", "first: success"])
      for _ in 0..<3 { #expect(try gateway.generate().tries == ["first: success"]) }
      #expect(letters(provider) == "ABBBB")
      let entry = try gateway.provider("first")
      #expect(entry.liveKeys == "1 of 2")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["penalized"] == false)
      #expect(next.requests.isEmpty)
      #expect(gateway.ledger()[0]["attempts"] == 2)
      #expect(gateway.ledger()[0]["fallbacks"] == [])
    }
  }

  @Test("the last key's death opens the breaker, and a reset of the breakers gives all another chance")
  func lastKey() throws {
    let provider = try Self.provider("AB", .error(401))
    let next = try FaultyProvider(always: .answer())
    let configuration = Self.configuration(provider, "AB", next: next)
    try withGateway(configuration, environment: Self.environment("AB")) { gateway throws in
      #expect(
        try gateway.generate().tries == ["first: credential", "first: credential", "next: success"])
      #expect(try gateway.generate().tries == ["next: success"])
      var entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "OPEN")
      #expect(entry["circuit_reason"] == "auth")
      #expect(entry.liveKeys == "0 of 2")
      #expect(try gateway.send("POST", "/reset", #"{"scope":"breakers"}"#).status == 200)
      entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry.liveKeys == "2 of 2")
    }
  }

  @Test("a key that met 429 is set aside until the time it names, and the provider only with the last one")
  func rateLimited() throws {
    let provider = try FaultyProvider { request in
      let seconds = request.header("authorization")?.last == "A" ? 2_000 : 1_000
      return .error(429, fields: ["Retry-After: \(seconds)"])
    }
    try withGateway(
      Self.configuration(provider, "AB"), environment: Self.environment("AB")
    ) { gateway throws in
      let response = try gateway.generate()
      #expect(response.status == 429)
      #expect(response.tries == ["first: rate_limited", "first: rate_limited"])
      #expect(response.header("retry-after") == "1000")
      let entry = try gateway.provider("first")
      #expect(entry.liveKeys == "0 of 2")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["cooling_until"] != nil)
      let later = try gateway.generate()
      #expect(later.status == 429)
      let seconds = try #require(later.header("retry-after").flatMap { Int($0) })
      #expect((900...1_000).contains(seconds))
      #expect(letters(provider) == "AB")
      #expect(try gateway.send("POST", "/reset", #"{"scope":"cooldowns"}"#).status == 200)
      #expect(try gateway.provider("first").liveKeys == "2 of 2")
    }
  }

  @Test("a stream, too, goes to the next key")
  func stream() throws {
    let provider = try FaultyProvider { request in
      request.header("authorization")?.last == "A" ? .error(401) : .stream()
    }
    try withGateway(
      Self.configuration(provider, "AB"), environment: Self.environment("AB")
    ) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(isComplete && response.hasDone)
      #expect(response.header("x-tollgate-attempts") == "2")
      #expect(letters(provider) == "AB")
    }
  }

  @Test("a key that is not set is done without, and the provider's error is clean of the others")
  func missing() throws {
    let provider = try FaultyProvider { request in
      .error(400, message: "bad key \(request.header("authorization") ?? "")")
    }
    try withGateway(
      Self.configuration(provider, "ABC"), environment: Self.environment("AC")
    ) { gateway throws in
      #expect(eventually { gateway.errors.contains("KEY_B is not set; it goes without that key") })
      for _ in 0..<2 { #expect(try gateway.generate().status == 400) }
      #expect(letters(provider) == "AC")
      #expect(try gateway.provider("first").liveKeys == "2 of 2")
    }
  }

  @Test("retries are counted beside the change of keys")
  func retries() throws {
    let provider = try FaultyProvider([.error(500), .error(401), .error(500), .answer()])
    try withGateway(
      Self.configuration(provider, "AB", more: "retries: 2"), environment: Self.environment("AB")
    ) { gateway throws in
      let expected = ["first: transient", "first: credential", "first: transient", "first: success"]
      #expect(try gateway.generate().tries == expected)
      #expect(letters(provider) == "ABAA")
    }
  }
}

extension JSONValue {
  /// Of an entry of `GET /providers`: how many of its keys are live.
  fileprivate var liveKeys: String {
    "\(self["keys"]["live"].number ?? -1) of \(self["keys"]["total"].number ?? -1)"
  }
}
