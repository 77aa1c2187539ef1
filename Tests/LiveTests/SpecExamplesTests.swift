import Foundation
import TestSupport
import Testing

/// Every example of the contract, asked over HTTP: all members are there, of the right kind, and null only
/// where they may be.
@Suite struct SpecExamplesTests {
  private static let mock = """
    providers:
      - {name: groq, kind: mock, model: llama-3.1-8b-instant, free: true, reply: Hello, rate_limit_rpm: 1000}
      - {name: openai, kind: mock, free: true, priority: 2}

    """

  private func expect(
    _ value: JSONValue, _ shape: Shape, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(shape.faults(in: value) == [], sourceLocation: sourceLocation)
  }

  private static let fullRequest = """
    {"prompt":"Explain what a toll gate is.","model":"auto","preference":"cost",
     "preferences":{"priority":"cost","max_cost_per_request":0.01,"timeout_ms":10000},
     "max_tokens":100,"temperature":0.5,"system":"Be brief.","user_id":"u1","tags":{"team":"red"},
     "stream":false,"optimize_prompt":false}
    """

  // MARK: Asking

  @Test("POST /generate with every field")
  func generate() throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", "/generate", Self.fullRequest)
      #expect(response.status == 200)
      expect(response.json, .generateAnswer)
      #expect(response.json["provider"] == "groq")
      #expect(response.json["modelUsed"] == "llama-3.1-8b-instant")
      #expect(response.json["intent"] == "education")
      for name in [
        "x-request-id", "x-tollgate-provider", "x-tollgate-model", "x-tollgate-cost-usd",
        "x-tollgate-attempts",
        "server-timing",
      ] {
        #expect(response.header(name)?.isEmpty == false, "\(name) is missing")
      }
      let lines = gateway.ledger()
      #expect(lines.count == 1)
      expect(lines[0], .ledgerLine)
    }
  }

  @Test("POST /generate after a timeout tells both attempts")
  func fallback() throws {
    let slow = try FaultyProvider(always: .silence)
    let quick = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("openai", slow.url, "timeout: 200ms"), Configuration.provider("groq", quick.url))
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      expect(response.json, .generateAnswer)
      #expect(response.tries == ["openai: timeout", "groq: success"])
      #expect(response.header("x-tollgate-attempts") == "2")
      expect(gateway.ledger()[0], .ledgerLine)
      #expect(gateway.ledger()[0]["fallbacks"] == ["openai"])
    }
  }

  @Test("POST /generate with messages, and as a stream")
  func otherForms() throws {
    try withGateway(Self.mock) { gateway throws in
      let messages = #"{"messages":[{"role":"user","content":"Hi"}],"preference":null}"#
      expect(try gateway.send("POST", "/generate", messages).json, .generateAnswer)
      let stream = try gateway.generate("Hi", #""stream":true"#)
      #expect(stream.header("content-type")?.hasPrefix("text/event-stream") == true)
      let events = stream.events
      #expect(events.count >= 3 && events.last == "[DONE]")
      for event in events.dropLast(2) {
        let delta = try JSONValue(parsing: event)
        #expect(delta.keys == ["delta"] && delta["delta"].string != nil)
      }
      expect(try JSONValue(parsing: events[events.count - 2]), .generateAnswer)
    }
  }

  @Test("POST /chat/completions: with a prompt the short answer, with messages OpenAI's")
  func chat() throws {
    try withGateway(Self.mock) { gateway throws in
      let body = """
        {"prompt":"Hello","preferences":{"priority":"quality","max_cost_per_request":0.01,"timeout_ms":10000},
         "user_id":"u1"}
        """
      let response = try gateway.send("POST", "/chat/completions", body)
      #expect(response.json.keys == ["provider_used", "content", "latency_ms", "cost"])
      expect(response.json, .chatAnswer)
      #expect(gateway.ledger()[0]["user"] == "u1")

      let messages = GatewayProcess.chatBody("Hi", isStream: false)
      for path in ["/chat/completions", "/v1/chat/completions"] {
        let answer = try gateway.send("POST", path, messages).json
        #expect(answer["object"] == "chat.completion")
        #expect(answer["choices"][0]["message"]["content"] == "Hello")
        #expect(answer["usage"]["total_tokens"].number != nil)
      }
      expect(try gateway.send("POST", "/chat/completions", #"{"prompt":" "}"#).json, .error)
    }
  }

  @Test(
    "a user past the budget gets 402 on both native paths, and nobody is asked",
    arguments: [
      "/generate", "/chat/completions",
    ])
  func budget(path: String) throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "budgets: {per_user_usd: 0.0000001}")
    try withGateway(configuration) { gateway throws in
      let response = try gateway.send("POST", path, GatewayProcess.body("Hello", #""user_id":"u1""#))
      #expect(response.status == 402)
      expect(response.json, .error)
      #expect(response.json["error"]["type"] == "insufficient_quota")
      #expect(response.errorCode == "budget_exceeded")
      #expect(response.errorMessage.contains("0.0000001"))
      #expect(provider.requests.isEmpty)
    }
  }

  @Test(
    "an object that is encoded twice is that object, on every native path",
    arguments: [
      ("/generate", #"{"prompt":"Hi"}"#), ("/chat/completions", #"{"prompt":"Hi"}"#),
      ("/routing/explain", #"{"prompt":"Hi"}"#), ("/simulate/failure", #"{"provider":"groq","down":false}"#),
      ("/reset", #"{"scope":"usage"}"#),
    ])
  func encodedTwice(path: String, body: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let once = try gateway.send("POST", path, body)
      let twice = try gateway.send("POST", path, "\"\(body.replacing("\"", with: "\\\""))\"")
      #expect(once.status == 200)
      #expect(twice.status == 200)
      #expect(twice.json.keys == once.json.keys)
      #expect(try gateway.send("POST", path, "\"text\"").status == 400)
    }
  }

  @Test(
    "the content type of a body does not matter",
    arguments: [
      "application/x-www-form-urlencoded", "text/plain", "application/octet-stream",
    ])
  func contentType(type: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let client = try gateway.connect()
      let body = GatewayProcess.body()
      try client.send(
        "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
          + body)
      #expect(try client.response().status == 200)
    }
  }

  // MARK: State

  @Test("GET /providers, of providers that are up, down, limited and disabled")
  func providers() throws {
    let configuration = Configuration.of(
      Configuration.provider("first", "http://127.0.0.1:1/v1", "latency_ms: 200", "specialties: [code]"),
      "  - {name: off, base_url: \"http://127.0.0.1:1/v1\", api_key: \"${UNSET_KEY}\", model: m, free: true}\n",
      sections: "breaker: {failure_threshold: 1}")
    try withGateway(configuration) { gateway throws in
      for _ in 0..<2 {
        let response = try gateway.get("/providers")
        expect(response.json, .list(.provider))
        #expect(response.json.elements.count == 2)
        // The first time closed, the second time open.
        #expect(try gateway.generate().status >= 500)
      }
      let open = try gateway.provider("first")
      #expect(open["circuit_status"] == "OPEN")
      #expect(open["circuit_reason"].string != nil && open["retry_at"].string != nil)
      #expect(open["disabled_reason"] == nil)
      #expect(try gateway.provider("off")["disabled_reason"].string == "UNSET_KEY is not set")
    }
  }

  @Test("GET /stats and /routing/analytics, before and after requests")
  func totals() throws {
    try withGateway(Self.mock) { gateway throws in
      for count in 0...1 {
        let stats = try gateway.get("/stats").json
        expect(stats, .stats)
        let analytics = try gateway.get("/routing/analytics").json
        expect(analytics, .analytics)
        #expect(analytics["providers"].keys == ["groq", "openai"])
        #expect(stats["total_requests"].number == Decimal(count))
        #expect(analytics["global"]["total_requests"].number == Decimal(count))
        #expect(stats["by_user"].keys == (count == 0 ? [] : ["u1"]))
        _ = try gateway.send("POST", "/generate", Self.fullRequest)
      }
    }
  }

  @Test("GET /requests, newest first, by limit, provider and status")
  func requests() throws {
    try withGateway(Self.mock) { gateway throws in
      let ids = try (1...3).map { _ in try gateway.generate().json["id"] }
      _ = try gateway.generate("a", #""model":"unknown""#)
      let all = try gateway.get("/requests").json
      expect(all, .list(.ledgerLine))
      #expect(all.elements.dropFirst().map { $0["id"] } == ids.reversed())
      #expect(all[0]["status"] == "error" && all[0]["http_status"] == 404)
      #expect(try gateway.get("/requests?limit=2").json.elements.count == 2)
      #expect(try gateway.get("/requests?status=success&provider=groq").json.elements.count == 3)
      #expect(try gateway.get("/requests?provider=openai").json == [])
      for query in ["limit=0", "limit=x", "status=fine"] {
        let refused = try gateway.get("/requests?\(query)")
        #expect(refused.status == 400)
        #expect(refused.json["error"]["param"].string == String(query.prefix { $0 != "=" }))
      }
    }
  }

  @Test("POST /routing/explain names every provider and its reasons, and changes nothing")
  func explain() throws {
    try withGateway(Self.mock) { gateway throws in
      _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"openai","down":true}"#)
      let before = try gateway.get("/providers").json
      let explanation = try gateway.send("POST", "/routing/explain", Self.fullRequest).json
      expect(explanation, .explanation)
      #expect(explanation["chosen"] == "groq")
      let byProvider = Dictionary(
        uniqueKeysWithValues: explanation["candidates"].elements.map { ($0["provider"].string ?? "", $0) })
      #expect(byProvider["groq"]?["rank"] == 1 && byProvider["groq"]?["eligible"] == true)
      #expect(byProvider["openai"]?["rank"] == .null && byProvider["openai"]?["eligible"] == false)
      #expect(byProvider.values.allSatisfy { !$0["reasons"].elements.isEmpty })
      #expect(try gateway.get("/providers").json == before)
      #expect(gateway.ledger().isEmpty)
    }
  }

  @Test("/health says ok; /health/ready is 503 with nobody to ask")
  func health() throws {
    try withGateway(Self.mock) { gateway throws in
      for path in ["/health", "/health/live", "/health/ready"] {
        let response = try gateway.get(path)
        #expect(response.status == 200)
        expect(response.json, .health)
        #expect(response.json["status"] == "ok")
      }
      for name in ["groq", "openai"] {
        _ = try gateway.send("POST", "/simulate/failure", #"{"provider":"\#(name)","down":true}"#)
      }
      #expect(try gateway.get("/health").status == 200)
      #expect(try gateway.get("/health").json["status"] == "degraded")
      #expect(try gateway.get("/health/live").status == 200)
      #expect(try gateway.get("/health/ready").status == 503)
    }
  }

  // MARK: The operator

  @Test("POST /simulate/failure says what it did, and it holds until it is taken back")
  func simulateFailure() throws {
    try withGateway(Self.mock) { gateway throws in
      for (down, provider) in [(true, "openai"), (false, "groq")] {
        let response = try gateway.send("POST", "/simulate/failure", #"{"provider":"groq","down":\#(down)}"#)
        #expect(response.status == 200)
        #expect(response.text == #"{"message":"Provider groq set to down=\#(down)"}"#)
        #expect(try gateway.provider("groq")["is_down"] == .bool(down))
        #expect(try gateway.generate().json["provider"].string == provider)
      }
      for (body, status, param) in [
        (#"{"provider":"nobody","down":true}"#, 404, "provider"), (#"{"down":true}"#, 400, "provider"),
        (#"{"provider":"groq"}"#, 400, "down"), (#"{"provider":"groq","down":"yes"}"#, 400, "down"),
        (#"{"provider":7,"down":true}"#, 400, "provider"),
      ] {
        let refused = try gateway.send("POST", "/simulate/failure", body)
        #expect(refused.status == status)
        #expect(refused.json["error"]["param"].string == param)
        expect(refused.json, .error)
      }
    }
  }

  @Test(
    "POST /reset clears what its scope says, all without one, and appends a line to the ledger",
    arguments: [
      (nil, true, true), ("all", true, true), ("usage", true, false), ("breakers", false, true),
      ("cooldowns", false, false),
    ] as [(String?, Bool, Bool)])
  func reset(scope: String?, clearsUsage: Bool, clearsBreakers: Bool) throws {
    let configuration = """
      breaker: {failure_threshold: 1}
      providers:
        - {name: bad, kind: mock, behavior: failure, free: true}
        - {name: good, kind: mock, free: true, priority: 2}

      """
    try withGateway(configuration) { gateway throws in
      _ = try gateway.generate()
      #expect(try gateway.provider("bad")["circuit_status"] == "OPEN")
      let response = try gateway.send("POST", "/reset", scope.map { #"{"scope":"\#($0)"}"# } ?? "")
      #expect(response.status == 200)
      #expect(response.json["scope"].string == scope ?? "all")
      #expect(try gateway.get("/stats").json["total_requests"].number == (clearsUsage ? 0 : 1))
      #expect(try gateway.get("/requests").json.elements.count == (clearsUsage ? 0 : 1))
      #expect(try gateway.provider("bad")["circuit_status"].string == (clearsBreakers ? "CLOSED" : "OPEN"))
      // The request's line is kept, and one that names the scope is behind it.
      let lines = gateway.ledger()
      #expect(lines.count == 2 && lines[0]["status"] == "success")
      #expect((lines[1]["reset"].string ?? lines[1]["scope"].string) == scope ?? "all")
    }
  }

  @Test("a scope that is none is refused")
  func unknownScope() throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", "/reset", #"{"scope":"everything"}"#)
      #expect(response.status == 400 && response.json["error"]["param"] == "scope")
    }
  }

  private static let adminPaths =
    [
      ("GET", "/requests", nil), ("GET", "/budgets", nil), ("GET", "/usage", nil),
      ("POST", "/simulate/failure", #"{"provider":"groq","down":false}"#), ("POST", "/reset", "{}"),
    ] as [(String, String, String?)]

  @Test("once there are keys the operator's paths take an admin's", arguments: adminPaths)
  func admin(method: String, path: String, body: String?) throws {
    let keys = """
      keys:
        - {name: user, key: key-of-user}
        - {name: admin, key: key-of-admin, admin: true}

      """
    try withGateway(keys + Self.mock) { gateway throws in
      #expect(try gateway.send(method, path, body).status == 401)
      let refused = try gateway.send(method, path, body, fields: ["x-api-key: key-of-user"])
      #expect(refused.status == 403 && refused.errorCode == "forbidden")
      expect(refused.json, .error)
      #expect(try gateway.send(method, path, body, fields: ["x-api-key: key-of-admin"]).status == 200)
    }
    try withGateway(Self.mock) { gateway throws in
      #expect(try gateway.send(method, path, body).status == 200)
    }
  }

  // MARK: Errors and methods

  @Test(
    "every error has its status, type and code, and one form",
    arguments: [
      ("POST", "/generate", "{", 400, "invalid_request_error", "invalid_request"),
      ("POST", "/generate", #"{"prompt":7}"#, 400, "invalid_request_error", "invalid_request"),
      ("POST", "/chat/completions", "[]", 400, "invalid_request_error", "invalid_request"),
      ("POST", "/v1/chat/completions", "{}", 400, "invalid_request_error", "invalid_request"),
      (
        "POST", "/generate", #"{"prompt":"a","model":"gpt-9"}"#, 404, "invalid_request_error",
        "model_not_found"
      ),
      ("POST", "/routing/explain", "{}", 400, "invalid_request_error", "invalid_request"),
      ("GET", "/v1/models/gpt-9", "", 404, "invalid_request_error", "model_not_found"),
      ("GET", "/nowhere", "", 404, "invalid_request_error", "not_found"),
      ("DELETE", "/generate", "", 405, "invalid_request_error", "method_not_allowed"),
    ])
  func errors(method: String, path: String, body: String, status: Int, type: String, code: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send(
        method, path, body.isEmpty ? nil : body, fields: ["x-request-id: mine-1"])
      #expect(response.status == status)
      expect(response.json, .error)
      #expect(response.json["error"]["type"].string == type)
      #expect(response.errorCode == code)
      #expect(response.json["error"]["request_id"] == "mine-1")
      #expect(response.header("x-request-id") == "mine-1")
    }
  }

  @Test(
    "Anthropic's paths have Anthropic's errors", arguments: ["/v1/messages", "/v1/messages/count_tokens"])
  func anthropicErrors(path: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", path, "{}")
      #expect(response.status == 400)
      expect(response.json, .anthropicError)
    }
  }

  @Test("503 and 502 tell the way there and when to come back")
  func nobodyAnswers() throws {
    let failing = Self.mock.replacing("free: true", with: "free: true, behavior: failure")
    try withGateway("breaker: {failure_threshold: 1}\n" + failing) { gateway throws in
      let failed = try gateway.generate()
      #expect(failed.status == 502 && failed.errorCode == "all_providers_failed")
      expect(failed.json, .error)
      #expect(failed.json["error"]["attempts"].elements.count == 2)
      #expect(failed.header("x-should-retry") == "false")
      let open = try gateway.generate()
      #expect(open.status == 503 && open.errorCode == "no_provider_available")
      expect(open.json, .error)
      #expect((1...60).contains(open.header("retry-after").flatMap { Int($0) } ?? 0))
    }
  }

  private static let readPaths = [
    "/", "/ui", "/ui/index.html", "/v1/models", "/v1/models/auto", "/providers", "/stats",
    "/routing/analytics",
    "/requests", "/budgets", "/usage", "/health", "/health/live", "/health/ready", "/metrics",
    "/openapi.json",
    "/docs", "/redoc",
  ]
  private static let writePaths = [
    "/generate", "/chat/completions", "/v1/chat/completions", "/v1/embeddings", "/v1/completions",
    "/v1/responses",
    "/v1/messages", "/v1/messages/count_tokens", "/routing/explain", "/simulate/failure", "/reset",
  ]

  @Test("every path has HEAD where it has GET, answers OPTIONS, and refuses the rest with what it allows")
  func methods() throws {
    let pages = [
      "ui/index.html": "page", "ui/openapi.json": "{}", "ui/docs.html": "docs", "ui/redoc.html": "redoc",
    ]
    try withGateway(Self.mock, files: pages) { gateway throws in
      _ = try gateway.generate()
      for path in Self.readPaths {
        let get = try gateway.get(path)
        #expect(get.status == 200, "GET \(path)")
        let head = try gateway.send("HEAD", path)
        #expect(head.status == 200 && head.body.isEmpty, "HEAD \(path)")
        #expect(head.header("content-type") == get.header("content-type"), "HEAD \(path)")
        try expectMethods(of: path, not: "POST", are: "GET, HEAD, OPTIONS", gateway)
      }
      for path in Self.writePaths { try expectMethods(of: path, not: "GET", are: "POST, OPTIONS", gateway) }
      #expect(try gateway.send("OPTIONS", "/nowhere").status == 404)
    }
  }

  private func expectMethods(
    of path: String, not method: String, are allowed: String, _ gateway: GatewayProcess
  ) throws {
    let refused = try gateway.send(method, path)
    #expect(refused.status == 405, "\(method) \(path)")
    #expect(refused.header("allow") == allowed, "\(method) \(path)")
    let options = try gateway.send("OPTIONS", path)
    #expect(options.status == 204, "OPTIONS \(path)")
    #expect(options.header("allow")?.contains(method == "GET" ? "POST" : "GET") == true, "OPTIONS \(path)")
  }
}
