import GatewayTypes
import JSON
import Providers
import Testing

@Suite("OpenAI's responses")
struct OpenAIResponsesTests {
  private static let body = #"""
    {"model":"auto","instructions":"Be brief.","input":[{"role":"developer","content":"Now."},{"role":"user","content":[
    {"type":"input_text","text":"What?"},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"}]},
    {"type":"reasoning","id":"rs","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I call."}]},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},
    {"type":"function_call_output","call_id":"c1","output":"42"}],
    "max_output_tokens":50,"temperature":0.5,"reasoning":{"effort":"low"},"user":"u","parallel_tool_calls":false,
    "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true}],
    "tool_choice":{"type":"function","name":"f"},"text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true}},
    "metadata":{"k":"v"}}
    """#

  @Test("reads what the gateway acts on")
  func decoding() throws {
    let request = try request(Self.body, .openAIResponses)
    #expect(request.maxTokens == 50)
    #expect(request.userID == "u")
    #expect(request.needs == [.tools, .images])
    #expect(request.inputSize.imageCount == 1)
    #expect(text(request.lastUserText()) == "What?")
    #expect(
      try ProvidersTests.request(#"{"input":"abc"}"#, .openAIResponses).inputSize.characters.byteCount == 3)
  }

  @Test(
    "names the field that is wrong",
    arguments: [
      ("{}", "input"), (#"{"input":null}"#, "input"), (#"{"input":7}"#, "input"), (#"{"input":[]}"#, "input"),
      (#"{"input":["x"]}"#, "input[0]"), (#"{"input":"x","max_output_tokens":0}"#, "max_output_tokens"),
      (#"{"input":"x","instructions":[]}"#, "instructions"), (#"{"input":"x","stream":1}"#, "stream"),
      (#"{"input":"x","tools":{}}"#, "tools"),
    ])
  func refused(body: String, param: String) {
    #expect { try request(body, .openAIResponses) } throws: { ($0 as? RequestError)?.param == param }
  }

  @Test("goes on byte for byte to a provider that has the endpoint")
  func passThrough() throws {
    #expect(UpstreamFormat(for: .openAIResponses, family: .openAI, servesResponses: true) == .openAIResponses)
    #expect(
      try upstreamBody(
        #"{"input":[{"type":"new"}],"previous_response_id":"r","stream":true,"max_output_tokens":50}"#,
        .openAIResponses, .openAIResponses, maxTokens: 40)
        == #"{"input":[{"type":"new"}],"previous_response_id":"r","stream":true,"max_output_tokens":40,"model":"m"}"#
    )
  }

  @Test("becomes a chat completion for a provider that has not")
  func toChat() throws {
    #expect(UpstreamFormat(for: .openAIResponses, family: .openAI) == .openAIChat)
    #expect(
      try upstreamBody(Self.body, .openAIResponses, .openAIChat, maxTokens: 40)
        == #"{"model":"m","messages":[{"role":"system","content":"Be brief.\n\nNow."},{"role":"user","content":["#
        + #"{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},"#
        + #"{"role":"assistant","content":"I call.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"#
        + #"{"role":"tool","tool_call_id":"c1","content":"42"}],"max_tokens":40,"temperature":0.5,"#
        + #""tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}],"#
        + #""tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"#
        + #""response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},"strict":true}},"#
        + #""reasoning_effort":"low","user":"u","stream":false}"#)
  }

  @Test(
    "names what only the endpoint itself can do",
    arguments: [
      (#""previous_response_id":"r""#, "previous_response_id"), (#""conversation":"c""#, "conversation"),
      (#""background":true"#, "background"), (#""tools":[{"type":"web_search"}]"#, "tools[0].type"),
      (#""tool_choice":{"type":"mcp"}"#, "tool_choice"),
      (#""text":{"format":{"type":"grammar"}}"#, "text.format.type"),
      (#""input":[{"type":"item_reference","id":"x"}]"#, "input[0].type"),
      (#""input":[{"role":"user","content":[{"type":"input_file"}]}]"#, "input[0].content[0].type"),
      (#""input":[{"role":"robot","content":"x"}]"#, "input[0].role"),
      (#""input":[{"type":"function_call","call_id":"c","name":"f","arguments":"x"}]"#, "input[0].arguments"),
      (#""input":[{"type":"function_call_output","output":"x"}]"#, "input[0].call_id"),
      (#""input":"""#, "input"),
    ])
  func untranslatableFields(field: String, param: String) {
    #expect(untranslatable(#"{"input":"x",\#(field)}"#, .openAIResponses, .openAIChat) == param)
  }

  private let repeated =
    #""instructions":null,"max_output_tokens":null,"metadata":{},"parallel_tool_calls":true,"previous_response_id":null,"#
    + #""reasoning":{"effort":null,"summary":null},"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","#
    + #""tools":[],"top_p":null,"truncation":"disabled","user":null,"store":false"#

  @Test("a chat completion becomes a response")
  func answer() throws {
    let answer = #"""
      {"choices":[{"message":{"content":"Hi","reasoning_content":"hm","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"length"}],
      "usage":{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}
      """#
    #expect(
      try answered(answer, .openAIChat, .openAIResponses)
        == #"{"id":"resp_req_1","object":"response","created_at":7,"status":"incomplete","error":null,"#
        + #""incomplete_details":{"reason":"max_output_tokens"},"model":"m","output":["#
        + #"{"id":"rs_req_1_0","type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}],"status":"completed"},"#
        + #"{"id":"msg_req_1_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}],"status":"completed"},"#
        + #"{"id":"fc_req_1_2","type":"function_call","call_id":"c1","name":"f","arguments":"{}","status":"completed"}],"#
        + repeated
        + #","usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":0},"output_tokens":6,"#
        + #""output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}}"#)
  }

  @Test("a stream of chat chunks becomes the events of a response")
  func streamFromChat() throws {
    func chunk(_ choice: String) -> String { #"data: {"choices":[\#(choice)]}"# + "\n\n" }
    let stream =
      chunk(#"{"delta":{"content":"Hi"}}"#) + chunk(#"{"delta":{"content":" you"}}"#)
      + chunk(#"{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}}"#)
      + chunk(#"{"delta":{},"finish_reason":"tool_calls"}"#)
      + #"data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6}}"# + "\n\ndata: [DONE]\n\n"
    let request = try request(#"{"input":"x","stream":true}"#, .openAIResponses)
    let output = translated(stream, .openAIChat, for: request)
    let events = output.split(separator: "\n\n").map { block in
      block.split(separator: "\n").map(String.init)
    }
    let names = events.map { String($0[0].dropFirst("event: ".count)) }
    #expect(
      names == [
        "response.created", "response.in_progress", "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
        "response.content_part.done", "response.output_item.done", "response.output_item.added",
        "response.function_call_arguments.delta", "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
      ])
    for (index, event) in events.enumerated() {
      let document = try JSONDocument(parsing: Array(event[1].dropFirst("data: ".count).utf8))
      #expect(document.member("sequence_number", of: document.root).flatMap { document.int($0) } == index)
      #expect(document.member("type", of: document.root).flatMap { document.string($0) } == names[index])
    }
    #expect(
      events[5][1]
        == #"data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_req_1_0","output_index":0,"#
        + #""content_index":0,"delta":" you","logprobs":[]}"#)
    #expect(events[6][1].contains(#""text":"Hi you""#))
    #expect(events[13][1].contains(#""status":"completed""#))
    #expect(events[13][1].contains(#""input_tokens":9"#))

    let broken = translated(String(stream.prefix(50)), .openAIChat, for: request)
    #expect(broken.contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":"))
    #expect(broken.contains(#""error":{"message":"it broke","type":"server_error","code":"x""#))
    #expect(!broken.contains("response.completed"))
  }

  private static let stream = [
    #"{"type":"response.created","response":{"id":"r","model":"gpt","error":null}}"#,
    #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message"}}"#,
    #"{"type":"response.output_text.delta","delta":"Hi"}"#,
    #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f"}}"#,
    #"{"type":"response.function_call_arguments.delta","delta":"{}"}"#,
    #"{"type":"response.completed","response":{"error":null,"usage":{"input_tokens":9,"output_tokens":6,"output_tokens_details":{"reasoning_tokens":2}}}}"#,
  ].map { "event: x\ndata: \($0)\n\n" }.joined()

  @Test("passes a stream of the endpoint's own on, with its usage")
  func ownStream() throws {
    var reader = StreamReader(format: .openAIResponses, passesThrough: true)
    let outcome = read([Array(Self.stream.utf8)], with: &reader)
    #expect(outcome.isComplete)
    #expect(outcome.raw == Array(Self.stream.utf8))
    #expect(reader.model == "gpt")
    #expect(reader.usage(input: InputSize()) == TokenUsage(uncachedInput: 9, output: 6, reasoning: 2))
    for end in 0..<Self.stream.utf8.count {
      var reader = StreamReader(format: .openAIResponses, passesThrough: true)
      #expect(!read([Array(Self.stream.utf8.prefix(end))], with: &reader).isComplete)
    }
  }

  @Test(
    "a failed response is a failure",
    arguments: [
      (#"{"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}"#, .transient),
      (#"{"type":"response.failed","response":{}}"#, .malformedResponse),
      (#"{"type":"error","code":"rate_limit_exceeded","message":"x"}"#, .rateLimited),
      (#"{}"#, .malformedResponse),
      (#"{"type":"response.completed"}"#, .malformedResponse),
      (#"{"type":"response.completed","response":{"output":[]}}"#, .malformedResponse),
    ] as [(String, FailureClass)])
  func failed(data: String, expected: FailureClass) {
    #expect(
      read("event: x\ndata: \(data)\n\n", .openAIResponses, passesThrough: true).failure?.failureClass
        == expected)
  }

  @Test("reads the endpoint's own answers")
  func ownAnswer() throws {
    let body = #"""
      {"model":"gpt","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[
      {"type":"output_text","text":"Hi"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}],
      "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":3},"output_tokens":6,"total_tokens":15}}
      """#
    let answer = try AnswerReader.answer(from: Array(body.utf8), format: .openAIResponses, input: InputSize())
    #expect(text(answer.escapedText) == "Hi")
    #expect(text(answer.escapedReasoning) == "hm")
    #expect(answer.toolCalls.count == 1)
    #expect(answer.finishReason == "tool_calls")
    #expect(answer.usage == TokenUsage(uncachedInput: 4, cacheRead: 2, cacheWrite: 3, output: 6))
    for malformed in [
      "{}", #"{"output":null}"#, #"{"output":[]}"#, #"{"status":"failed","error":{"code":"server_error"}}"#,
    ] {
      #expect(throws: ProviderFailure.self) {
        try AnswerReader.answer(from: Array(malformed.utf8), format: .openAIResponses, input: InputSize())
      }
    }
  }
}
