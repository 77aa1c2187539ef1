import TestSupport
import Testing

/// What callers send to `/generate`, right and wrong.
@Suite struct RequestBodyTests {
  private static let mock = "providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n"

  @Test(
    "a body that is not JSON is 400 and says where it breaks",
    arguments: [
      (#"{"prompt":"a""#, 1, 14), (#"{"prompt" "a"}"#, 1, 11), (#"{"prompt":"a",}"#, 1, 14),
      (#"{prompt:"a"}"#, 1, 2), ("{'prompt':'a'}", 1, 2), (#"{"prompt":a}"#, 1, 11),
      (#"{"prompt":"a"#, 1, 13),
      ("{\"prompt\":\"a\nb\"}", 1, 13), (#"{"prompt":"\x"}"#, 1, 12), (#"{"prompt":01}"#, 1, 11),
      (#"{"prompt":"a"} x"#, 1, 16), (#"{"prompt":"a"}{}"#, 1, 15), ("{\n\"prompt\":\n  tru}", 3, 3),
      (#"{"prompt":NaN}"#, 1, 11), (#"{"prompt":"a","max_tokens":+1}"#, 1, 28), ("prompt=a", 1, 1),
      ("{\n  \"prompt\": \"ü\",\n}", 2, 16),
    ])
  func notJSON(body: String, line: Int, column: Int) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", "/generate", body)
      #expect(response.status == 400)
      #expect(response.json["error"]["type"] == "invalid_request_error")
      #expect(response.errorMessage.contains("line \(line), column \(column)"))
      #expect(gateway.ledger().isEmpty)
    }
  }

  @Test(
    "a body that is no object is 400 and says what is wanted",
    arguments: [
      "", " ", "null", "7", "[]", #""text""#, #"["prompt"]"#, "true", #""{\"prompt\":\"a\"""#, #""[]""#,
    ])
  func noObject(body: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", "/generate", body)
      #expect(response.status == 400)
      #expect(!response.errorMessage.isEmpty)
    }
  }

  @Test(
    "a wrong field is 400 and named",
    arguments: [
      ("{}", "prompt"), (#"{"prompt":null}"#, "prompt"), (#"{"prompt":7}"#, "prompt"),
      (#"{"prompt":""}"#, "prompt"),
      (#"{"prompt":" \n\t "}"#, "prompt"), (#"{"prompt":["a"]}"#, "prompt"),
      (#"{"prompt":"a","messages":[{"role":"user","content":"a"}]}"#, "prompt"),
      (#"{"messages":[]}"#, "messages"), (#"{"messages":"a"}"#, "messages"),
      (#"{"messages":[7]}"#, "messages[0]"),
      (#"{"messages":[{"content":"a"}]}"#, "messages[0].role"),
      (#"{"messages":[{"role":"user","content":"a"},{"role":"boss","content":"a"}]}"#, "messages[1].role"),
      (#"{"messages":[{"role":"user"}]}"#, "messages[0].content"),
      (#"{"prompt":"a","model":7}"#, "model"), (#"{"prompt":"a","max_tokens":0}"#, "max_tokens"),
      (#"{"prompt":"a","max_tokens":1.5}"#, "max_tokens"),
      (#"{"prompt":"a","max_tokens":"9"}"#, "max_tokens"),
      (#"{"prompt":"a","temperature":3}"#, "temperature"),
      (#"{"prompt":"a","temperature":"hot"}"#, "temperature"),
      (#"{"prompt":"a","system":7}"#, "system"), (#"{"prompt":"a","stream":"yes"}"#, "stream"),
      (#"{"prompt":"a","user_id":7}"#, "user_id"), (#"{"prompt":"a","tags":["x"]}"#, "tags"),
      (#"{"prompt":"a","tags":{"x":7}}"#, "tags.x"), (#"{"prompt":"a","preference":"best"}"#, "preference"),
      (#"{"prompt":"a","preferences":7}"#, "preferences"),
      (#"{"prompt":"a","preferences":{"priority":"best"}}"#, "preferences.priority"),
      (#"{"prompt":"a","preferences":{"timeout_ms":0}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"a","preferences":{"timeout_ms":1e99}}"#, "preferences.timeout_ms"),
      (#"{"prompt":"a","preferences":{"max_cost_per_request":-1}}"#, "preferences.max_cost_per_request"),
    ])
  func wrongField(body: String, param: String) throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", "/generate", body)
      #expect(response.status == 400)
      #expect(response.json["error"]["param"].string == param)
      #expect(response.errorMessage.contains(param))
    }
  }

  @Test(
    "bytes that are no UTF-8, or half a character, are 400",
    arguments: [[0xFF], [0xC0, 0xAE], [0xED, 0xA0, 0x80]])
  func notUTF8(bytes: [UInt8]) throws {
    try withGateway(Self.mock) { gateway throws in
      let body = Array(#"{"prompt":""#.utf8) + bytes + Array(#""}"#.utf8)
      let client = try gateway.connect()
      try client.send(
        Array("POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
      let response = try client.response()
      #expect(response.status == 400)
      #expect(response.errorMessage.contains("column 12"))
    }
  }

  @Test("a deep or crowded body is 400, not the end of the gateway")
  func bombs() throws {
    try withGateway(Self.mock) { gateway throws in
      for body in [
        String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 200_000),
        "[" + String(repeating: "0,", count: 3_000_000) + "0]",
      ] {
        #expect(try gateway.send("POST", "/generate", body).status == 400)
      }
      #expect(try gateway.generate().status == 200)
    }
  }

  @Test("a body that was encoded twice is read all the same")
  func encodedTwice() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.send("POST", "/generate", #""{\"prompt\":\"say \\\"hi\\\"\"}""#)
      #expect(response.status == 200)
      #expect(provider.requests.first?.json["messages"][0]["content"] == "say \"hi\"")
    }
  }

  @Test("unknown fields, null fields and any content type are taken")
  func lenience() throws {
    try withGateway(Self.mock) { gateway throws in
      let body = #"{"prompt":"a","new_field":{"x":[1,2]},"max_tokens":null,"tags":null,"preferences":null}"#
      #expect(try gateway.send("POST", "/generate", body).status == 200)
      for type in ["application/x-www-form-urlencoded", "text/plain", "nonsense"] {
        let client = try gateway.connect()
        try client.send(
          "POST /generate HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(try client.response().status == 200)
      }
    }
  }

  @Test("a conversation is a request too")
  func messages() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let messages =
        #"[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q"}]}]"#
      #expect(try gateway.send("POST", "/generate", #"{"messages":\#(messages)}"#).status == 200)
      let expected = try JSONValue(parsing: messages)
      #expect(provider.requests.first?.json["messages"] == expected)
    }
  }

  @Test("a model that nobody serves is 404 and names those that are")
  func unknownModel() throws {
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.generate("a", #""model":"gpt-9""#)
      #expect(response.status == 404)
      #expect(response.errorCode == "model_not_found")
      #expect(response.errorMessage.contains("gpt-9") && response.errorMessage.contains("mock"))
    }
  }

  @Test("a price above max_cost_per_request is 402, and nobody is asked")
  func maxCost() throws {
    let provider = try FaultyProvider(always: .answer())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      let response = try gateway.generate("a", #""preferences":{"max_cost_per_request":0.0000001}"#)
      #expect(response.status == 402)
      #expect(response.json["error"]["type"] == "insufficient_quota")
      #expect(provider.requests.isEmpty)
    }
  }

  @Test(
    "a sane request id is the caller's, another is replaced",
    arguments: [
      ("abc-123_X.y:z", true), (String(repeating: "a", count: 128), true),
      (String(repeating: "a", count: 129), false),
      ("with space", false), ("a<script>", false), ("\"", false), ("ü", false), ("", false),
    ])
  func requestID(id: String, isKept: Bool) throws {
    try withGateway(Self.mock) { gateway throws in
      for response in [
        try gateway.generate(fields: ["X-Request-ID: \(id)"]),
        try gateway.get("/unknown", fields: ["x-request-id: \(id)"]),
      ] {
        let answered = try #require(response.header("x-request-id"))
        #expect((answered == id) == isKept)
        #expect(isKept || answered.hasPrefix("req_"))
      }
    }
  }

  @Test("several answers at once are not a mock's to give: another provider is asked, or it is 400")
  func severalAnswers() throws {
    let body = #"{"model":"auto","n":2,"messages":[{"role":"user","content":"Hi"}]}"#
    try withGateway(Self.mock) { gateway throws in
      let response = try gateway.send("POST", GatewayProcess.chatPath, body)
      #expect(response.status == 400 && response.json["error"]["param"] == "n")
    }
    let provider = try FaultyProvider(always: .answer())
    let configuration = Self.mock + Configuration.provider("second", provider.url)
    try withGateway(configuration) { gateway throws in
      let response = try gateway.send("POST", GatewayProcess.chatPath, body)
      #expect(response.status == 200 && response.header("x-tollgate-provider") == "second")
    }
  }
}
