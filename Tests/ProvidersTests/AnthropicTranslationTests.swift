import GatewayTypes
import Providers
import Testing

@Suite("Translation to and from Anthropic")
struct AnthropicTranslationTests {
  @Test("a chat completion with everything becomes a message request")
  func openAIToAnthropic() throws {
    let body = #"""
      {"messages":[{"role":"system","content":"Be \"brief\"."},{"role":"developer","content":[{"type":"text","text":"Now."}]},
      {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO\/w=="}},
      {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}}]},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1.0}"}},
      {"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
      {"role":"tool","tool_call_id":"c1","content":"42"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"no"}]},
      {"role":"user","content":"And?"}],
      "max_completion_tokens":9,"temperature":1.50,"top_p":0.9,"stop":"END","user":"u","stream":true,"parallel_tool_calls":false,
      "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}},"strict":true}},
      {"type":"function","function":{"name":"g"}}],"tool_choice":"required",
      "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},"strict":true}},"seed":7,"store":true}
      """#
    #expect(
      try upstreamBody(body, .openAIChat, .anthropicMessages)
        == #"{"model":"m","max_tokens":9,"system":[{"type":"text","text":"Be \"brief\"."},{"type":"text","text":"Now."}],"#
        + #""messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},"#
        + #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO/w=="}},"#
        + #"{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},"#
        + #"{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1.0}},"#
        + #"{"type":"tool_use","id":"c2","name":"g","input":{}}]},"#
        + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"42"}]},"#
        + #"{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"no"}]},{"type":"text","text":"And?"}]}],"#
        + #""temperature":1,"top_p":0.9,"stop_sequences":["END"],"#
        + #""tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{"type":"number"}}}},"#
        + #"{"name":"g","input_schema":{"type":"object","properties":{}}}],"#
        + #""tool_choice":{"type":"any","disable_parallel_tool_use":true},"#
        + #""output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"#
        + #""metadata":{"user_id":"u"},"stream":true}"#)
  }

  @Test("a message request with everything becomes a chat completion")
  func anthropicToOpenAI() throws {
    let body = #"""
      {"model":"x","max_tokens":50,"system":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}},{"type":"text","text":"B"}],
      "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},
      {"type":"text","text":"I call."},{"type":"tool_use","id":"t1","name":"f","input":{"q":"a\nb"}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"gone"},
      {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA=="}}]},{"type":"text","text":"Well?"}]}],
      "stop_sequences":["a","b"],"temperature":0.5,"top_k":4,"metadata":{"user_id":"u"},"thinking":{"type":"enabled","budget_tokens":10},
      "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}}
      """#
    #expect(
      try upstreamBody(body, .anthropicMessages, .openAIChat, maxTokens: 40)
        == #"{"model":"m","messages":[{"role":"system","content":"A\n\nB"},{"role":"user","content":"Hi"},"#
        + #"{"role":"assistant","content":"I call.","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","#
        + #""arguments":"{\"q\":\"a\\nb\"}"}}]},{"role":"tool","tool_call_id":"t1","content":"Error: gone"},"#
        + #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AA=="}},{"type":"text","text":"Well?"}]}],"#
        + #""max_tokens":40,"temperature":0.5,"stop":["a","b"],"#
        + #""tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],"#
        + #""tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"user":"u","stream":false}"#
    )
  }

  @Test("what speaks Anthropic already goes on byte for byte but for the gateway's fields")
  func passThrough() throws {
    let rest =
      #", "thinking":{"type":"enabled"},"messages":[{"role":"user","content":[{"type":"new"}]}],"x":1.0}"#
    #expect(
      try upstreamBody(
        #"{ "model":"a","max_tokens":50"# + rest, .anthropicMessages, .anthropicMessages, maxTokens: 40)
        == #"{ "model":"m","max_tokens":40"# + rest)
  }

  @Test("the native surface becomes a message request")
  func generate() throws {
    #expect(
      try upstreamBody(
        #"{"prompt":"x","system":"s","temperature":0.5,"user_id":"u"}"#, .generate, .anthropicMessages)
        == #"{"model":"m","max_tokens":4096,"system":[{"type":"text","text":"s"}],"#
        + #""messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"temperature":0.5,"stream":false}"#
    )
  }

  @Test(
    "names what Anthropic has nothing like",
    arguments: [
      (#""n":2"#, "n"), (#""logprobs":true"#, "logprobs"), (#""logit_bias":{"5":1}"#, "logit_bias"),
      (#""presence_penalty":0.5"#, "presence_penalty"), (#""frequency_penalty":-1"#, "frequency_penalty"),
      (#""response_format":{"type":"json_object"}"#, "response_format.type"),
      (#""response_format":{"type":"grammar"}"#, "response_format.type"),
      (#""tools":[{"type":"custom","custom":{}}]"#, "tools[0].type"), (#""tools":[7]"#, "tools[0]"),
      (#""tools":[{"type":"function","function":{}}]"#, "tools[0].function.name"),
      (#""tool_choice":"sometimes""#, "tool_choice"),
      (#""tool_choice":{"type":"allowed_tools"}"#, "tool_choice"),
      (#""stop":7"#, "stop"), (#""stop":["a",7]"#, "stop[1]"), (#""temperature":"hot""#, "temperature"),
      (#""functions":[{"name":"f"}]"#, "functions"),
      (#""tool_choice":{"type":"function","function":{}}"#, "tool_choice.function.name"),
      (#""audio":{"voice":"x"}"#, "audio"), (#""web_search_options":{"a":1}"#, "web_search_options"),
    ])
  func untranslatableOptions(option: String, param: String) {
    let body = #"{"messages":[{"role":"user","content":"x"}],\#(option)}"#
    #expect(untranslatable(body, .openAIChat, .anthropicMessages) == param)
    #expect(untranslatable(body, .openAIChat, .openAIChat) == nil)
  }

  @Test(
    "leaves out options that say nothing",
    arguments: [
      #""n":1"#, #""logprobs":false"#, #""logit_bias":{}"#, #""presence_penalty":0"#,
      #""frequency_penalty":-0.0e5"#,
      #""response_format":{"type":"text"}"#, #""tools":[]"#, #""tools":null,"stop":null"#,
      #""store":true,"seed":1"#,
    ])
  func harmless(option: String) throws {
    let body = #"{"messages":[{"role":"user","content":"x"}],\#(option)}"#
    #expect(
      try upstreamBody(body, .openAIChat, .anthropicMessages)
        == #"{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"stream":false}"#
    )
  }

  @Test(
    "names the message that cannot be translated",
    arguments: [
      (#"{"role":"robot","content":"x"}"#, "messages[0].role"), (#"{"content":"x"}"#, "messages[0].role"),
      (#"{"role":7,"content":"x"}"#, "messages[0].role"),
      (#"{"role":"user","content":7}"#, "messages[0].content"),
      (#"{"role":"user","content":[{"type":"input_audio"}]}"#, "messages[0].content[0].type"),
      (#"{"role":"user","content":[{"type":"text"}]}"#, "messages[0].content[0].text"),
      (#"{"role":"user","content":["x"]}"#, "messages[0].content[0]"),
      (
        #"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#,
        "messages[0].content[0].image_url.url"
      ),
      (#"{"role":"tool","content":"x"}"#, "messages[0].tool_call_id"),
      (
        #"{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"[1]"}}]}"#,
        "messages[0].tool_calls[0].function.arguments"
      ),
      (
        #"{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{"}}]}"#,
        "messages[0].tool_calls[0].function.arguments"
      ),
      (#"{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}"#, "messages[0].tool_calls[0].id"),
      (#"{"role":"assistant","tool_calls":[{"id":"c","type":"custom"}]}"#, "messages[0].tool_calls[0].type"),
      (#"{"role":"user","content":""}"#, "messages"), (#"{"role":"system","content":"s"}"#, "messages"),
    ])
  func untranslatableMessages(message: String, param: String) {
    #expect(untranslatable(#"{"messages":[\#(message)]}"#, .openAIChat, .anthropicMessages) == param)
  }

  @Test(
    "names what only Anthropic has",
    arguments: [
      (#""tools":[{"type":"web_search_20250305","name":"web_search"}]"#, "tools[0].type"),
      (#""mcp_servers":[{"url":"x"}]"#, "mcp_servers"),
      (#""tool_choice":{"type":"new"}"#, "tool_choice.type"),
      (#""output_config":{"format":{"type":"xml"}}"#, "output_config.format.type"),
      (#""system":[{"type":"image"}]"#, "system[0].text"), (#""stop_sequences":[1]"#, "stop_sequences[0]"),
    ])
  func onlyAnthropic(option: String, param: String) {
    let body = #"{"messages":[{"role":"user","content":"x"}],\#(option)}"#
    #expect(untranslatable(body, .anthropicMessages, .openAIChat) == param)
    #expect(untranslatable(body, .anthropicMessages, .anthropicMessages) == nil)
    let document = #"{"messages":[{"role":"user","content":[{"type":"document","source":{}}]}]}"#
    #expect(untranslatable(document, .anthropicMessages, .openAIChat) == "messages[0].content[0].type")
  }

  @Test("an answer of Anthropic's becomes a chat completion")
  func answerToOpenAI() throws {
    let answer = #"""
      {"id":"msg_x","type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"hm","signature":"s"},
      {"type":"text","text":"Hi \u00e9"},{"type":"tool_use","id":"t1","name":"f","input":{"a":"b"}}],"stop_reason":"tool_use","stop_sequence":null,
      "usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":5}}
      """#
    #expect(
      try answered(answer, .anthropicMessages, .openAIChat)
        == #"{"id":"chatcmpl-req_1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":"#
        + #"{"role":"assistant","content":"Hi \u00e9","refusal":null,"reasoning_content":"hm","tool_calls":[{"id":"t1","type":"function","#
        + #""function":{"name":"f","arguments":"{\"a\":\"b\"}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"#
        + #""usage":{"prompt_tokens":17,"completion_tokens":5,"total_tokens":22,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},"#
        + #""completion_tokens_details":{"reasoning_tokens":0}}}"#)
    #expect(try answered(answer, .anthropicMessages, .anthropicMessages) == answer)
  }

  @Test("an answer of OpenAI's becomes a message")
  func answerToAnthropic() throws {
    let answer = #"""
      {"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"hm","tool_calls":[
      {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"type":"function","function":{"name":"g","arguments":"oops"}}]},
      "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":17,"completion_tokens":5,"total_tokens":22,"prompt_tokens_details":{"cached_tokens":4}}}
      """#
    #expect(
      try answered(answer, .openAIChat, .anthropicMessages)
        == #"{"id":"msg_req_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"},"#
        + #"{"type":"tool_use","id":"c1","name":"f","input":{"a": 1}},{"type":"tool_use","id":"call_req_1_1","name":"g","#
        + #""input":{"invalid_json":"oops"}}],"stop_reason":"tool_use","stop_sequence":null,"#
        + #""usage":{"input_tokens":13,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":5}}"#
    )
  }

  @Test(
    "reasons to stop have a counterpart",
    arguments: [
      ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"), ("tool_use", "tool_calls"),
      ("refusal", "content_filter"), ("pause_turn", "stop"), ("model_context_window_exceeded", "length"),
    ])
  func stopReasons(anthropic: String, openAI: String) throws {
    let answer = #"{"content":[{"type":"text","text":"a"}],"stop_reason":"\#(anthropic)"}"#
    #expect(try answered(answer, .anthropicMessages, .openAIChat).contains(#""finish_reason":"\#(openAI)""#))
  }

  @Test(
    "what is no message is malformed",
    arguments: [
      "", "{}", "[]", #"{"content":null}"#, #"{"content":"x"}"#, #"{"content":[]}"#, #"{"content":[7]}"#,
      #"{"content":[{}]}"#,
      #"{"content":[{"type":"text","text":"cut"#, #"{"choices":[]}"#,
      #"{"content":[{"type":"thinking","thinking":"x"}]}"#,
    ])
  func malformed(body: String) {
    #expect { try answered(body, .anthropicMessages, .openAIChat) } throws: {
      ($0 as? ProviderFailure)?.failureClass == .malformedResponse
    }
  }

  @Test(
    "usage of Anthropic's in the normal form, estimated when it cannot be",
    arguments: [
      (#"{"input_tokens":10,"output_tokens":5}"#, TokenUsage(uncachedInput: 10, output: 5)),
      (
        #"{"input_tokens":10,"output_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":3}}"#,
        TokenUsage(uncachedInput: 10, cacheWrite: 5, cacheWriteOneHour: 3, output: 5)
      ),
      (
        #"{"input_tokens":0,"cache_read_input_tokens":9,"output_tokens":5,"cache_creation_input_tokens":null}"#,
        TokenUsage(cacheRead: 9, output: 5)
      ),
      (
        #"{"input_tokens":10,"output_tokens":5,"output_tokens_details":{"thinking_tokens":3}}"#,
        TokenUsage(uncachedInput: 10, output: 5, reasoning: 3)
      ),
      (#"{"input_tokens":10,"output_tokens":5,"output_tokens_details":{"thinking_tokens":6}}"#, nil),
      (#"{"input_tokens":-1,"output_tokens":5}"#, nil), (#"{"input_tokens":"9","output_tokens":5}"#, nil),
      (#"{"input_tokens":9}"#, nil), (#"{"output_tokens":9}"#, nil),
      (#"{"input_tokens":9,"output_tokens":0}"#, nil),
      (#"{"input_tokens":9,"output_tokens":1.5}"#, nil), (#"{"input_tokens":9,"output_tokens":1e9}"#, nil),
      (#"{"input_tokens":9,"output_tokens":5,"cache_read_input_tokens":-3}"#, nil), ("null", nil), ("7", nil),
      (#"{"input_tokens":0,"output_tokens":5}"#, nil),
    ])
  func usage(usage: String, expected: TokenUsage?) throws {
    let body = #"{"content":[{"type":"text","text":"abcdefgh"}],"stop_reason":"end_turn","usage":\#(usage)}"#
    let answer = try AnswerReader.answer(
      from: Array(body.utf8), format: .anthropicMessages, input: InputSize())
    #expect(answer.usage == expected ?? TokenUsage(output: 2, isEstimated: true))
  }

  @Test("the tokens of a request are counted without its being sent")
  func countTokens() throws {
    let request = try request(
      #"{"system":"abcd","messages":[{"role":"user","content":"abcdefgh"}]}"#, .anthropicMessages)
    #expect(text(AnswerWriter.tokenCount(of: request)) == #"{"input_tokens":11}"#)
  }
}
