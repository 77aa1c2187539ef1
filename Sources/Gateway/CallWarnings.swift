internal import Configuration
internal import HTTP

extension ChatCall {
  /// What the caller is to know about the answer that `provider` gives, beside the answer: what was noted
  /// when the call was read, what was noted on its way, and what the provider is.
  func warnings(_ noted: [String], from provider: ConfiguredProvider?) -> [String] {
    warnings + noted + (provider?.warnings ?? [])
  }
}

extension ConfiguredProvider {
  /// What is to be known about every answer of it.
  var warnings: [String] { configuration.demoOnly ? [Self.demoWarning] : [] }

  private static let demoWarning =
    "the answer comes from the built-in demo provider; set a provider's API key to ask a real model"
}

extension ResponseFields {
  /// Tells warnings to callers whose form of answer has no place for them; nothing where there are none.
  mutating func add(warnings: [String]) {
    guard !warnings.isEmpty else { return }
    add("x-tollgate-warnings", warnings.joined(separator: "; "))
  }
}
