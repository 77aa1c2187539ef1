import Foundation
import TestSupport
import Testing

/// How a provider is chosen, as callers and operators see it.
@Suite struct RoutingChoiceTests {
  /// Mocks that differ in price, latency and quality.
  private static let three = """
    providers:
      - {name: cheap, kind: mock, input_cost_per_million_tokens: 1, output_cost_per_million_tokens: 1, quality_score: 0.3, latency_ms: 40, reply: Cheap}
      - {name: fast, kind: mock, input_cost_per_million_tokens: 5, output_cost_per_million_tokens: 5, quality_score: 0.5, latency_ms: 1, reply: Fast}
      - {name: good, kind: mock, input_cost_per_million_tokens: 9, output_cost_per_million_tokens: 9, quality_score: 0.9, latency_ms: 60, reply: Good}

    """

  private static func explain(
    _ gateway: GatewayProcess, _ members: String = "", prompt: String = "What is it?"
  ) throws -> JSONValue {
    try gateway.send("POST", "/routing/explain", GatewayProcess.body(prompt, members)).json
  }

  @Test(
    "the request's wish stands above the file's strategy",
    arguments: [
      ("cost", "", "cheap"), ("speed", "", "fast"), ("quality", "", "good"),
      ("quality", #""preference":"cost""#, "cheap"), ("cost", #""preferences":{"priority":"speed"}"#, "fast"),
      ("weighted", #""preferences":{"priority":"quality"}"#, "good"),
    ])
  func priorities(strategy: String, members: String, expected: String) throws {
    try withGateway("routing: {strategy: \(strategy)}\n" + Self.three) { gateway throws in
      let explained = try Self.explain(gateway, members)
      #expect(explained["chosen"].string == expected)
      #expect(try gateway.generate("What is it?", members).json["provider"].string == expected)
    }
  }

  @Test("explain has every candidate with its rank, cost, latency and reasons, and changes nothing")
  func explains() throws {
    try withGateway(Self.three) { gateway throws in
      _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"good","down":true}"#)
      let explained = try Self.explain(
        gateway, #""max_tokens":100,"preferences":{"max_cost_per_request":0.0004}"#)
      #expect(explained["intent"].string != nil)
      #expect(explained["strategy"] == "cost")
      #expect(explained["chosen"] == "cheap")
      let candidates = explained["candidates"].elements
      #expect(candidates.map { $0["provider"].string } == ["cheap", "fast", "good"])
      #expect(candidates.map { $0["model"].string } == ["cheap", "fast", "good"])
      #expect(candidates.map { $0["eligible"] } == [true, false, false])
      #expect(candidates[0]["rank"] == 1)
      #expect(candidates[0]["expected_output_tokens"] == 100)
      #expect(candidates[0]["expected_latency_ms"] == 40)
      #expect(candidates[1]["rank"] == .null)
      #expect(candidates[1]["reasons"].elements[0].string?.contains("max_cost_per_request") == true)
      #expect(candidates[2]["reasons"].elements[0].string?.contains("max_cost_per_request") == true)
      #expect(try gateway.get("/stats").json["total_requests"] == 0)
      #expect(try gateway.provider("cheap")["requests"] == 0)
    }
  }

  @Test("the length of answers is learned for each model and kind of request")
  func learnsLength() throws {
    let usage = #"{"prompt_tokens":10,"completion_tokens":3000,"total_tokens":3010}"#
    let verbose = try FaultyProvider(always: .answer(usage: usage))
    let brief = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("verbose", verbose.url),
      Configuration.provider("brief", brief.url, "priority: 1"))
    try withGateway(configuration) { gateway throws in
      let before = try Self.explain(gateway)["candidates"].elements
      #expect(before.map { $0["expected_output_tokens"] } == [400, 400])
      #expect(try gateway.generate().json["provider"] == "verbose")
      // One answer says nothing of who talks much: there is nobody to compare it with.
      #expect(try Self.explain(gateway)["chosen"] == "verbose")
      #expect(try gateway.generate("What is it?", #""model":"brief""#).json["provider"] == "brief")
      let after = try Self.explain(gateway)["candidates"].elements
      #expect(after.map { $0["provider"].string } == ["brief", "verbose"])
      let tokens = after.compactMap { $0["expected_output_tokens"].number }
      #expect(tokens.count == 2 && tokens[0] < 700 && tokens[1] > 1_800, "\(tokens)")
      #expect(try gateway.generate().json["provider"] == "brief")
      // The caller's bound holds, and another kind of request has been answered by nobody.
      let bounded = try Self.explain(gateway, #""max_tokens":50"#)["candidates"].elements
      #expect(bounded.map { $0["expected_output_tokens"] } == [50, 50])
      let other = try Self.explain(gateway, prompt: "Translate this text to French: hello")
      #expect(other["candidates"].elements.map { $0["expected_output_tokens"] } == [400, 400])
    }
  }

  @Test("weights share requests out, 0 is the last resort, and explain says the share")
  func weights() throws {
    let configuration = """
      routing: {strategy: weighted}
      providers:
        - {name: one, kind: mock, free: true, latency_ms: 0, weight: 1}
        - {name: three, kind: mock, free: true, latency_ms: 0, weight: 3}
        - {name: spare, kind: mock, free: true, latency_ms: 0, weight: 0}

      """
    try withGateway(configuration) { gateway throws in
      var counts: [String: Int] = [:]
      for _ in 1...200 { counts[try gateway.generate().json["provider"].string ?? "", default: 0] += 1 }
      // 50 and 150 are expected; 24 to 76 are four standard deviations.
      #expect((24...76).contains(counts["one", default: 0]), "\(counts)")
      #expect(counts["spare"] == nil)
      let candidates = try Self.explain(gateway)["candidates"].elements
      let shares = Dictionary(
        uniqueKeysWithValues: candidates.map { ($0["provider"].string ?? "", $0["share"].number) })
      #expect(shares == ["one": 0.25, "three": 0.75, "spare": 0])
      for name in ["one", "three"] {
        _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"\#(name)","down":true}"#)
      }
      #expect(try gateway.generate().json["provider"] == "spare")
    }
  }

  @Test("a user's requests stay with the provider that answered the last one, for its prompt cache")
  func sticky() throws {
    let first = try FaultyProvider([.error(500), .answer()])
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url),
      sections: "routing: {sticky: 10m, penalty: {threshold: 1}}")
    try withGateway(configuration) { gateway throws in
      let ada = #""user_id":"ada""#
      #expect(try gateway.generate("What?", ada).tries == ["first: transient", "second: success"])
      #expect(try gateway.generate("What?", ada).tries == ["second: success"])
      let explained = try Self.explain(gateway, ada)
      let reasons = explained["candidates"].elements[0]["reasons"].elements.compactMap(\.string)
      #expect(reasons.contains("kept for user ada's prompt cache"))
      // Others, a model asked for by name, and another wish are chosen for as ever.
      #expect(try gateway.generate("What?", #""user_id":"bob""#).json["provider"] == "first")
      #expect(try gateway.generate("What?").json["provider"] == "first")
      #expect(try gateway.generate("What?", ada + #","model":"first""#).json["provider"] == "first")
      #expect(try gateway.generate("What?", ada + #","preference":"quality""#).json["provider"] == "first")
      #expect(try gateway.generate("What?", ada).json["provider"] == "second")
      // One that is down keeps nobody.
      _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"second","down":true}"#)
      #expect(try gateway.generate("What?", ada).json["provider"] == "first")
    }
  }

  @Test("an alias asks its providers in the order of the strategy, not of the list")
  func alias() throws {
    try withGateway("aliases: {team: [good, cheap]}\n" + Self.three) { gateway throws in
      let explained = try Self.explain(gateway, #""model":"team""#)
      #expect(explained["candidates"].elements.map { $0["provider"].string } == ["cheap", "good"])
      #expect(try gateway.generate("What?", #""model":"team""#).json["modelUsed"] == "cheap")
      let best = try gateway.generate("What?", #""model":"team","preference":"quality""#)
      #expect(best.json["modelUsed"] == "good")
    }
  }

  @Test("requests a minute are kept to, and callers are told 429 once every provider is at its limit")
  func rateLimit() throws {
    let configuration = """
      providers:
        - {name: first, kind: mock, free: true, latency_ms: 0, rate_limit_rpm: 2}
        - {name: second, kind: mock, free: true, latency_ms: 0, rate_limit_rpm: 1}

      """
    try withGateway(configuration) { gateway throws in
      let answers = try (1...4).map { _ in try gateway.generate() }
      #expect(answers.map { $0.json["provider"].string } == ["first", "first", "second", nil])
      #expect(answers[3].status == 429)
      let seconds = try #require(answers[3].header("retry-after").flatMap { Int($0) })
      #expect((50...60).contains(seconds))
      let entry = try gateway.provider("first")
      #expect(entry["requests_last_minute"] == 2)
      #expect(entry["requests_last_hour"] == 2)
      #expect(entry["rate_limit_rpm"] == 2)
      #expect(entry["circuit_status"] == "CLOSED")
    }
  }

  @Test("many tokens in a short time rest a model, as the environment says")
  func tokenCooldown() throws {
    let usage = #"{"prompt_tokens":60,"completion_tokens":40,"total_tokens":100}"#
    let first = try FaultyProvider(always: .answer(usage: usage))
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    let environment = ["TOKEN_COOLDOWN_THRESHOLD": "150", "COOLDOWN_DURATION_SECONDS": "100"]
    try withGateway(configuration, environment: environment) { gateway throws in
      let providers = try (1...3).map { _ in try gateway.generate().json["provider"].string }
      #expect(providers == ["first", "first", "second"])
      let entry = try gateway.provider("first")
      #expect(entry["cooling_until"].string?.hasSuffix("Z") == true)
      #expect(entry["tokens_last_minute"] == 200)
      #expect(entry["tokens_last_hour"] == 200)
      _ = try gateway.send("POST", "/reset", #"{"scope":"cooldowns"}"#)
      #expect(try gateway.provider("first")["cooling_until"] == .null)
    }
  }

  @Test("analytics count requests, and attempts of each provider and each model")
  func analytics() throws {
    let first = try FaultyProvider([.error(500), .answer()])
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url), Configuration.provider("second", second.url))
    try withGateway(configuration) { gateway throws in
      for _ in 1...2 { #expect(try gateway.generate().status == 200) }
      let analytics = try gateway.get("/routing/analytics").json
      #expect(analytics["global"]["total_requests"] == 2)
      #expect(analytics["global"]["success_rate"] == 1)
      for group in [analytics["providers"]["first"], analytics["models"]["first-model"]] {
        #expect(group["requests"] == 2)
        #expect(group["success"] == 1)
        #expect(group["failures"] == 1)
        #expect(group["success_rate"].number == 0.5)
      }
      #expect(analytics["providers"]["first"]["circuit_status"] == "CLOSED")
      #expect(analytics["models"]["second-model"]["requests"] == 1)
    }
  }
}
