import GatewayTypes
import Providers
import Testing

@Suite("ProviderFailure")
struct ProviderFailureTests {
  private func failure(_ status: Int, _ body: String, secret: String? = nil) -> ProviderFailure {
    ProviderFailure(status: status, body: Array(body.utf8), now: 0, secret: secret)
  }

  @Test(
    "the status decides when the body says nothing",
    arguments: [
      (400, .invalidRequest), (401, .credential), (402, .quotaExceeded), (403, .credential),
      (404, .modelNotFound),
      (405, .invalidRequest), (408, .transient), (409, .transient), (413, .invalidRequest),
      (418, .invalidRequest),
      (422, .invalidRequest), (429, .rateLimited), (499, .invalidRequest), (500, .transient),
      (502, .transient),
      (503, .transient), (504, .transient), (529, .transient), (599, .transient), (300, .malformedResponse),
      (301, .malformedResponse), (302, .malformedResponse), (307, .malformedResponse),
      (308, .malformedResponse),
      (304, .malformedResponse), (101, .malformedResponse), (204, .malformedResponse), (600, .transient),
    ] as [(Int, FailureClass)])
  func statuses(status: Int, expected: FailureClass) {
    for body in [
      "", "<html>oops</html>", "{}", "[]", "null", "\"x\"", #"{"error":null}"#, #"{"error":{}}"#,
      #"{"error":[]}"#,
      #"{"error":{"message":7,"code":null,"type":[]}}"#, "{\"error\":\"", "\u{0}",
      #"{"error":{"message":"hm","type":"invalid_request_error"}}"#,
    ] {
      #expect(failure(status, body).failureClass == expected, "\(status) \(body)")
    }
  }

