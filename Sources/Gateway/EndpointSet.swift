internal import Configuration
internal import CurlClient
internal import Providers

/// The addresses of one provider, one for each form of call that it may be asked for.
final class EndpointSet: Sendable {
  let family: ProviderFamily
  /// Whether `/responses` is served there; where it is not, a chat completion is asked for in its place.
  let servesResponses: Bool
  private let whole: [UpstreamFormat: Endpoint]
  /// Gemini alone has another address for streams.
  private let streamed: [UpstreamFormat: Endpoint]

  init(
    family: ProviderFamily, servesResponses: Bool, whole: [UpstreamFormat: Endpoint],
    streamed: [UpstreamFormat: Endpoint]
  ) {
    self.family = family
    self.servesResponses = servesResponses
    self.whole = whole
    self.streamed = streamed
  }

  /// Where a call goes; nil when the provider's one configured address serves another form.
  func endpoint(for format: UpstreamFormat, isStreaming: Bool) -> Endpoint? {
    if isStreaming, let endpoint = streamed[format] { return endpoint }
    return whole[format]
  }

  /// All of them.
  var endpoints: [Endpoint] { Array(whole.values) + Array(streamed.values) }

  /// Prepares the addresses of `provider`, to be called with `key`; what `previous` has with the same address and head stays, with
  /// its connections.
  convenience init(
    _ provider: ProviderConfiguration, key: Secret?, family: ProviderFamily, environment: [String: String],
    previous: [EndpointSet]
  ) {
    var lines = ["Content-Type: application/json", "User-Agent: tollgate"]
    lines += UpstreamPath.fields(family, key: key?.text).map { "\($0.name): \($0.value)" }
    // libcurl drops a field without a value unless its line ends in a semicolon.
    lines += provider.headers.map { $0.value.text.isEmpty ? "\($0.name);" : "\($0.name): \($0.value.text)" }
    let known = previous.flatMap(\.endpoints)
    func endpoint(_ url: String) -> Endpoint {
      known.first { $0.url == url && $0.headerLines == lines }
        ?? Endpoint(url: url, headerLines: lines, environment: environment)
    }
    func path(_ format: UpstreamFormat, isStreaming: Bool = false) -> Endpoint? {
      provider.baseURL.map { base in
        endpoint(
          base + UpstreamPath.path(format, base: base, model: provider.model, isStreaming: isStreaming))
      }
    }
    var whole: [UpstreamFormat: Endpoint] = [:]
    var streamed: [UpstreamFormat: Endpoint] = [:]
    switch family {
    case .openAI:
      whole[.openAIChat] = provider.endpoint.map(endpoint) ?? path(.openAIChat)
      for format in [UpstreamFormat.openAICompletions, .openAIResponses, .openAIEmbeddings] {
        whole[format] = path(format)
      }
    case .anthropic:
      whole[.anthropicMessages] = provider.endpoint.map(endpoint) ?? path(.anthropicMessages)
    case .gemini:
      whole[.gemini] = path(.gemini)
      streamed[.gemini] = path(.gemini, isStreaming: true)
    }
    // Of all who speak OpenAI's protocol only OpenAI itself is known to serve it in full.
    let servesResponses = provider.baseURL?.hasPrefix("https://api.openai.com/") ?? false
    self.init(family: family, servesResponses: servesResponses, whole: whole, streamed: streamed)
  }
}
