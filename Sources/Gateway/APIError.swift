internal import GatewayTypes
internal import HTTP
internal import JSON
internal import Providers

/// An error as a caller sees it: the same shape on every native and OpenAI path.
struct APIError: Error, Sendable {
  /// `error.type`.
  enum Kind: String, Sendable {
    case invalidRequest = "invalid_request_error"
    case insufficientQuota = "insufficient_quota"
    case rateLimit = "rate_limit_error"
    case serverError = "server_error"
    case serviceUnavailable = "service_unavailable_error"
  }

  var status: Int
  var kind: Kind
  /// `error.code`; nil is JSON null.
  var code: String?
  /// What was wrong, where, and what to do.
  var message: String
  /// The field that was wrong.
  var param: String?
  /// Seconds after which to try again.
  var retryAfterSeconds: Int?
  /// The tries at providers that came before it.
  var attempts: [Attempt] = []
  /// False when the gateway has already tried again, so that the caller's SDK does not multiply tries.
  var shouldRetry: Bool?
  /// The methods that a path has, for 405.
  var allowedMethods: [Method] = []

  init(
    _ status: Int, _ kind: Kind, code: String? = nil, message: String, param: String? = nil,
    retryAfterSeconds: Int? = nil
  ) {
    self.status = status
    self.kind = kind
    self.code = code
    self.message = message
    self.param = param
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// 400: the request itself is wrong.
  static func invalidRequest(_ message: String, param: String? = nil) -> APIError {
    APIError(400, .invalidRequest, code: "invalid_request", message: message, param: param)
  }
}

extension APIError {
  /// Whose form of error the caller reads.
  enum Form: Sendable {
    /// The gateway's own, which is OpenAI's and more.
    case native
    case anthropic
  }

  /// The answer that tells the caller, without the fields that every answer has.
  func response(requestID: String, form: Form = .native) -> Response {
    var writer = JSONWriter(reserveCapacity: 512)
    switch form {
    case .native: writeNative(requestID: requestID, to: &writer)
    case .anthropic: writer.anthropicError(message: message, type: anthropicKind, requestID: requestID)
    }
    return Response(status: status, fields: fields, body: writer.bytes)
  }

  /// Anthropic's clients tell errors apart by status, and people by type.
  private var anthropicKind: String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    default: kind.rawValue
    }
  }

  private func writeNative(requestID: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.member("message", message)
    writer.member("type", kind.rawValue)
    writer.optionalMember("code", code)
    writer.optionalMember("param", param)
    writer.member("request_id", requestID)
    if !attempts.isEmpty { writer.attempts(attempts) }
    writer.endObject()
    writer.member("status", "error" as StaticString)
    if !attempts.isEmpty { writer.attempts(attempts) }
    writer.endObject()
  }

  private var fields: ResponseFields {
    var fields = ResponseFields()
    fields.add("Content-Type", "application/json")
    if let retryAfterSeconds { fields.add("Retry-After", retryAfterSeconds) }
    if let shouldRetry { fields.add("x-should-retry", shouldRetry ? "true" : "false" as StaticString) }
    if status == 401 { fields.add("WWW-Authenticate", "Bearer" as StaticString) }
    if !allowedMethods.isEmpty {
      fields.add("Allow", allowedMethods.map { "\($0.name)" }.joined(separator: ", "))
    }
    return fields
  }
}

extension APIError {
  /// What could not be read as a request.
  init(_ error: HTTP.RequestError) {
    self.init(error.status, .invalidRequest, code: "bad_request", message: error.message)
    switch error {
    case .headTimeout, .bodyTimeout: code = "request_timeout"
    case .bodyTooLarge: code = "request_too_large"
    case .targetTooLong: code = "uri_too_long"
    case .headTooLarge, .tooManyFields: code = "headers_too_large"
    case .badRequestLine, .unsupportedVersion, .bareLineFeed, .badField, .badHost, .badContentLength,
      .conflictingFraming, .unsupportedTransferCoding, .unsupportedExpectation, .badChunk:
      break
    }
  }
}
