import TestSupport
import Testing

/// Prompts that are longer than the operator, or the caller, wants them.
@Suite struct PromptTrimmingTests {
  private static let words = String(repeating: "word ", count: 8_000)
  private static let trim = "prompt: {max_tokens: 200}"

  /// The numbers of tokens in `prompt trimmed from 9120 to 4000 tokens`.
  private static func sizes(in warning: String) -> (before: Int, after: Int)? {
    warning.wholeMatch(of: /prompt trimmed from (\d+) to (\d+) tokens/).flatMap { match in
      Int(match.1).flatMap { before in Int(match.2).map { (before, $0) } }
    }
  }

  private func trimming<Result>(
    _ reply: ProviderReply = .answer(), sections: String = Self.trim, keys: String...,
    body: (GatewayProcess, FaultyProvider) throws -> Result
  ) throws -> Result {
    let provider = try FaultyProvider(always: reply)
    let entry = Configuration.provider("first", provider.url) + keys.map { "    \($0)\n" }.joined()
    return try withGateway(Configuration.of(entry, sections: sections)) { gateway throws in
      try body(gateway, provider)
    }
  }

  @Test("a long prompt loses its middle, and the answer and its head say so")
  func native() throws {
    try trimming { gateway, provider throws in
      let response = try gateway.generate("Begin. \(Self.words)What is the end?")
      let warning = try #require(response.json["warnings"][0].string)
      let (before, after) = try #require(Self.sizes(in: warning))
      #expect(before > 5_000 && after > 150 && after <= 200)
      #expect(response.header("x-tollgate-warnings") == warning)
      let sent = try #require(provider.requests.first?.json["messages"][0]["content"].string)
      #expect(sent.hasPrefix("Begin. word ") && sent.hasSuffix(" word What is the end?"))
      #expect(sent.utf8.count < 1_200)
    }
  }

  @Test("a prompt within the limit, and every prompt where there is none, goes as it came")
  func untouched() throws {
    for (sections, prompt) in [(Self.trim, "Short?"), ("", Self.words)] {
      try trimming(sections: sections) { gateway, provider throws in
        let response = try gateway.generate(prompt)
        #expect(response.json["warnings"] == [])
        #expect(response.header("x-tollgate-warnings") == nil)
        #expect(provider.requests.first?.json["messages"][0]["content"].string == prompt)
      }
    }
  }

  @Test(
    "optimize_prompt trims to the file's limit, or else to 4,000 tokens",
    arguments: [(Self.trim, 200), ("", 4_000)])
  func asked(sections: String, limit: Int) throws {
    try trimming(sections: sections) { gateway, provider throws in
      let response = try gateway.generate(Self.words, #""optimize_prompt":true"#)
      let (_, after) = try #require(Self.sizes(in: response.json["warnings"][0].string ?? ""))
      #expect(after <= limit && after > limit * 3 / 4)
      let sent = try #require(provider.requests.first?.json["messages"][0]["content"].string)
      #expect(sent.utf8.count < 6 * limit)
    }
  }

  @Test("what is estimated, routed and paid for is the trimmed prompt")
  func estimate() throws {
    let body = #""max_tokens":10,"preferences":{"max_cost_per_request":0.001}"#
    try trimming(sections: "", keys: "context_window: 1000") { gateway, _ throws in
      #expect(try gateway.generate(Self.words, body).errorCode == "context_length_exceeded")
    }
    try trimming(keys: "context_window: 1000") { gateway, _ throws in
      #expect(try gateway.generate(Self.words, body).status == 200)
    }
  }

  @Test("a body that is encoded twice is trimmed as the object that it holds")
  func encodedTwice() throws {
    try trimming { gateway, provider throws in
      let body = GatewayProcess.body(Self.words).replacing("\"", with: "\\\"")
      let response = try gateway.send("POST", "/generate", "\"\(body)\"")
      #expect(response.json["warnings"].elements.count == 1)
      #expect((provider.requests.first?.body.count ?? 0) < 1_200)
    }
  }

  @Test("the short form has warnings where there are any")
  func shortForm() throws {
    try trimming { gateway, _ throws in
      let long = try gateway.send("POST", "/chat/completions", GatewayProcess.body(Self.words))
      #expect(long.json.keys == ["provider_used", "content", "latency_ms", "cost", "warnings"])
      #expect(long.header("x-tollgate-warnings") == long.json["warnings"][0].string)
      let short = try gateway.send("POST", "/chat/completions", GatewayProcess.body())
      #expect(short.json.keys == ["provider_used", "content", "latency_ms", "cost"])
    }
  }

  @Test("a stream says it in its head, and a native one in its last object")
  func streams() throws {
    try trimming(.stream()) { gateway, _ throws in
      let openAI = try gateway.chatStream(Self.words).response
      #expect(openAI.header("x-tollgate-warnings")?.hasPrefix("prompt trimmed from ") == true)
      let native = try gateway.generate(Self.words, #""stream":true"#)
      let whole = try JSONValue(parsing: try #require(native.events.dropLast().last))
      #expect(whole["warnings"][0].string == native.header("x-tollgate-warnings"))
      #expect(native.header("x-tollgate-warnings")?.isEmpty == false)
    }
  }

  @Test("OpenAI's and Anthropic's callers read it in the head, and the rest of their body goes on unchanged")
  func otherSurfaces() throws {
    let old = #"{"role":"user","content":"\#(Self.words)"}, {"role":"assistant","content":"Yes."} ,"#
    let kept = #"{"role" : "user","content":"Why?", "name":"n\u00fc"}"#
    try trimming { gateway, provider throws in
      let body = #"{"model":"auto","seed":1.50, "messages":[\#(old)\#(kept)],"unknown":{"x":null}}"#
      let response = try gateway.send("POST", "/v1/chat/completions", body)
      #expect(response.header("x-tollgate-warnings")?.hasPrefix("prompt trimmed from ") == true)
      #expect(response.json["warnings"] == nil)
      let sent = String(decoding: try #require(provider.requests.first).body, as: UTF8.self)
      #expect(
        sent == #"{"model":"first-model","seed":1.50, "messages":[\#(kept)],"unknown":{"x":null}}"#
          || sent.hasPrefix(
            #"{"model":"first-model","seed":1.50, "messages":[\#(kept)],"unknown":{"x":null}"#)
      )
    }
    try trimming { gateway, provider throws in
      let body = #"{"model":"auto","max_tokens":10,"system":"Be brief.","messages":[\#(old)\#(kept)]}"#
      let response = try gateway.send("POST", "/v1/messages", body)
      #expect(response.status == 200)
      #expect(response.header("x-tollgate-warnings")?.hasPrefix("prompt trimmed from ") == true)
      let sent = try #require(provider.requests.first).json["messages"].elements
      #expect(sent.map { $0["content"].string } == ["Be brief.", "Why?"])
    }
    let completion =
      #"{"object":"text_completion","choices":[{"index":0,"text":"Yes.","finish_reason":"stop"}],"usage":\#(ProviderReply.usage)}"#
    for (path, name, reply) in [
      ("/v1/completions", "prompt", ProviderReply.http(200, completion)),
      ("/v1/responses", "input", .answer()),
    ] {
      try trimming(reply) { gateway, provider throws in
        let response = try gateway.send("POST", path, #"{"model":"auto","\#(name)":"\#(Self.words)Why?"}"#)
        #expect(response.status == 200)
        #expect(response.header("x-tollgate-warnings")?.hasPrefix("prompt trimmed from ") == true)
        #expect((provider.requests.first?.body.count ?? 0) < 1_200)
      }
    }
  }
}
