import GatewayTypes
import JSON
import Providers
import Testing

@Suite("OpenAIResponse")
struct OpenAIResponseTests {
  private static let input: InputSize = {
    var size = InputSize()
    size.characters.oneByte = 40
    size.messageCount = 1
    return size
  }()

  private func answer(_ body: String) throws(ProviderFailure) -> ChatAnswer {
    try OpenAIResponse.answer(from: Array(body.utf8), input: Self.input)
  }

  private func refused(_ body: String) -> ProviderFailure? {
    do {
      _ = try answer(body)
      return nil
    } catch {
      return error
    }
  }

  private func choice(_ message: String, finish: String = "\"stop\"") -> String {
    #"{"choices":[{"index":0,"message":\#(message),"finish_reason":\#(finish)}]}"#
  }

  @Test("reads a whole answer and keeps its text escaped")
  func whole() throws {
    let answer = try answer(
      #"{"id":"x","model":"gpt-4o-2024","error":null,"choices":[{"index":0,"message":{"role":"assistant","#
        + #""content":"Hi\n\u00e9 \"there\""},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}}"#)
    #expect(text(answer.escapedText) == #"Hi\n\u00e9 \"there\""#)
    #expect(answer.finishReason == "stop")
    #expect(answer.model == "gpt-4o-2024")
    #expect(answer.usage == TokenUsage(uncachedInput: 9, output: 6))
    #expect(!answer.isRefusal)
  }

  @Test(
    "reads every form of text",
    arguments: [
      (#"{"content":"a"}"#, "a"),
      (#"{"content":[{"type":"text","text":"a\n"},{"type":"text","text":"b"}]}"#, #"a\nb"#),
      (#"{"content":[{"type":"thinking"},{"type":"text","text":"b"}]}"#, "b"),
      (#"{"content":null,"tool_calls":[{"id":"1"}]}"#, ""),
      (#"{"content":"","tool_calls":[{"id":"1"}]}"#, ""),
      (#"{"tool_calls":[{"id":"1"}]}"#, ""), (#"{"content":"a","refusal":null}"#, "a"),
      (#"{"content":null,"refusal":"no"}"#, "no"),
    ])
  func texts(message: String, expected: String) throws {
    #expect(text(try answer(choice(message)).escapedText) == expected)
  }

  @Test("an answer that the provider cut to nothing is an answer", arguments: ["length", "content_filter"])
  func cutToNothing(reason: String) throws {
    let answer = try answer(choice(#"{"content":""}"#, finish: "\"\(reason)\""))
    #expect(answer.finishReason == reason)
    #expect(answer.escapedText.isEmpty)
  }

  @Test("a refusal is marked, a reason to stop that is no text is left out")
  func refusal() throws {
    #expect(try answer(choice(#"{"content":null,"refusal":"no"}"#)).isRefusal)
    #expect(try answer(choice(#"{"content":"a"}"#, finish: "null")).finishReason == nil)
    #expect(try answer(choice(#"{"content":"a"}"#, finish: "7")).finishReason == nil)
  }

  @Test(
    "what is no answer is malformed",
    arguments: [
      "", " ", "{", "<html></html>", "null", "[]", "\"x\"", "{}", "data: {}", #"{"choices":null}"#,
      #"{"choices":[]}"#, #"{"choices":{}}"#, #"{"choices":"x"}"#, #"{"choices":[null]}"#,
      #"{"choices":["x"]}"#,
      #"{"choices":[{}]}"#, #"{"choices":[{"message":null}]}"#, #"{"choices":[{"message":"x"}]}"#,
      #"{"choices":[{"message":{}}]}"#, #"{"choices":[{"message":{"content":null}}]}"#,
      #"{"choices":[{"message":{"content":""}}]}"#, #"{"choices":[{"message":{"content":1}}]}"#,
      #"{"choices":[{"message":{"content":true}}]}"#, #"{"choices":[{"message":{"content":{}}}]}"#,
      #"{"choices":[{"message":{"content":[]}}]}"#, #"{"choices":[{"message":{"content":["a"]}}]}"#,
      #"{"choices":[{"message":{"content":null,"tool_calls":[]}}]}"#, #"{"choices":[{"text":"old form"}]}"#,
      #"{"choices":[{"message":{"content":"cut he"#, #"{"choices":[{"message":{"content":"a"}}]} trailing"#,
      "{\"choices\":[{\"message\":{\"content\":\"a\u{1}\"}}]}", #"{"error":{"message":"odd"}}"#,
      #"{"error":"odd"}"#,
      #"{"choices":[{"message":{"content":"a"},"error":{"message":"odd"}}]}"#, #"{"error":true}"#,
    ])
  func malformed(body: String) throws {
    let failure = try #require(refused(body))
    #expect(failure.failureClass == .malformedResponse)
    #expect(!failure.reason.isEmpty)
    #expect(failure.callerMessage == nil)
  }

  @Test("an empty answer still tells what it used")
  func emptyAnswerUsage() throws {
    let failure = try #require(
      refused(
        #"{"choices":[{"message":{"content":""},"finish_reason":"stop"}],"#
          + #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}"#))
    #expect(failure.usage == TokenUsage(uncachedInput: 9, output: 3))
  }

  @Test(
    "an error sent with 200 is the failure it names",
    arguments: [
      (#"{"message":"x","code":429}"#, .rateLimited), (#"{"message":"x","code":502}"#, .transient),
      (#"{"message":"x","type":"server_error"}"#, .transient),
      (#"{"code":"insufficient_quota"}"#, .quotaExceeded),
      (#"{"type":"invalid_request_error","message":"bad"}"#, .invalidRequest),
      (#"{"code":"invalid_api_key","type":"invalid_request_error"}"#, .credential),
      (#"{"code":"context_length_exceeded"}"#, .contextTooLong), (#"{"code":"401"}"#, .credential),
      (#"{"code":404}"#, .modelNotFound), (#""maximum context length is 4096 tokens""#, .contextTooLong),
    ] as [(String, FailureClass)])
  func errorWith200(error: String, expected: FailureClass) {
    #expect(refused(#"{"error":\#(error)}"#)?.failureClass == expected)
    #expect(
      refused(#"{"choices":[{"error":\#(error),"message":{"content":"a"}}]}"#)?.failureClass == expected)
  }

  @Test("an empty error beside an answer is none", arguments: ["null", "\"\"", "{}", "false"])
  func emptyError(error: String) {
    #expect(refused(#"{"error":\#(error),"choices":[{"message":{"content":"a"}}]}"#) == nil)
  }
}
