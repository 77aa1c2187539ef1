import TestSupport
import Testing

/// A way for a provider to fail that is its own trouble: the next one is asked.
struct Fault: Sendable, CustomTestStringConvertible {
  var name: String
  var reply: ProviderReply
  /// The word that `attempts` has for it.
  var outcome: String
  /// What the provider's entry says besides.
  var keys: [String] = []

  var testDescription: String { name }

  private static let short = ["timeout: 600ms"]

  static let all: [Fault] = statuses + connections + answers + oddities

  private static let statuses = [
    Fault(name: "500", reply: .error(500), outcome: "transient"),
    Fault(
      name: "500 with a page", reply: .http(500, "<h1>oops</h1>", contentType: "text/html"),
      outcome: "transient"),
    Fault(name: "502", reply: .http(502, "", contentType: nil), outcome: "transient"),
    Fault(name: "503", reply: .error(503, fields: ["Retry-After: 1"]), outcome: "transient"),
    Fault(name: "529", reply: .error(529, type: "overloaded_error"), outcome: "transient"),
    Fault(name: "408", reply: .error(408), outcome: "transient"),
    Fault(name: "409", reply: .error(409), outcome: "transient"),
    Fault(name: "429", reply: .error(429), outcome: "rate_limited"),
    Fault(
      name: "429 with Retry-After", reply: .error(429, fields: ["Retry-After: 7"]), outcome: "rate_limited"),
    Fault(name: "401", reply: .error(401, code: "invalid_api_key"), outcome: "credential"),
    Fault(name: "403", reply: .error(403), outcome: "credential"),
    Fault(name: "402", reply: .error(402), outcome: "quota_exceeded"),
    Fault(name: "404", reply: .error(404, code: "model_not_found"), outcome: "model_not_found"),
    Fault(
      name: "a redirect", reply: .http(302, "", fields: ["Location: http://127.0.0.1:9/"]),
      outcome: "malformed_response"),
    Fault(
      name: "204", reply: ProviderReply.garbage("HTTP/1.1 204 No Content\r\n\r\n"),
      outcome: "malformed_response"),
  ]

  private static let connections = [
    Fault(name: "a connection that ends", reply: .nothing, outcome: "malformed_response"),
    Fault(name: "a reset", reply: .reset, outcome: "malformed_response"),
    Fault(name: "a cut head", reply: .cutHead, outcome: "malformed_response"),
    Fault(name: "a cut body", reply: .cutBody, outcome: "malformed_response"),
    Fault(
      name: "a cut chunked body",
      reply: .garbage(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cho\r\n"
      ),
      outcome: "malformed_response"),
    Fault(name: "silence", reply: .silence, outcome: "timeout", keys: short),
    Fault(name: "a dripping head", reply: .drippingHead, outcome: "timeout", keys: short),
    Fault(
      name: "a dripping head with a wait for the first token only", reply: .drippingHead, outcome: "timeout",
      keys: ["first_token_timeout: 600ms"]),
    Fault(name: "a dripping body", reply: .drippingBody, outcome: "timeout", keys: short),
    Fault(name: "silence in the body", reply: .silenceInBody, outcome: "timeout", keys: short),
    Fault(
      name: "silence in the body with an idle timeout only", reply: .silenceInBody, outcome: "timeout",
      keys: ["idle_timeout: 600ms"]),
  ]

  private static let answers = [
    Fault(name: "garbage", reply: .garbage("\u{0}\u{1}\u{2}garbage\r\n\r\n"), outcome: "malformed_response"),
    Fault(name: "another protocol", reply: .garbage("SSH-2.0-OpenSSH_9\r\n"), outcome: "malformed_response"),
    Fault(
      name: "a bad chunk",
      reply: .garbage(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
      outcome: "malformed_response"),
    Fault(name: "an empty body", reply: .http(200, ""), outcome: "malformed_response"),
    Fault(name: "an empty text", reply: .answer(""), outcome: "malformed_response"),
    Fault(name: "50 MB", reply: .large(megabytes: 50), outcome: "malformed_response"),
    Fault(
      name: "huge headers",
      reply: .answer(fields: (0..<100).map { "X-\($0): " + String(repeating: "a", count: 1_000) }),
      outcome: "malformed_response"),
    Fault(
      name: "a page", reply: .http(200, "<h1>Welcome</h1>", contentType: "text/html"),
      outcome: "malformed_response"),
    Fault(
      name: "an event stream",
      reply: .http(200, "data: {}\n\n", contentType: "text/event-stream"), outcome: "malformed_response"),
  ]

  private static let oddities =
    [
      "null", "[]", "{}", "7", "\"text\"", #"{"choices":[]}"#, #"{"choices":{}}"#, #"{"choices":[{}]}"#,
      #"{"choices":[null]}"#, #"{"choices":[{"message":null}]}"#,
      #"{"choices":[{"message":{"content":null}}]}"#,
      #"{"choices":[{"message":{"content":7}}]}"#, #"{"choices":[{"message":{"content":"a"}}]"#,
      "{\"choices\":[{\"message\":{\"content\":\"\u{1}\"}}]}", String(repeating: "[", count: 100_000),
    ].map {
      Fault(name: "the body \($0.prefix(50))", reply: .http(200, $0), outcome: "malformed_response")
    } + [
      Fault(
        name: "200 with an error", reply: .error(200, message: "boom", type: "server_error"),
        outcome: "transient"),
      Fault(
        name: "200 with an error as text", reply: .http(200, #"{"error":"boom"}"#),
        outcome: "malformed_response"),
      Fault(
        name: "200 with the error 503", reply: .http(200, #"{"error":{"code":503,"message":"x"}}"#),
        outcome: "transient"),
    ]
}
