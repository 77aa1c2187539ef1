import GatewayTypes
import Providers
import Testing

@Suite("Translation to and from Gemini")
struct GeminiTests {
  private static let body = #"""
    {"messages":[{"role":"system","content":"Be brief."},
    {"role":"user","content":[{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
    {"role":"assistant","content":"I call.","tool_calls":[
    {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"},"extra_content":{"google":{"thought_signature":"sig"}}},
    {"id":"c2","type":"function","function":{"name":"g","arguments":""}},{"id":"c3","type":"function","function":{"name":"h","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"{\"b\": 2}"},{"role":"tool","tool_call_id":"c2","content":"plain \"text\""},
    {"role":"tool","tool_call_id":"c3","content":"[1]"}],
    "max_tokens":9,"temperature":1.50,"top_p":0.9,"seed":7,"presence_penalty":0.1,"frequency_penalty":0.2,"stop":["a"],
    "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}],
    "tool_choice":{"type":"function","function":{"name":"f"}},
    "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}
    """#

  private func contents(signature: String) -> String {
    #"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"What?"},"#
      + #"{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},{"role":"model","parts":[{"text":"I call."},"#
      + #"{"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"\#(signature)"},"#
      + #"{"functionCall":{"id":"c2","name":"g","args":{}}},{"functionCall":{"id":"c3","name":"h","args":{}}}]},"#
      + #"{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"b": 2}}},"#
      + #"{"functionResponse":{"id":"c2","name":"g","response":{"output":"plain \"text\""}}},"#
      + #"{"functionResponse":{"id":"c3","name":"h","response":{"output":"[1]"}}}]}],"#
  }

  @Test("a chat completion with everything becomes a request to generate content")
  func openAIToGemini() throws {
    #expect(
      try upstreamBody(Self.body, .openAIChat, .gemini)
        == contents(signature: "sig")
        + #""tools":[{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object"}},{"name":"g"}]}],"#
        + #""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"#
        + #""generationConfig":{"maxOutputTokens":9,"temperature":1.50,"topP":0.9,"seed":7,"presencePenalty":0.1,"frequencyPenalty":0.2,"#
        + #""stopSequences":["a"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}}"#
    )
  }

  @Test("a call without its signature gets the word that stands for one, if the model needs it")
  func signatures() throws {
    let body = Self.body.split(separator: #","extra_content":{"google":{"thought_signature":"sig"}}"#)
      .joined()
    let request = try request(body, .openAIChat)
    func contents(_ model: String) throws -> String {
      text(
        try UpstreamBody.bytes(
          for: request, format: .gemini, model: model, maxTokens: nil, isStreaming: false))
    }
    #expect(
      try contents("gemini-3-pro").hasPrefix(self.contents(signature: "skip_thought_signature_validator")))
    #expect(try !contents("gemini-2.5-flash").contains("thoughtSignature"))
  }

  @Test("a message request becomes a request to generate content")
  func anthropicToGemini() throws {
    let body = #"""
      {"max_tokens":50,"system":"S","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
      {"type":"tool_use","id":"t1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,
      "content":[{"type":"text","text":"gone"},{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA=="}}]}]}],
      "top_k":4,"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}
      """#
    #expect(
      try upstreamBody(body, .anthropicMessages, .gemini, maxTokens: 40)
        == #"{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]},"#
        + #"{"role":"model","parts":[{"functionCall":{"id":"t1","name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"}]},"#
        + #"{"role":"user","parts":[{"functionResponse":{"id":"t1","name":"f","response":{"error":"gone"}}},"#
        + #"{"inlineData":{"mimeType":"image/jpeg","data":"AA=="}}]}],"#
        + #""tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}}]}],"#
        + #""toolConfig":{"functionCallingConfig":{"mode":"ANY"}},"generationConfig":{"maxOutputTokens":40,"topK":4}}"#
    )
  }

  @Test(
    "names what Gemini has nothing like",
    arguments: [
      (#""n":2"#, "n"), (#""logprobs":true"#, "logprobs"),
      (
        #""parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f"}}]"#,
        "parallel_tool_calls"
      ),
      (
        #""messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x"}}]}]"#,
        "messages[0].content[0].image_url.url"
      ),
      (#""messages":[{"role":"tool","tool_call_id":"c9","content":"x"}]"#, "messages"),
    ])
  func untranslatableOptions(option: String, param: String) {
    #expect(
      untranslatable(#"{"messages":[{"role":"user","content":"x"}],\#(option)}"#, .openAIChat, .gemini)
        == param)
  }

  private static let answer = #"""
    {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Hi "},{"text":"you"},
    {"functionCall":{"name":"f","args":{"a":"b"}},"thoughtSignature":"sig"},{"functionCall":{"id":"own","name":"g"}}]},"finishReason":"STOP","index":0}],
    "usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":5,"toolUsePromptTokenCount":3,"candidatesTokenCount":6,"thoughtsTokenCount":4,"totalTokenCount":33},
    "modelVersion":"gemini-x","responseId":"r-_1"}
    """#

  @Test("an answer of Gemini's becomes a chat completion, and a message")
  func answers() throws {
    #expect(
      try answered(Self.answer, .gemini, .openAIChat)
        == #"{"id":"chatcmpl-req_1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":"#
        + #"{"role":"assistant","content":"Hi you","refusal":null,"reasoning_content":"hm","tool_calls":["#
        + #"{"id":"call_r-_1_0","type":"function","function":{"name":"f","arguments":"{\"a\":\"b\"}"},"#
        + #""extra_content":{"google":{"thought_signature":"sig"}}},"#
        + #"{"id":"own","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"#
        + #""usage":{"prompt_tokens":23,"completion_tokens":10,"total_tokens":33,"prompt_tokens_details":{"cached_tokens":5},"#
        + #""completion_tokens_details":{"reasoning_tokens":4}}}"#)
    #expect(
      try answered(Self.answer, .gemini, .anthropicMessages)
        == #"{"id":"msg_req_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi you"},"#
        + #"{"type":"tool_use","id":"call_r-_1_0","name":"f","input":{"a":"b"}},{"type":"tool_use","id":"own","name":"g","input":{}}],"#
        + #""stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":18,"cache_creation_input_tokens":0,"#
        + #""cache_read_input_tokens":5,"output_tokens":10}}"#)
  }

  @Test(
    "reasons to stop have a counterpart",
    arguments: [
      ("STOP", "stop"), ("MAX_TOKENS", "length"), ("SAFETY", "content_filter"),
      ("RECITATION", "content_filter"),
      ("PROHIBITED_CONTENT", "content_filter"), ("OTHER", "content_filter"),
    ])
  func finishReasons(gemini: String, openAI: String) throws {
    let answer = #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"\#(gemini)"}]}"#
    #expect(try answered(answer, .gemini, .openAIChat).contains(#""finish_reason":"\#(openAI)""#))
  }

  @Test(
    "what is no answer is a failure",
    arguments: [
      ("{}", .malformedResponse), ("[]", .malformedResponse), (#"{"candidates":[]}"#, .malformedResponse),
      (#"{"candidates":[{"finishReason":"STOP"}]}"#, .malformedResponse),
      (#"{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}"#, .malformedResponse),
      (
        #"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#,
        .malformedResponse
      ),
      (
        #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5}}"#,
        .invalidRequest
      ),
      (#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x"}}"#, .rateLimited),
      (#"{"error":{"code":503,"status":"UNAVAILABLE","message":"overloaded"}}"#, .transient),
      (#"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"API key not valid."}}"#, .credential),
    ] as [(String, FailureClass)])
  func failures(body: String, expected: FailureClass) {
    #expect { try answered(body, .gemini, .openAIChat) } throws: {
      ($0 as? ProviderFailure)?.failureClass == expected
    }
    #expect(read("data: \(body)\n\n", .gemini).failure?.failureClass == expected)
  }

  @Test(
    "usage of Gemini's in the normal form, estimated when it cannot be",
    arguments: [
      (
        #"{"promptTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":15}"#,
        TokenUsage(uncachedInput: 9, output: 6)
      ),
      (#"{"promptTokenCount":9,"candidatesTokenCount":6}"#, TokenUsage(uncachedInput: 9, output: 6)),
      (#"{"promptTokenCount":9,"totalTokenCount":15}"#, TokenUsage(uncachedInput: 9, output: 6)),
      (
        #"{"promptTokenCount":9,"candidatesTokenCount":6,"thoughtsTokenCount":4,"totalTokenCount":19}"#,
        TokenUsage(uncachedInput: 9, output: 10, reasoning: 4)
      ),
      // Thoughts among the candidates.
      (
        #"{"promptTokenCount":9,"candidatesTokenCount":6,"thoughtsTokenCount":4,"totalTokenCount":15}"#,
        TokenUsage(uncachedInput: 9, output: 6, reasoning: 4)
      ),
      (
        #"{"promptTokenCount":9,"cachedContentTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":15}"#,
        TokenUsage(cacheRead: 9, output: 6)
      ),
      ("{}", nil), ("null", nil), (#"{"candidatesTokenCount":6}"#, nil), (#"{"promptTokenCount":9}"#, nil),
      // Nothing in it says what the rest of the total was.
      (
        #"{"promptTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":40}"#,
        TokenUsage(uncachedInput: 9, output: 31, isEstimated: true)
      ),
      (#"{"promptTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":14}"#, nil),
      (#"{"promptTokenCount":9,"cachedContentTokenCount":10,"candidatesTokenCount":6}"#, nil),
      (#"{"promptTokenCount":-9,"candidatesTokenCount":6}"#, nil),
      (#"{"promptTokenCount":9,"candidatesTokenCount":"6"}"#, nil),
      (#"{"promptTokenCount":9,"candidatesTokenCount":6,"thoughtsTokenCount":-4}"#, nil),
      (#"{"promptTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":1e9}"#, nil),
    ])
  func usage(usage: String, expected: TokenUsage?) throws {
    let body =
      #"{"candidates":[{"content":{"parts":[{"text":"abcdefgh"}]},"finishReason":"STOP"}],"usageMetadata":\#(usage)}"#
    let answer = try AnswerReader.answer(from: Array(body.utf8), format: .gemini, input: InputSize())
    #expect(answer.usage == expected ?? TokenUsage(output: 2, isEstimated: true))
  }

  private static let stream = [
    #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"modelVersion":"g"}"#,
    #"{"candidates":[{"content":{"parts":[{"text":"Hi \"é\""}]},"index":0}]}"#,
    #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}],"responseId":"r"}"#,
    #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"g","args":{}}}]}}],"responseId":"r"}"#,
    #"{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":6,"thoughtsTokenCount":2,"totalTokenCount":17}}"#,
  ].map { "data: \($0)\r\n\r\n" }.joined()

  @Test("reads a stream, wherever it is cut")
  func stream() {
    func slice(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }
    let expected: [StreamEvent] = [
      .reasoning(slice("hm"), choice: 0), .text(slice(#"Hi \"é\""#), choice: 0),
      .toolCall(
        ToolCallPiece(index: 0, id: slice("call_r_0"), name: slice("f"), arguments: slice(#"{\"a\":1}"#))),
      .toolCall(ToolCallPiece(index: 1, id: slice("call_r_1"), name: slice("g"), arguments: slice("{}"))),
      .finish(reason: "tool_calls", choice: 0), .end(raw: []),
    ]
    let bytes = Array(Self.stream.utf8)
    for cut in 0...bytes.count {
      var reader = StreamReader(format: .gemini, passesThrough: false)
      #expect(read([Array(bytes[..<cut]), Array(bytes[cut...])], with: &reader).events == expected)
      #expect(reader.usage(input: InputSize()) == TokenUsage(uncachedInput: 9, output: 8, reasoning: 2))
    }
  }

  @Test("a stream without a reason to stop has broken off")
  func everyEnd() {
    let bytes = Array(Self.stream.utf8)
    for end in 0..<bytes.count {
      var reader = StreamReader(format: .gemini, passesThrough: false)
      let outcome = read([Array(bytes[..<end])], with: &reader)
      #expect(outcome.isComplete == (outcome.failure == nil))
      // The last line feeds may be missing: a carriage return ends a line.
      #expect(!outcome.isComplete || end >= bytes.count - 1)
    }
  }
}
