import JSON
import Providers
import Testing

@Suite("UpstreamBody")
struct UpstreamBodyTests {
  private func chat(_ body: String) throws -> ChatRequest {
    try ChatRequest(openAIChat: RequestBody.object(from: Array(body.utf8)))
  }

  private func body(_ request: ChatRequest, model: String = "m", maxTokens: Int? = nil) throws -> String {
    let bytes = try UpstreamBody.bytes(
      for: request, format: .openAIChat, model: model, maxTokens: maxTokens, isStreaming: request.isStreaming)
    _ = try JSONDocument(parsing: bytes)
    return text(bytes)
  }

  @Test("passes a body on byte for byte but for the model")
  func byteForByte() throws {
    let rest =
      #", "messages" : [ {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:x"}}],"x":1.0} ],"#
      + #""tools":[{"a":1e2}],"temperature":0.70,"seed":12345678901234567890,"n":2,"later":{"new":[null]},"stream":false }"#
    #expect(try body(chat(#"{ "model":"auto""# + rest)) == #"{ "model":"m""# + rest)
  }

  @Test(
    "adds the model when there is none, and asks a stream for its usage",
    arguments: [
      (#"{"messages":[{}]}"#, #"{"messages":[{}],"model":"m"}"#),
      (
        #"{"messages":[{}],"stream":true}"#,
        #"{"messages":[{}],"stream":true,"model":"m","stream_options":{"include_usage":true}}"#
      ),
      (
        #"{"messages":[{}],"stream":true,"stream_options":{"include_usage":true,"x":1}}"#,
        #"{"messages":[{}],"stream":true,"stream_options":{"include_usage":true,"x":1},"model":"m"}"#
      ),
      (
        #"{"messages":[{}],"stream_options":{"x":1,"include_usage":false},"stream":true}"#,
        #"{"messages":[{}],"stream_options":{"x":1,"include_usage":true},"stream":true,"model":"m"}"#
      ),
      (
        #"{"messages":[{}],"stream_options":null,"stream":true}"#,
        #"{"messages":[{}],"stream_options":{"include_usage":true},"stream":true,"model":"m"}"#
      ),
    ])
  func added(sent: String, expected: String) throws {
    #expect(try body(chat(sent)) == expected)
  }

  @Test(
    "lowers or inserts the bound, and leaves a lower one as it was written",
    arguments: [
      (#"{"messages":[{}],"max_tokens":5.0}"#, "m", #"{"messages":[{}],"max_tokens":5.0,"model":"m"}"#),
      (#"{"messages":[{}],"max_tokens":10}"#, "m", #"{"messages":[{}],"max_tokens":10,"model":"m"}"#),
      (#"{"messages":[{}],"max_tokens":11}"#, "m", #"{"messages":[{}],"max_tokens":10,"model":"m"}"#),
      (
        #"{"messages":[{}],"max_completion_tokens":99}"#, "m",
        #"{"messages":[{}],"max_completion_tokens":10,"model":"m"}"#
      ),
      (
        #"{"max_tokens":20,"messages":[{}],"max_completion_tokens":5}"#, "m",
        #"{"max_tokens":10,"messages":[{}],"max_completion_tokens":5,"model":"m"}"#
      ),
      (#"{"messages":[{}]}"#, "m", #"{"messages":[{}],"model":"m","max_tokens":10}"#),
      (#"{"messages":[{}]}"#, "o3", #"{"messages":[{}],"model":"o3","max_completion_tokens":10}"#),
      (#"{"messages":[{}],"max_tokens":null}"#, "m", #"{"messages":[{}],"max_tokens":10,"model":"m"}"#),
    ])
  func bound(sent: String, model: String, expected: String) throws {
    #expect(try body(chat(sent), model: model, maxTokens: 10) == expected)
  }

  @Test("the native surface becomes a chat completion")
  func generate() throws {
    #expect(
      try body(request(#"{"prompt":"x","stream":true}"#), maxTokens: 3)
        == #"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":3,"stream":true,"#
        + #""stream_options":{"include_usage":true}}"#)
  }
}
