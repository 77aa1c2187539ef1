import Foundation
import TestSupport
import Testing

/// Who a request is charged to, whatever path it came by.
@Suite struct TagTests {
  private static let message = #""messages":[{"role":"user","content":"What?"}]"#
  /// Path and body.
  private static let asks = [
    ("/generate", #"{"prompt":"What?","user_id":"ada"}"#),
    ("/chat/completions", #"{"prompt":"What?","user_id":"ada"}"#),
    ("/chat/completions", #"{"model":"auto",\#(message),"user":"ada"}"#),
    ("/v1/chat/completions", #"{"model":"auto",\#(message),"user":"ada"}"#),
    ("/v1/chat/completions", #"{"model":"auto",\#(message),"safety_identifier":"ada","stream":true}"#),
    ("/v1/completions", #"{"model":"auto","prompt":"What?","user":"ada"}"#),
    ("/v1/responses", #"{"model":"auto","input":"What?","user":"ada"}"#),
    ("/v1/embeddings", #"{"model":"auto","input":"What?","user":"ada"}"#),
    ("/v1/messages", #"{"model":"auto","max_tokens":9,\#(message),"metadata":{"user_id":"ada"}}"#),
  ]

  @Test("on every path the ledger has the user and the tags of the header", arguments: asks)
  func everyPath(path: String, body: String) throws {
    // What the provider says does not matter: the line is written in any case.
    let provider = try FaultyProvider(always: .error(400, message: "no", type: "invalid_request_error"))
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      _ = try gateway.send(
        "POST", path, body, fields: ["X-Tollgate-Tags: team=red , env=a=b", "x-tollgate-tags: team=blue"])
      let line = gateway.ledger(waitingFor: 1).first ?? .null
      #expect(line["user"] == "ada")
      #expect(line["tags"].keys == ["env", "team"])
      #expect(line["tags"]["env"] == "a=b")
      #expect(line["tags"]["team"] == "blue")
      // It is the gateway's, not the provider's.
      #expect(
        provider.requests.allSatisfy { !$0.fields.contains { $0.name.lowercased() == "x-tollgate-tags" } })
    }
  }

  @Test("of two tags of one name the body's counts")
  func body() throws {
    try withGateway("providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n") {
      gateway throws in
      _ = try gateway.generate("What?", #""tags":{"team":"red"}"#, fields: ["x-tollgate-tags: team=blue,a=1"])
      let tags = gateway.ledger(waitingFor: 1).first?["tags"] ?? .null
      #expect(tags["team"] == "red")
      #expect(tags["a"] == "1")
    }
  }

  @Test("a tag's budget holds for callers of OpenAI's and Anthropic's paths")
  func budget() throws {
    let provider = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "budgets: {tags: {team=red: 0}}")
    try withGateway(configuration) { gateway throws in
      let paths = [
        ("/v1/chat/completions", "{\(Self.message)}"),
        ("/v1/messages", #"{"max_tokens":9,\#(Self.message)}"#),
      ]
      for (path, body) in paths {
        #expect(try gateway.send("POST", path, body, fields: ["x-tollgate-tags: team=red"]).status == 402)
        #expect(try gateway.send("POST", path, body, fields: ["x-tollgate-tags: team=blue"]).status == 200)
      }
    }
  }

  @Test(
    "a header that is no list of tags is 400, says what is wrong, and asks nobody",
    arguments: [
      ("team", "without a `=`"), ("=red", "1 to 64"), ("a=1,b", "`b` without"),
      (String(repeating: "n", count: 65) + "=1", "65 bytes"),
      ("a=" + String(repeating: "v", count: 257), "257 bytes"),
      ((0..<33).map { "t\($0)=1" }.joined(separator: ","), "at most 32"),
    ])
  func malformed(header: String, words: String) throws {
    try withGateway("providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n") {
      gateway throws in
      let refused = try gateway.generate(fields: ["x-tollgate-tags: \(header)"])
      #expect(refused.status == 400)
      #expect(refused.json["error"]["param"] == "x-tollgate-tags")
      #expect(refused.errorMessage.contains(words))
      let body = #"{"max_tokens":9,\#(Self.message)}"#
      let anthropic = try gateway.send("POST", "/v1/messages", body, fields: ["x-tollgate-tags: \(header)"])
      #expect(anthropic.status == 400)
      #expect(anthropic.json["type"] == "error")
      #expect(gateway.ledger().isEmpty)
    }
  }

  @Test("an empty header and empty places in it are no tags", arguments: ["", ",", " , ,"])
  func empty(header: String) throws {
    try withGateway("providers:\n  - {name: mock, kind: mock, free: true, reply: Hello}\n") {
      gateway throws in
      #expect(try gateway.generate(fields: ["x-tollgate-tags: \(header)"]).status == 200)
    }
  }
}