  @Test(
    "what the provider names decides over the status",
    arguments: [
      (
        400, #"{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
        .contextTooLong
      ),
      (400, #"{"error":{"message":"This model's maximum context length is 4096 tokens."}}"#, .contextTooLong),
      (
        400, #"{"object":"error","message":"This model's maximum context length is 4096 tokens","code":400}"#,
        .contextTooLong
      ),
      (400, #"{"error":{"code":400,"message":"…","type":"exceed_context_size_error"}}"#, .contextTooLong),
      (
        400,
        #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}"#,
        .contextTooLong
      ),
      (
        413, #"{"error":{"message":"Please reduce the length of the messages or completion."}}"#,
        .contextTooLong
      ),
      (
        400,
        #"[{"error":{"code":400,"message":"The input token count (9) exceeds the maximum","status":"INVALID_ARGUMENT"}}]"#,
        .contextTooLong
      ),
      (422, #"{"detail":[{"loc":["body"],"msg":"Prompt exceeds the context window"}]}"#, .contextTooLong),
      (
        429, #"{"error":{"message":"quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        .quotaExceeded
      ),
      (429, #"{"error":{"message":"quota","type":"insufficient_quota","code":null}}"#, .quotaExceeded),
      (429, #"{"error":{"message":"slow down","type":"tokens","code":"rate_limit_exceeded"}}"#, .rateLimited),
      (
        413, #"{"error":{"message":"Request too large (TPM)","type":"tokens","code":"rate_limit_exceeded"}}"#,
        .rateLimited
      ),
      (429, #"[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}]"#, .rateLimited),
      (
        400,
        #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#,
        .quotaExceeded
      ),
      (402, #"{"error":{"message":"Insufficient Balance","code":"invalid_request_error"}}"#, .quotaExceeded),
      (
        401,
        #"{"error":{"message":"Incorrect API key","type":"invalid_request_error","code":"invalid_api_key"}}"#,
        .credential
      ),
      (
        400,
        #"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#,
        .credential
      ),
      (
        404,
        #"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#,
        .modelNotFound
      ),
      (
        400,
        #"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#,
        .modelNotFound
      ),
      (400, #"{"error":{"message":"no","code":"content_policy_violation"}}"#, .invalidRequest),
      (403, #"{"error":{"message":"no","code":"content_filter"}}"#, .invalidRequest),
      (529, #"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#, .transient),
      (500, #"{"error":{"message":"maximum context length","code":"context_length_exceeded"}}"#, .transient),
      (400, #"{"error":"prompt is too long"}"#, .contextTooLong),
    ] as [(Int, String, FailureClass)])
  func named(status: Int, body: String, expected: FailureClass) {
    #expect(failure(status, body).failureClass == expected)
  }

  @Test("the caller sees a message only where the request was at fault")
  func callerMessage() {
    let body = #"{"error":{"message":"temperature must be\nbelow 2"}}"#
    #expect(failure(400, body).callerMessage == "temperature must be below 2")
    #expect(failure(422, #"{"detail":[{"msg":"field required"}]}"#).callerMessage == "field required")
    #expect(failure(400, #"{"error":"plain"}"#).callerMessage == "plain")
    #expect(failure(400, #"{"message":"flat"}"#).callerMessage == "flat")
    #expect(
      failure(400, #"{"error":{"message":"prompt is too long"}}"#).callerMessage == "prompt is too long")
    for status in [301, 401, 402, 403, 404, 429, 500, 503] {
      #expect(failure(status, body).callerMessage == nil)
    }
    #expect(failure(400, "<html>secret page</html>").callerMessage == nil)
    #expect(failure(400, "{}").callerMessage == nil)
  }

  @Test(
    "keys never pass",
    arguments: [
      ("key sk-proj-abcDEF1234567890 is bad", "key [redacted] is bad"),
      ("key 'sk-ant-api03-xxxxxxxx_yyyy-zz'.", "key '[redacted]'."), ("gsk_ABCDEFGH12345678!", "[redacted]!"),
      ("AIzaSyA1234567890abcdef", "[redacted]"), ("xai-0123456789abcdef", "[redacted]"),
      ("Bearer abcdefgh12345678", "Bearer [redacted]"),
      ("got sk-abc****************wxyz here", "got [redacted] here"),
      ("org-AbCdEfGh12345678", "[redacted]"), ("0123456789abcdef0123456789abcdef", "[redacted]"),
      ("the tasks-based risk-averse skill", "the tasks-based risk-averse skill"),
      ("use max_completion_tokens instead", "use max_completion_tokens instead"),
      ("the model gpt-4o-mini-2024-07-18 has", "the model gpt-4o-mini-2024-07-18 has"),
      (
        "meta-llama-Llama-3-1-405B-Instruct-Turbo-FP8 is gone",
        "meta-llama-Llama-3-1-405B-Instruct-Turbo-FP8 is gone"
      ),
      ("mine is hunter2hunter2, yes", "mine is [redacted], yes"),
    ])
  func redaction(message: String, expected: String) {
    let body = #"{"error":{"message":"\#(message)"}}"#
    #expect(failure(400, body, secret: "hunter2hunter2").callerMessage == expected)
  }

  @Test("a long message is cut, on a whole character")
  func longMessage() throws {
    let long = String(repeating: "é ", count: 100_000)
    let message = try #require(failure(400, #"{"error":{"message":"\#(long)"}}"#).callerMessage)
    #expect(message.count == 501)
    #expect(message.hasSuffix("…"))
  }

  @Test("the wait that the provider asks for is kept")
  func retryAfter() {
    let failure = ProviderFailure(status: 429, body: [], retryAfter: "7", now: 0)
    #expect(failure.retryAfter == .seconds(7))
    #expect(ProviderFailure(status: 429, body: [], retryAfter: "soon", now: 0).retryAfter == nil)
  }
}

@Suite("RetryAfter")
struct RetryAfterTests {
  /// 1994-11-06 08:49:37 UTC, the example of RFC 9110.
  private static let example = 784_111_777

  @Test(
    "reads seconds and the three forms of dates",
    arguments: [
      ("0", 0), ("7", 7000), (" 7 ", 7000), ("1.5", 1500), ("86400", 86_400_000),
      ("999999999999", 86_400_000),
      ("Sun, 06 Nov 1994 08:49:37 GMT", 10_000), ("Sunday, 06-Nov-94 08:49:37 GMT", 10_000),
      ("Sun Nov  6 08:49:37 1994", 10_000), ("Sun, 06 Nov 1994 08:49:26 GMT", 0),
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400_000),
    ])
  func good(value: String, milliseconds: Int) {
    #expect(RetryAfter.duration(value, now: Self.example - 10) == .milliseconds(milliseconds))
  }

  @Test(
    "counts leap days",
    arguments: [
      ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
      ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
    ])
  func leapDays(value: String, seconds: Int) {
    #expect(RetryAfter.duration(value, now: seconds - 5) == .seconds(5))
  }

  @Test(
    "anything else is none",
    arguments: [
      "", " ", "-1", "+1", "soon", "1s", "0x10", "1e3", "1,5", "1.2.3", "inf", "nan", "NaN", "٣",
      "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
      "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov 99999 08:49:37 GMT", "06 Nov 1994",
      "1994-11-06T08:49:37Z",
      String(repeating: "9", count: 65),
    ])
  func bad(value: String) {
    #expect(RetryAfter.duration(value, now: Self.example) == nil)
  }
}
