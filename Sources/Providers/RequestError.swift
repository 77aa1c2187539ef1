package import JSON

/// What is wrong with a caller's request, in words for the caller. Answered with 400.
package struct RequestError: Error, Hashable, Sendable {
  /// What was wrong, where, and what to do.
  package let message: String
  /// The field it is about, such as `messages[2].role`; nil when it is the whole body.
  package let param: String?

  package init(message: String, param: String? = nil) {
    self.message = message
    self.param = param
  }

  /// The body is no JSON text.
  package init(_ error: JSONError) {
    self.init(message: "the body is not valid JSON: \(error)")
  }

  /// The field holds another kind of value than it must; `expected` reads like `a string`.
  static func wrongType(_ param: String, expected: String, found: JSONKind) -> RequestError {
    RequestError(message: "`\(param)` must be \(expected), found \(found.phrase)", param: param)
  }
}
