import GatewayTypes
import Providers
import Testing

@Suite("Streams to and from Anthropic")
struct AnthropicStreamTests {
  private static func event(_ name: String, _ data: String) -> String { "event: \(name)\ndata: \(data)\n\n" }

  private static let stream =
    event(
      "message_start",
      #"{"type":"message_start","message":{"id":"msg_1","model":"claude","content":[],"usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}"#
    ) + event("ping", #"{"type":"ping"}"#)
    + event(
      "content_block_start",
      #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#)
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#)
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}"#)
    + event("content_block_stop", #"{"type":"content_block_stop","index":0}"#)
    + event(
      "content_block_start",
      #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#)
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi \"é\""}}"#)
    + event("content_block_stop", #"{"type":"content_block_stop","index":1}"#)
    + event(
      "content_block_start",
      #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}"#
    )
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#)
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}"#
    )
    + event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":1}"}}"#)
    + event("content_block_stop", #"{"type":"content_block_stop","index":2}"#)
    + event(
      "content_block_start",
      #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{}}}"#
    )
    + event("content_block_stop", #"{"type":"content_block_stop","index":3}"#)
    + event(
      "message_delta",
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}}"#
    )
    + event("message_stop", #"{"type":"message_stop"}"#)

  private func slice(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

  @Test("reads thoughts, text, tool calls, usage and the end")
  func whole() {
    var reader = StreamReader(format: .anthropicMessages, passesThrough: false)
    let outcome = read([Array(Self.stream.utf8)], with: &reader)
    let expected: [StreamEvent] = [
      .reasoning(slice("hm"), choice: 0), .text(slice(#"Hi \"é\""#), choice: 0),
      .toolCall(ToolCallPiece(index: 0, id: slice("t1"), name: slice("f"))),
      .toolCall(ToolCallPiece(index: 0, arguments: slice(#"{\"a\""#))),
      .toolCall(ToolCallPiece(index: 0, arguments: slice(":1}"))),
      .toolCall(ToolCallPiece(index: 1, id: slice("t2"), name: slice("g"))),
      .toolCall(ToolCallPiece(index: 1, arguments: slice("{}"))), .finish(reason: "tool_calls", choice: 0),
      .end(raw: []),
    ]
    #expect(outcome.events == expected)
    #expect(reader.model == "claude")
    #expect(reader.usage(input: InputSize()) == TokenUsage(uncachedInput: 25, cacheRead: 5, output: 15))
  }

  @Test("gives the same events wherever the stream is cut, and passes its bytes on")
  func cuts() throws {
    let bytes = Array(Self.stream.utf8)
    let whole = read(Self.stream, .anthropicMessages)
    for cut in 0...bytes.count {
      var reader = StreamReader(format: .anthropicMessages, passesThrough: false)
      #expect(read([Array(bytes[..<cut]), Array(bytes[cut...])], with: &reader).events == whole.events)
    }
    let request = try request(
      #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#, .anthropicMessages)
    #expect(translated(Self.stream, .anthropicMessages, for: request) == Self.stream)
  }

  @Test("a stream that ends before its reason to stop is a failure")
  func everyEnd() throws {
    let bytes = Array(Self.stream.utf8)
    for end in 0..<bytes.count {
      var reader = StreamReader(format: .anthropicMessages, passesThrough: true)
      let outcome = read([Array(bytes[..<end])], with: &reader)
      #expect(outcome.isComplete == (outcome.failure == nil))
      if outcome.isComplete { #expect(reader.finishReason == "tool_calls") }
    }
  }

  @Test("a missing message_stop behind the reason to stop is made up for")
  func missingStop() throws {
    let request = try request(
      #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#, .anthropicMessages)
    let last = Self.event("message_stop", #"{"type":"message_stop"}"#)
    #expect(
      translated(String(Self.stream.dropLast(last.count)), .anthropicMessages, for: request) == Self.stream)
  }

  @Test("a message's start and pings are no token yet")
  func firstToken() {
    var reader = StreamReader(format: .anthropicMessages, passesThrough: true)
    var events: [StreamEvent] = []
    for (index, block) in Self.stream.split(separator: "\n\n").enumerated() {
      reader.read(Array("\(block)\n\n".utf8).span, into: &events)
      #expect(reader.hasToken == (index >= 3), "after \(block)")
    }
  }

  @Test("a stream that is left is charged for what had come")
  func left() {
    var reader = StreamReader(format: .anthropicMessages, passesThrough: true)
    let start = Self.stream.split(separator: "\n\n").prefix(8).joined(separator: "\n\n") + "\n\n"
    _ = read([Array(start.utf8)], with: &reader)
    #expect(
      reader.usage(input: InputSize())
        == TokenUsage(uncachedInput: 25, cacheRead: 5, output: 3, isEstimated: true))
  }

  @Test(
    "an error event is the failure that it names",
    arguments: [
      ("overloaded_error", .transient), ("api_error", .transient), ("rate_limit_error", .rateLimited),
      ("invalid_request_error", .invalidRequest), ("authentication_error", .credential),
    ] as [(String, FailureClass)])
  func errors(type: String, expected: FailureClass) {
    let error = Self.event("error", #"{"type":"error","error":{"type":"\#(type)","message":"x"}}"#)
    #expect(read(error, .anthropicMessages).failure?.failureClass == expected)
    #expect(read(error, .anthropicMessages, passesThrough: true).failure?.failureClass == expected)
  }

  @Test(
    "damage is a failure",
    arguments: [
      #"{}"#, #"{"type":"message_stop"}"#, "x", "[]",
      #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}"#,
    ])
  func damage(data: String) {
    #expect(read(Self.event("x", data), .anthropicMessages).failure?.failureClass == .malformedResponse)
  }

  @Test("becomes the chunks of a chat completion")
  func toOpenAI() throws {
    let body =
      #"{"messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}}"#
    func chunk(_ delta: String, _ finish: String = "null") -> String {
      #"data: {"id":"chatcmpl-req_1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"#
        + #""delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}],"usage":null}"# + "\n\n"
    }
    #expect(
      translated(Self.stream, .anthropicMessages, for: try request(body, .openAIChat))
        == chunk(#"{"role":"assistant","content":""}"#) + chunk(#"{"reasoning_content":"hm"}"#)
        + chunk(#"{"content":"Hi \"é\""}"#)
        + chunk(
          #"{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}"#)
        + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"#)
        + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}"#)
        + chunk(
          #"{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":""}}]}"#)
        + chunk(#"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#)
        + chunk("{}", #""tool_calls""#)
        + #"data: {"id":"chatcmpl-req_1","object":"chat.completion.chunk","created":7,"model":"m","choices":[],"#
        + #""usage":{"prompt_tokens":30,"completion_tokens":15,"total_tokens":45,"prompt_tokens_details":{"cached_tokens":5},"#
        + #""completion_tokens_details":{"reasoning_tokens":0}}}"# + "\n\ndata: [DONE]\n\n")
  }

  @Test("is made of the chunks of a chat completion")
  func fromOpenAI() throws {
    func chunk(_ choice: String) -> String { #"data: {"choices":[\#(choice)]}"# + "\n\n" }
    let stream =
      chunk(#"{"delta":{"role":"assistant","content":""}}"#) + chunk(#"{"delta":{"reasoning_content":"hm"}}"#)
      + chunk(#"{"delta":{"content":"Hi"}}"#) + chunk(#"{"delta":{"content":" you"}}"#)
      + chunk(#"{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":""}}]}}"#)
      + chunk(#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}"#)
      + chunk(#"{"delta":{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"{}"}}]}}"#)
      + chunk(#"{"delta":{},"finish_reason":"tool_calls"}"#)
      + #"data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6}}"# + "\n\ndata: [DONE]\n\n"
    let e = Self.event
    let request = try request(
      #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#, .anthropicMessages)
    #expect(
      translated(stream, .openAIChat, for: request)
        == e(
          "message_start",
          #"{"type":"message_start","message":{"id":"msg_req_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}"#
        )
        + e(
          "content_block_start",
          #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#)
        + e(
          "content_block_delta",
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#)
        + e(
          "content_block_delta",
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" you"}}"#)
        + e("content_block_stop", #"{"type":"content_block_stop","index":0}"#)
        + e(
          "content_block_start",
          #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}}"#
        )
        + e(
          "content_block_delta",
          #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#
        )
        + e("content_block_stop", #"{"type":"content_block_stop","index":1}"#)
        + e(
          "content_block_start",
          #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_req_1_1","name":"g","input":{}}}"#
        )
        + e(
          "content_block_delta",
          #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#
        )
        + e("content_block_stop", #"{"type":"content_block_stop","index":2}"#)
        + e(
          "message_delta",
          #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":6}}"#
        )
        + e("message_stop", #"{"type":"message_stop"}"#))
    #expect(
      translated(String(stream.prefix(200)), .openAIChat, for: request).hasSuffix(
        e(
          "error", #"{"type":"error","error":{"type":"api_error","message":"it broke"},"request_id":"req_1"}"#
        )))
  }
}
