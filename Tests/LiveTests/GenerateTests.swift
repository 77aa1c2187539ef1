import Foundation
import TestSupport
import Testing

/// `POST /generate` when all is well.
@Suite struct GenerateTests {
  @Test("a prompt goes to the provider as an OpenAI chat call, with the provider's key")
  func requestUpstream() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate(
        #"Zeile \"eins\"\n\u00fc"#, #""max_tokens":50,"temperature":0.25,"system":"Be brief.","user_id":"u1""#
      )
      #expect(response.status == 200)
      let request = try #require(provider.requests.first)
      #expect(request.line == "POST /v1/chat/completions HTTP/1.1")
      #expect(request.header("authorization") == "Bearer \(GatewayProcess.providerKey)")
      #expect(request.header("content-type") == "application/json")
      #expect(request.header("expect") == nil)
      #expect(request.header("host") == "127.0.0.1:\(provider.port)")
      let expected = try JSONValue(
        parsing: """
          {"model":"first-model","max_tokens":50,"temperature":0.25,"stream":false,"messages":[
          {"role":"system","content":"Be brief."},{"role":"user","content":"Zeile \\"eins\\"\\nü"}]}
          """)
      #expect(request.json == expected)
    }
  }

  @Test("a large prompt is sent at once, without waiting for 100 Continue")
  func largePrompt() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let prompt = String(repeating: "wörter ", count: 200_000)
      #expect(try gateway.generate(prompt).status == 200)
      let request = try #require(provider.requests.first)
      #expect(request.header("expect") == nil)
      #expect(request.json["messages"][0]["content"].string == prompt)
    }
  }

  @Test("the answer has every field, and its head tells provider, model, cost and time")
  func answer() throws {
    let provider = try FaultyProvider(always: .answer("Gut: \\u00fc \\\"x\\\""))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate("Translate 'house' into German.")
      let json = response.json
      #expect(
        json.keys == [
          "id", "status", "provider", "modelUsed", "response", "tokens", "usage", "cost", "latency", "intent",
          "finish_reason", "attempts", "warnings",
        ])
      #expect(json["id"].string?.hasPrefix("req_") == true)
      #expect(json["status"] == "success")
      #expect(json["provider"] == "first")
      #expect(json["modelUsed"] == "first-model")
      #expect(json["response"] == "Gut: ü \"x\"")
      #expect(json["tokens"] == 15)
      let usage = try JSONValue(
        parsing: """
          {"prompt_tokens":9,"completion_tokens":6,"total_tokens":15,"cached_tokens":0,
          "reasoning_tokens":0,"estimated":false}
          """)
      #expect(json["usage"] == usage)
      // 9 × 1.10 and 6 × 2.30 USD per million.
      #expect(json["cost"].amount == Decimal(string: "0.0000237"))
      #expect(try #require(json["latency"].number) > 0)
      #expect(json["intent"] == "translation")
      #expect(json["finish_reason"] == "stop")
      #expect(response.tries == ["first: success"])
      #expect(json["warnings"] == [])

      #expect(response.header("content-type") == "application/json")
      #expect(response.header("x-request-id") == json["id"].string)
      #expect(response.header("x-tollgate-provider") == "first")
      #expect(response.header("x-tollgate-model") == "first-model")
      #expect(response.header("x-tollgate-cost-usd") == "0.0000237")
      #expect(response.header("x-tollgate-attempts") == "1")
      let timing = try #require(response.header("server-timing"))
      for name in ["parse", "route", "upstream", "total"] { #expect(timing.contains("\(name);dur=")) }
    }
  }

  @Test("the ledger's line, /stats and /providers agree with the answer")
  func books() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let answer = try gateway.generate("What?", #""user_id":"u1","tags":{"team":"red"}"#).json
      let lines = gateway.ledger()
      #expect(lines.count == 1)
      let line = lines[0]
      #expect(
        line.keys.isSuperset(of: [
          "time", "id", "surface", "user", "key", "provider", "model", "status", "http_status",
          "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "total_tokens",
          "cost_usd", "estimated", "latency_ms", "ttft_ms", "attempts", "fallbacks", "intent", "stream",
          "tags",
        ]))
      #expect(line["id"] == answer["id"])
      #expect(line["surface"] == "generate")
      #expect(line["user"] == "u1")
      #expect(line["key"] == nil)
      #expect(line["provider"] == "first")
      #expect(line["model"] == "first-model")
      #expect(line["status"] == "success")
      #expect(line["http_status"] == 200)
      #expect(line["total_tokens"] == answer["tokens"])
      #expect(line["cost_usd"] == "0.0000237")
      #expect(line["cost_usd"].amount == answer["cost"].amount)
      #expect(line["estimated"] == false)
      #expect(line["attempts"] == 1)
      #expect(line["fallbacks"] == [])
      #expect(line["intent"] == answer["intent"])
      #expect(line["stream"] == false)
      #expect(line["tags"]["team"] == "red")

      let stats = try gateway.get("/stats").json
      #expect(stats["total_requests"] == 1)
      #expect(stats["total_tokens"] == 15)
      #expect(stats["total_cost"].amount == answer["cost"].amount)
      #expect(stats["by_provider"]["first"]["cost"].amount == answer["cost"].amount)
      #expect(stats["by_user"]["u1"]["requests"] == 1)
      let entry = try gateway.provider("first")
      #expect(entry["requests"] == 1)
      #expect(entry["success_rate"] == 1)
      #expect(entry["in_flight"] == 0)
      #expect(entry["tokens_last_minute"] == 15)
      #expect(entry["circuit_status"] == "CLOSED")
    }
  }

  @Test("the provider's connection is used again")
  func connectionReuse() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "server: {workers: 1}")
    try withGateway(configuration) { gateway throws in
      let answers = try (0..<5).map { _ in try gateway.generate() }
      #expect(answers.map(\.status) == [200, 200, 200, 200, 200])
      #expect(provider.requests.map(\.connection) == [0, 0, 0, 0, 0])
    }
  }

  @Test("a kept connection that the provider has ended meanwhile costs no failure")
  func endedConnection() throws {
    let provider = try FaultyProvider(always: .answer().thenEnds)
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "server: {workers: 1}")
    try withGateway(configuration) { gateway throws in
      let answers = try (0..<5).map { _ in try gateway.generate() }
      #expect(answers.allSatisfy { $0.tries == ["first: success"] })
      #expect(provider.connectionCount == 5)
    }
  }

  @Test("an answer in chunks of any size is the same answer", arguments: [1, 7, 1_000])
  func chunks(size: Int) throws {
    let provider = try FaultyProvider(always: .chunkedAnswer(size: size))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["response"] == "A good answer.")
      #expect(response.json["tokens"] == 15)
    }
  }

  @Test(
    "usage that is missing or impossible is estimated, never free, never negative",
    arguments: [
      nil, "null", "{}", "\"15\"", #"{"prompt_tokens":-9,"completion_tokens":6,"total_tokens":-3}"#,
      #"{"prompt_tokens":"9","completion_tokens":"6","total_tokens":"15"}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":14}"#,
      #"{"prompt_tokens":9.5,"completion_tokens":6,"total_tokens":15.5}"#,
      #"{"prompt_tokens":null,"completion_tokens":null,"total_tokens":null}"#,
      #"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#,
      #"{"prompt_tokens":9223372036854775807,"completion_tokens":1,"total_tokens":9223372036854775807}"#,
      #"{"prompt_tokens":1e30,"completion_tokens":6,"total_tokens":1e30}"#,
    ])
  func impossibleUsage(usage: String?) throws {
    let provider = try FaultyProvider(always: .answer(usage: usage))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let answer = try gateway.generate().json
      #expect(answer["usage"]["estimated"] == true)
      let cost = try #require(answer["cost"].amount)
      #expect(cost > 0 && cost < 0.01)
      let line = try #require(gateway.ledger().first)
      #expect(line["estimated"] == true)
      #expect(line["cost_usd"].amount == cost)
    }
  }
}
