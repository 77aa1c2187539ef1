import JSON
import Providers
import Testing

@Suite("OpenAIRequestBody")
struct OpenAIRequestBodyTests {
  private func body(_ generate: String, model: String = "m", maxTokens: Int? = nil) throws -> String {
    let bytes = OpenAIRequestBody.bytes(for: try request(generate), model: model, maxTokens: maxTokens)
    _ = try JSONDocument(parsing: bytes)
    return text(bytes)
  }

  @Test("puts the prompt's bytes, escapes and all, into one message of the user's")
  func prompt() throws {
    #expect(
      try body(#"{"prompt":"a\u00e9\n\"😀","user_id":"u"}"#)
        == #"{"model":"m","messages":[{"role":"user","content":"a\u00e9\n\"😀"}],"stream":false}"#)
  }

  @Test("puts the system text first, and numbers as they were written")
  func system() throws {
    #expect(
      try body(#"{"prompt":"x","system":"s","temperature":0.70,"max_tokens":9}"#, maxTokens: 5)
        == #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"x"}],"#
        + #""max_tokens":5,"temperature":0.70,"stream":false}"#)
  }

  @Test("passes messages on with fields that the gateway does not know")
  func messages() throws {
    #expect(
      try body(
        #"{"system":"s","messages":[ {"role":"user", "content":"x","new":1.0} , {"role":"user","content":"y"} ]}"#
      )
        == #"{"model":"m","messages":[{"role":"system","content":"s"},"#
        + #"{"role":"user", "content":"x","new":1.0},{"role":"user","content":"y"}],"stream":false}"#)
  }

  @Test(
    "names the bound as OpenAI's reasoning models want it",
    arguments: ["o1", "o3-mini", "o4-mini", "gpt-5.1"])
  func completionTokens(model: String) throws {
    let body = try body(#"{"prompt":"x"}"#, model: model, maxTokens: 5)
    #expect(body.contains(#""max_completion_tokens":5"#))
    #expect(!body.contains(#""max_tokens""#))
  }

  @Test("escapes the model's name and asks a stream for its usage")
  func stream() throws {
    let bytes = OpenAIRequestBody.bytes(
      for: try request(#"{"prompt":"x"}"#), model: "a\"b", maxTokens: nil, isStreaming: true)
    #expect(
      text(bytes)
        == #"{"model":"a\"b","messages":[{"role":"user","content":"x"}],"stream":true,"#
        + #""stream_options":{"include_usage":true}}"#)
  }
}
