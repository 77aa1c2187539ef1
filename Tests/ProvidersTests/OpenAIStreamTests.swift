import GatewayTypes
import JSON
import Providers
import Testing

@Suite("StreamReader for OpenAI")
struct OpenAIStreamTests {
  private static let stream = """
    data: {"id":"c","model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

    data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi\\n"},"finish_reason":null}],"usage":null}

    : keep-alive

    data: {"id":"c","choices":[{"index":0,"delta":{"content":"\\u00e9 \u{1F600}"},"finish_reason":null}]}

    data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

    data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}}

    data: [DONE]


    """

  private func event(_ choice: String) -> String { #"data: {"choices":[\#(choice)]}"# + "\n\n" }

  @Test("reads text, the reason to stop, the model and the usage")
  func whole() {
    var reader = StreamReader(format: .openAIChat, passesThrough: false)
    let outcome = read([Array(Self.stream.utf8)], with: &reader)
    #expect(
      outcome.events == [
        .text(Array(#"Hi\n"#.utf8)[...], choice: 0), .text(Array("\\u00e9 😀".utf8)[...], choice: 0),
        .finish(reason: "stop", choice: 0), .end(raw: []),
      ])
    #expect(reader.model == "gpt-x")
    #expect(reader.finishReason == "stop")
    #expect(reader.usage(input: InputSize()) == TokenUsage(uncachedInput: 9, output: 6))
    #expect(reader.characters.byteCount == 3 + 2 + 1 + 4)
  }

  @Test("gives the same events wherever the stream is cut", arguments: [false, true])
  func cuts(passesThrough: Bool) {
    for lineEnd in ["\n", "\r\n", "\r"] {
      let bytes = Array(
        Self.stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd).utf8)
      var reader = StreamReader(format: .openAIChat, passesThrough: passesThrough)
      let whole = read([bytes], with: &reader)
      #expect(whole.isComplete)
      for cut in 0...bytes.count {
        var reader = StreamReader(format: .openAIChat, passesThrough: passesThrough)
        let outcome = read([Array(bytes[..<cut]), Array(bytes[cut...])], with: &reader)
        #expect(outcome.events == whole.events, "cut at \(cut)")
        // The line feed behind the last carriage return may come when all is over.
        guard passesThrough else { continue }
        #expect(outcome.raw == whole.raw || outcome.raw + [10] == whole.raw, "cut at \(cut)")
      }
    }
  }

  @Test("what passes through is the stream's bytes, with only the usage event left out")
  func passThrough() throws {
    let body = #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#
    let hidden = try ChatRequest(openAIChat: RequestBody.object(from: Array(body.utf8)))
    let usageEvent = Self.stream.split(separator: "\n").first { $0.contains("prompt_tokens") }.map {
      $0 + "\n\n"
    }
    let expected = Self.stream.split(separator: try #require(usageEvent)).joined()
    #expect(translated(Self.stream, .openAIChat, for: hidden) == expected)

    let asking = body.dropLast() + #","stream_options":{"include_usage":true}}"#
    let shown = try ChatRequest(openAIChat: RequestBody.object(from: Array(asking.utf8)))
    #expect(translated(Self.stream, .openAIChat, for: shown) == Self.stream)
  }

  @Test("a stream cut anywhere is either whole or a failure, and never has an invented end")
  func everyEnd() throws {
    let bytes = Array(Self.stream.utf8)
    let finishEvent = try #require(Self.stream.split(separator: "\n").first { $0.contains(#""stop""#) })
    let finished = Self.stream.utf8.distance(from: Self.stream.startIndex, to: finishEvent.endIndex) + 2
    for end in 0..<bytes.count {
      var reader = StreamReader(format: .openAIChat, passesThrough: false)
      let outcome = read([Array(bytes[..<end])], with: &reader)
      #expect(outcome.isComplete == (outcome.failure == nil))
      // A cut behind the reason to stop takes nothing from the answer.
      #expect(outcome.isComplete == (end >= finished))
      if outcome.isComplete { #expect(outcome.text == #"Hi\n\u00e9 😀"#) }
      if !outcome.isComplete { #expect(outcome.failure?.failureClass == .malformedResponse) }
    }
  }

  @Test("lines broken anywhere lose no text unseen", arguments: ["\n", "\n\n", "\r", "\u{0}", "x\n"])
  func brokenLines(garbage: String) {
    let bytes = Array(Self.stream.utf8)
    let whole = read(Self.stream, .openAIChat).text
    for place in 0...bytes.count {
      let broken = Array(bytes[..<place]) + Array(garbage.utf8) + Array(bytes[place...])
      for passesThrough in [false, true] {
        var reader = StreamReader(format: .openAIChat, passesThrough: passesThrough)
        let outcome = read([broken], with: &reader)
        #expect(outcome.isComplete == (outcome.failure == nil))
        let isWhole = passesThrough || outcome.text == whole
        // A letter more in a name or a text cannot be told from what was meant.
        #expect(!outcome.isComplete || isWhole || garbage == "\u{0}", "at \(place)")
      }
    }
  }

  @Test("a missing [DONE] behind a reason to stop is no fault; the caller gets one")
  func missingDone() throws {
    let stream = event(#"{"delta":{"content":"a"}}"#) + event(#"{"delta":{},"finish_reason":"length"}"#)
    #expect(read(stream, .openAIChat).isComplete)
    let body = #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#
    let request = try ChatRequest(openAIChat: RequestBody.object(from: Array(body.utf8)))
    #expect(translated(stream, .openAIChat, for: request) == stream + "data: [DONE]\n\n")
  }

  @Test("all answers that were asked for must be whole")
  func parallelAnswers() {
    let first = event(#"{"index":0,"delta":{"content":"a"}}"#) + event(#"{"index":0,"finish_reason":"stop"}"#)
    let second = event(#"{"index":1,"delta":{"content":"b"}}"#)
    let secondEnd = event(#"{"index":1,"delta":{},"finish_reason":"stop"}"#)
    #expect(!read(first, .openAIChat, choiceCount: 2).isComplete)
    #expect(!read(first + second, .openAIChat, choiceCount: 2).isComplete)
    #expect(!read(first + second, .openAIChat).isComplete)
    #expect(read(first + second + secondEnd, .openAIChat, choiceCount: 2).isComplete)
  }

  @Test("reads thoughts, refusals and tool calls")
  func otherDeltas() {
    func slice(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }
    let stream =
      event(#"{"delta":{"reasoning_content":"hm","content":null}}"#) + event(#"{"delta":{"reasoning":"so"}}"#)
      + event(#"{"delta":{"reasoning":"x","reasoning_content":"y"}}"#) + event(#"{"delta":{"refusal":"no"}}"#)
      + event(#"{"delta":{"content":[{"type":"thinking","thinking":[{"text":"t"}]},{"text":"c"}]}}"#)
      + event(#"{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":""}}]}}"#)
      + event(#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}"#)
      + event(#"{"delta":{"tool_calls":[{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}}]}}"#)
      + event(#"{"delta":{},"finish_reason":"tool_calls"}"#) + "data: [DONE]\n\n"
    let expected: [StreamEvent] = [
      .reasoning(slice("hm"), choice: 0), .reasoning(slice("so"), choice: 0),
      .reasoning(slice("y"), choice: 0),
      .refusal(slice("no"), choice: 0), .reasoning(slice("t"), choice: 0), .text(slice("c"), choice: 0),
      .toolCall(ToolCallPiece(index: 0, id: slice("c1"), name: slice("f"))),
      .toolCall(ToolCallPiece(index: 0, arguments: slice(#"{\"a\""#))),
      .toolCall(ToolCallPiece(index: 1, id: slice("c2"), name: slice("g"), arguments: slice("{}"))),
      .finish(reason: "tool_calls", choice: 0), .end(raw: []),
    ]
    #expect(read(stream, .openAIChat).events == expected)
  }

  @Test(
    "what comes before the first token is none",
    arguments: [
      ": comment\n\n", "data: {}\n\n", #"data: {"choices":[]}"# + "\n\n", "event: ping\ndata: {}\n\n",
      "data\n\n",
      #"data: {"choices":[{"delta":{"role":"assistant","content":""}}]}"# + "\n\n",
      #"data: {"choices":[{"delta":{"content":null},"finish_reason":null}]}"# + "\n\n",
      #"data: {"choices":[{"delta":{"content":"cut off"#,
    ])
  func noToken(stream: String) {
    var reader = StreamReader(format: .openAIChat, passesThrough: true)
    var events: [StreamEvent] = []
    reader.read(Array(stream.utf8).span, into: &events)
    #expect(!reader.hasToken)
    #expect(!reader.isComplete)
    reader.finish(into: &events)
    guard case .failure(let failure) = events.last else { return #expect(Bool(false), "no failure") }
    #expect(failure.failureClass == .malformedResponse)
  }

  @Test(
    "damage is a failure, and nothing follows it",
    arguments: [
      "data: {\n\n", "data: x\n\n", "data: [1]\n\n", "data: null\n\n", "data: {} {}\n\n", "<html>\n\n",
      "dXta: {}\n\n", "data: [DONE]\n\n", "data: {\"a\":\"\u{1}\"}\n\n", "data: {\"a\":\ndata: }\n\n",
      #"data: {"choices":[{"index":-1,"delta":{"content":"a"}}]}"# + "\n\n",
      #"data: {"choices":[{"index":128,"delta":{"content":"a"}}]}"# + "\n\n",
      #"data: {"choices":[{"delta":{"tool_calls":[{"index":-1,"function":{"name":"f"}}]}}]}"# + "\n\n",
      #"data: {"choices":[{"delta":{"content":"a"},"finish_reason":"error"}]}"# + "\n\n",
      #"data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f"}},{"index":1,"function":{"name":"g"}},{"index":0,"function":{"arguments":"x"}}]}}]}"#
        + "\n\n",
    ])
  func damage(stream: String) {
    let outcome = read(stream + event(#"{"delta":{"content":"late"},"finish_reason":"stop"}"#), .openAIChat)
    #expect(outcome.failure?.failureClass == .malformedResponse)
    #expect(outcome.events.last == outcome.failure.map { .failure($0) })
    #expect(!outcome.text.contains("late"))
  }

  @Test(
    "an error in a stream is the failure that it names",
    arguments: [
      (#"data: {"error":{"message":"x","type":"server_error"}}"#, .transient),
      (#"data: {"error":{"message":"x","code":429}}"#, .rateLimited),
      (#"data: {"error":{"code":"context_length_exceeded"}}"#, .contextTooLong),
      ("event: error\n" + #"data: {"message":"x","type":"rate_limit_error"}"#, .rateLimited),
      (#"data: {"choices":[{"error":{"code":502,"message":"x"},"delta":{"content":""}}]}"#, .transient),
      (#"data: {"error":"odd"}"#, .malformedResponse),
    ] as [(String, FailureClass)])
  func errors(stream: String, expected: FailureClass) {
    let before = event(#"{"delta":{"content":"a"}}"#)
    #expect(read(before + stream + "\n\n", .openAIChat).failure?.failureClass == expected)
    #expect(read(stream + "\n\n", .openAIChat, passesThrough: true).failure?.failureClass == expected)
  }

  @Test("the last usage counts; a stream that broke off is charged for what came at least")
  func usage() {
    func usage(_ stream: String) -> TokenUsage {
      var reader = StreamReader(format: .openAIChat, passesThrough: true)
      _ = read([Array(stream.utf8)], with: &reader)
      return reader.usage(input: Self.input)
    }
    let text = event(#"{"delta":{"content":"abcdefghijklmnop"}}"#)
    let counted = #"data: {"usage":{"prompt_tokens":5,"completion_tokens":1},"choices":[]}"# + "\n\n"
    let recounted = #"data: {"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":3}}}"# + "\n\n"
    let end = event(#"{"delta":{},"finish_reason":"stop"}"#)
    #expect(usage(text + counted + end + recounted) == TokenUsage(uncachedInput: 5, output: 3))
    #expect(usage(text + end + counted) == TokenUsage(uncachedInput: 5, output: 1))
    #expect(usage(text + counted) == TokenUsage(uncachedInput: 5, output: 4, isEstimated: true))
    #expect(usage(text + end) == TokenUsage(uncachedInput: 10, output: 4, isEstimated: true))
    #expect(usage("") == TokenUsage(uncachedInput: 10, isEstimated: true))
    let impossible = #"data: {"usage":{"prompt_tokens":-5,"completion_tokens":1},"choices":[]}"# + "\n\n"
    #expect(usage(text + end + impossible) == TokenUsage(uncachedInput: 10, output: 4, isEstimated: true))
  }

  private static let input: InputSize = {
    var size = InputSize()
    size.characters.oneByte = 24
    size.characters.letters = 24
    size.messageCount = 1
    return size
  }()
}
