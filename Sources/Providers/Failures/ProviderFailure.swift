package import GatewayTypes
import JSON

/// Why one attempt at a provider failed. All knowledge of providers' errors is in this type's files.
package struct ProviderFailure: Error, Hashable, Sendable {
  package var failureClass: FailureClass
  /// What happened, for the log and `attempts`; never text of the provider's.
  package var reason: String
  /// The provider's own message, fit to be shown to the caller; only where the request was at fault.
  package var callerMessage: String?
  /// How long the provider asked to be left alone.
  package var retryAfter: Duration?
  /// What the attempt used although it failed; the provider will charge it.
  package var usage: TokenUsage?

  package init(
    _ failureClass: FailureClass, reason: String, callerMessage: String? = nil, retryAfter: Duration? = nil,
    usage: TokenUsage? = nil
  ) {
    self.failureClass = failureClass
    self.reason = reason
    self.callerMessage = callerMessage
    self.retryAfter = retryAfter
    self.usage = usage
  }

  /// An answer with status 200 that is none.
  static func malformed(_ reason: String, usage: TokenUsage? = nil) -> ProviderFailure {
    ProviderFailure(.malformedResponse, reason: reason, usage: usage)
  }

  /// What an answer with a status other than 2xx means.
  ///
  /// The shapes of all provider families are told apart by themselves. `retryAfter` is the header's value,
  /// `now` the time in seconds since 1970, for the header's date form. `secret` is the provider's key,
  /// which is blotted out should the provider repeat it.
  package init(
    status: Int, body: [UInt8], retryAfter: String? = nil, now: Int, secret: String? = nil
  ) {
    let error = ErrorBody(parsing: body)
    let failureClass = ProviderFailure.failureClass(status: status, error: error)
    self.init(
      failureClass, reason: "the provider answered \(status)",
      callerMessage: ProviderFailure.callerMessage(failureClass, error, secret: secret),
      retryAfter: RetryAfter.duration(retryAfter ?? error.retryDelay, now: now))
  }

  /// The failure that an `error` in `object` states, the body of an answer with status 200 or one of its
  /// choices; nil when there is none.
  static func inBody(of document: JSONDocument, object: JSONNode) -> ProviderFailure? {
    // Some servers send an empty `error` along with every good answer.
    guard let node = document.member("error", of: object), !isEmpty(node, in: document) else { return nil }
    let error = ErrorBody(error: node, in: document)
    // Some servers put the status that they meant into the code.
    let status = Int(error.code).flatMap { (400...599).contains($0) ? $0 : nil } ?? 200
    let failureClass = failureClass(status: status, error: error)
    return ProviderFailure(
      failureClass, reason: "the provider answered 200 with an error in the body",
      callerMessage: callerMessage(failureClass, error, secret: nil))
  }

  /// What an event named `error` in a stream means, whichever form its data has.
  init(errorEvent document: JSONDocument) {
    if let failure = ProviderFailure.inBody(of: document, object: document.root) {
      self = failure
      return
    }
    let error = ErrorBody(error: document.root, in: document)
    let failureClass = ProviderFailure.failureClass(status: 200, error: error)
    self.init(
      failureClass, reason: "the provider reported an error in its stream",
      callerMessage: ProviderFailure.callerMessage(failureClass, error, secret: nil))
  }

  private static func isEmpty(_ error: JSONNode, in document: JSONDocument) -> Bool {
    switch document.kind(of: error) {
    case .null, .false: true
    case .string: document.stringContentRange(of: error).isEmpty
    case .object, .array: document.count(of: error) == 0
    case .number, .true: false
    }
  }

  private static func failureClass(status: Int, error: ErrorBody) -> FailureClass {
    // A busy or broken provider is that, whatever it says of the cause.
    if status == 408 || status == 409 || status >= 500 { return .transient }
    // A redirect is not followed and not an answer, and neither is any other status that is no error.
    guard status == 200 || (400..<500).contains(status) else { return .malformedResponse }
    // What the provider names is surer than the status, which differs between providers.
    if let named = error.namedClass { return named }
    return switch status {
    case 401, 403: .credential
    case 402: .quotaExceeded
    case 404: .modelNotFound
    case 429: .rateLimited
    case 400..<500: .invalidRequest
    default: error.type == "invalid_request_error" ? .invalidRequest : .malformedResponse
    }
  }

  private static func callerMessage(
    _ failureClass: FailureClass, _ error: ErrorBody, secret: String?
  ) -> String? {
    switch failureClass {
    case .invalidRequest, .contextTooLong:
      error.message.isEmpty ? nil : SafeMessage.text(error.message, secret: secret)
    case .transient, .timeout, .rateLimited, .quotaExceeded, .credential, .modelNotFound, .malformedResponse:
      nil
    }
  }
}
