/// What went wrong in one attempt at a provider, as far as the next step depends on it.
package enum FailureClass: String, Hashable, Sendable, CaseIterable {
  /// A refused or broken connection, TLS trouble, a 5xx, 408 or 409: another provider may do better.
  case transient
  /// The attempt's or the first token's time ran out.
  case timeout
  /// 429: the provider is set aside until it says, and is not called broken.
  case rateLimited = "rate_limited"
  /// The operator's account at the provider is out of money.
  case quotaExceeded = "quota_exceeded"
  /// 401 or 403: the operator's key is wrong.
  case credential
  /// 404: the provider does not know the model or the path.
  case modelNotFound = "model_not_found"
  /// The provider refused the caller's request itself; no other provider is asked.
  case invalidRequest = "invalid_request"
  /// The request is longer than the model's context.
  case contextTooLong = "context_too_long"
  /// An answer that is cut, empty, not JSON, of the wrong type, or too long.
  case malformedResponse = "malformed_response"
}
