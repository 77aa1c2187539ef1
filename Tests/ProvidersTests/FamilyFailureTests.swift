import GatewayTypes
import Providers
import Testing

@Suite("ProviderFailure of Anthropic and Gemini")
struct FamilyFailureTests {
  private func failure(_ status: Int, _ error: String, retryAfter: String? = nil) -> ProviderFailure {
    ProviderFailure(status: status, body: Array(error.utf8), retryAfter: retryAfter, now: 0)
  }

  @Test(
    "Anthropic's types are classified",
    arguments: [
      (400, "invalid_request_error", .invalidRequest), (401, "authentication_error", .credential),
      (402, "billing_error", .quotaExceeded), (403, "permission_error", .credential),
      (404, "not_found_error", .modelNotFound),
      (413, "request_too_large", .invalidRequest), (429, "rate_limit_error", .rateLimited),
      (500, "api_error", .transient),
      (504, "timeout_error", .transient), (529, "overloaded_error", .transient),
      (400, "billing_error", .quotaExceeded),
    ] as [(Int, String, FailureClass)])
  func anthropic(status: Int, type: String, expected: FailureClass) {
    let body = #"{"type":"error","error":{"type":"\#(type)","message":"x"},"request_id":"req_x"}"#
    #expect(failure(status, body).failureClass == expected)
  }

  @Test("Anthropic says in words that the money or the context is used up")
  func anthropicWords() {
    func body(_ message: String) -> String {
      #"{"type":"error","error":{"type":"invalid_request_error","message":"\#(message)"}}"#
    }
    #expect(
      failure(400, body("Your credit balance is too low to access the API.")).failureClass == .quotaExceeded)
    #expect(
      failure(400, body("prompt is too long: 210000 tokens > 200000 maximum")).failureClass == .contextTooLong
    )
    #expect(
      failure(400, body("messages: text content blocks must be non-empty")).failureClass == .invalidRequest)
  }

  @Test(
    "Gemini's words are classified",
    arguments: [
      (400, "INVALID_ARGUMENT", .invalidRequest), (400, "FAILED_PRECONDITION", .quotaExceeded),
      (401, "UNAUTHENTICATED", .credential), (403, "PERMISSION_DENIED", .credential),
      (404, "NOT_FOUND", .modelNotFound),
      (429, "RESOURCE_EXHAUSTED", .rateLimited), (500, "INTERNAL", .transient),
      (503, "UNAVAILABLE", .transient),
      (504, "DEADLINE_EXCEEDED", .transient),
    ] as [(Int, String, FailureClass)])
  func gemini(status: Int, word: String, expected: FailureClass) {
    let error = #"{"error":{"code":\#(status),"message":"x","status":"\#(word)"}}"#
    #expect(failure(status, error).failureClass == expected)
    // A stream that cannot begin is answered with an array.
    #expect(failure(status, "[\(error)]").failureClass == expected)
  }

  @Test(
    "Gemini says in the body how long to wait",
    arguments: [
      (#"[{"@type":"x"},{"@type":"y","retryDelay":"34.5s"}]"#, Duration.milliseconds(34_500)),
      (#"[{"retryDelay":"7s"}]"#, .seconds(7)),
      (#"[{"retryDelay":"7"}]"#, nil), (#"[{"retryDelay":"s"}]"#, nil), (#"[{"retryDelay":"-7s"}]"#, nil),
      (#"[{"retryDelay":7}]"#, nil),
      (#"{"retryDelay":"7s"}"#, nil), ("[]", nil), ("null", nil), ("[7]", nil),
    ])
  func retryDelay(details: String, expected: Duration?) {
    let body = #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":\#(details)}}"#
    #expect(failure(429, body).retryAfter == expected)
    #expect(failure(429, body, retryAfter: "3").retryAfter == .seconds(3))
  }
}
