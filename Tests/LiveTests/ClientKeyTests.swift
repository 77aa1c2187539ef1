import TestSupport
import Testing

/// Client keys: who may ask, for what, and how often.
@Suite struct ClientKeyTests {
  private static let configuration = """
    keys:
      - {name: team-a, key: key-of-team-a}
      - {name: team-b, key: key-of-team-b, models: [small], rate_limit_rpm: 2}
    providers:
      - {name: large, kind: mock, free: true, reply: Large, priority: 1}
      - {name: small, kind: mock, free: true, reply: Small, priority: 2}

    """

  @Test(
    "without one of the keys nothing is answered but health and pages",
    arguments: [
      "X-Nothing: x", "Authorization: Bearer wrong-key", "Authorization: Bearer", "Authorization: Bearer ",
      "Authorization: Basic key-of-team-a", "Authorization: key-of-team-a",
      "Authorization: Bearer key-of-team-a2",
      "Authorization: Bearer key-of-team-", "x-api-key: KEY-OF-TEAM-A", "x-api-key: ",
    ])
  func noKey(field: String) throws {
    try withGateway(Self.configuration, files: ["ui/index.html": "page"]) { gateway throws in
      for response in [
        try gateway.generate(fields: [field]), try gateway.get("/stats", fields: [field]),
        try gateway.get("/providers", fields: [field]),
      ] {
        #expect(response.status == 401)
        #expect(response.errorCode == "invalid_api_key")
        #expect(response.header("www-authenticate") != nil)
        #expect(!response.text.contains("key-of-team-a"))
      }
      #expect(try gateway.get("/health").status == 200)
      #expect(try gateway.get("/").status == 200)
      #expect(gateway.ledger().isEmpty)
    }
  }

  @Test(
    "a key opens, whichever way it is sent, and stands in the ledger by its name",
    arguments: [
      "Authorization: Bearer key-of-team-a", "authorization:bearer key-of-team-a", "x-api-key: key-of-team-a",
      "Authorization: Bearer   key-of-team-a  ",
    ])
  func key(field: String) throws {
    try withGateway(Self.configuration) { gateway throws in
      #expect(try gateway.generate(fields: [field]).json["provider"] == "large")
      #expect(gateway.ledger().map { $0["key"] } == ["team-a"])
      #expect(try gateway.get("/stats", fields: [field]).json["by_key"]["team-a"]["requests"] == 1)
    }
  }

  @Test("a key asks only for the models of its list")
  func models() throws {
    try withGateway(Self.configuration) { gateway throws in
      let key = ["x-api-key: key-of-team-b"]
      #expect(try gateway.generate(fields: key).json["provider"] == "small")
      let response = try gateway.generate("a", #""model":"large""#, fields: key)
      #expect(response.status == 403)
      #expect(response.errorCode == "forbidden")
    }
  }

  @Test("a key's rate limit is 429 with the time to wait, for that key only")
  func rateLimit() throws {
    try withGateway(Self.configuration) { gateway throws in
      let key = ["x-api-key: key-of-team-b"]
      #expect(try gateway.generate(fields: key).status == 200)
      #expect(try gateway.generate(fields: key).status == 200)
      let response = try gateway.generate(fields: key)
      #expect(response.status == 429)
      #expect(response.json["error"]["type"] == "rate_limit_error")
      #expect(response.errorCode == "rate_limit_exceeded")
      #expect((1...60).contains(response.header("retry-after").flatMap { Int($0) } ?? 0))
      #expect(try gateway.generate(fields: ["x-api-key: key-of-team-a"]).status == 200)
    }
  }

  @Test("a provider's rate limit sends the next request to another")
  func providerRateLimit() throws {
    let configuration = """
      providers:
        - {name: first, kind: mock, free: true, rate_limit_rpm: 2}
        - {name: second, kind: mock, free: true, rate_limit_rpm: 1}

      """
    try withGateway(configuration) { gateway throws in
      let providers = try (1...3).map { _ in try gateway.generate().json["provider"] }
      #expect(providers == ["first", "first", "second"])
      let response = try gateway.generate()
      #expect(response.status == 429)
      #expect((1...60).contains(response.header("retry-after").flatMap { Int($0) } ?? 0))
    }
  }
}
