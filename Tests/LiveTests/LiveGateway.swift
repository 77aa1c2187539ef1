import TestSupport
import Testing

/// Runs a gateway for `body`, then looks whether a provider's key came out anywhere.
func withGateway<Result>(
  _ configuration: String, files: [String: String] = [:], arguments: [String] = [],
  environment: [String: String] = [:], maxFileSize: Int? = nil, maxDescriptors: Int? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (GatewayProcess) throws -> Result
) throws -> Result {
  let gateway = try GatewayProcess(
    configuration, files: files, arguments: arguments, environment: environment, maxFileSize: maxFileSize,
    maxDescriptors: maxDescriptors)
  let result = try body(gateway)
  #expect(gateway.leaks.isEmpty, "the provider's key came out", sourceLocation: sourceLocation)
  return result
}

/// The text of a configuration for tests.
enum Configuration {
  /// Providers in file order, which is the order that the router asks them in: all prices are the same.
  static func of(_ providers: String..., sections: String = "") -> String {
    sections + (sections.isEmpty || sections.hasSuffix("\n") ? "" : "\n") + "providers:\n"
      + providers.joined()
  }

  /// One provider at `url`. `more` are further keys, such as `timeout: 1s`.
  static func provider(_ name: String, _ url: String, _ more: String...) -> String {
    let keys = [
      "base_url: \(url)", "api_key: ${PROVIDER_KEY}", "model: \(name)-model",
      "input_cost_per_million_tokens: 1.10", "output_cost_per_million_tokens: 2.30",
    ]
    return "  - name: \(name)\n" + (keys + more).map { "    \($0)\n" }.joined()
  }
}

/// What callers find out about the tries behind an answer.
extension RawResponse {
  /// The providers tried and how each ended: `first: timeout`.
  var tries: [String] {
    json["attempts"].elements.map { "\($0["provider"].string ?? "?"): \($0["outcome"].string ?? "?")" }
  }

  var errorMessage: String { json["error"]["message"].string ?? "" }
  var errorCode: String { json["error"]["code"].string ?? "" }
}
