internal import HTTP
internal import Providers

/// What a path stands for.
enum Route: Sendable, Hashable {
  /// A model is asked, in the words of a surface.
  case ask(Surface)
  /// How many tokens an Anthropic request has.
  case countTokens
  case models
  case model(String)
  case stats
  case providers
  case analytics
  case explain
  case requests
  /// One request of the past, by its id.
  case request(String)
  case simulateFailure
  case reset
  case budgets
  /// What the ledger comes to, by one property of its requests.
  case usage
  case metrics
  case health
  case healthLive
  case healthReady
  /// A file of the dashboard, by its path below `ui/`.
  case page(String)

  /// What a key must be for it.
  enum Access: Sendable {
    /// Anybody may ask: nothing of the operator's is told.
    case open
    /// Any client key, where there are keys.
    case client
    /// An admin key, where there are keys.
    case admin
  }

  var access: Access {
    switch self {
    case .health, .healthLive, .healthReady, .page: .open
    case .ask, .countTokens, .models, .model, .stats, .providers, .analytics, .explain, .metrics: .client
    case .requests, .request, .simulateFailure, .reset, .budgets, .usage: .admin
    }
  }
}

/// The gateway's paths and the methods that each has.
enum RouteTable {
  enum Match {
    /// `query` is the target's, still encoded.
    case found(Route, Target?)
    case methodNotAllowed([Method])
    case notFound

    /// The form of error that the caller of the path reads.
    var errorForm: APIError.Form {
      switch self {
      case .found(.ask(.anthropicMessages), _), .found(.countTokens, _): .anthropic
      case .found, .methodNotAllowed, .notFound: .native
      }
    }
  }

  /// The one path that is asked thousands of times a second is told by its bytes, before any text is made.
  private static let generatePath = Array("/generate".utf8)

  static func match(_ method: Method, rawTarget: ArraySlice<UInt8>) -> Match {
    if method == .post, rawTarget.elementsEqual(generatePath) { return .found(.ask(.generate), nil) }
    guard let target = Target(rawTarget), let (route, methods) = entry(target.path) else { return .notFound }
    guard methods.contains(method) else { return .methodNotAllowed(methods + [.options]) }
    return .found(route, target)
  }

  private static let reading: [Method] = [.get, .head]
  private static let posting: [Method] = [.post]

  /// The paths that are what they are.
  static let fixed: [String: (route: Route, methods: [Method])] = [
    "/generate": (.ask(.generate), posting),
    "/chat/completions": (.ask(.chatPrompt), posting),
    "/v1/chat/completions": (.ask(.openAIChat), posting),
    "/v1/completions": (.ask(.openAICompletions), posting),
    "/completions": (.ask(.openAICompletions), posting),
    "/v1/responses": (.ask(.openAIResponses), posting),
    "/responses": (.ask(.openAIResponses), posting),
    "/v1/embeddings": (.ask(.openAIEmbeddings), posting),
    "/embeddings": (.ask(.openAIEmbeddings), posting),
    "/v1/messages": (.ask(.anthropicMessages), posting),
    "/v1/messages/count_tokens": (.countTokens, posting),
    "/v1/models": (.models, reading),
    "/models": (.models, reading),
    "/stats": (.stats, reading),
    "/providers": (.providers, reading),
    "/routing/analytics": (.analytics, reading),
    "/routing/explain": (.explain, posting),
    "/requests": (.requests, reading),
    "/simulate/failure": (.simulateFailure, posting),
    "/reset": (.reset, posting),
    "/budgets": (.budgets, reading),
    "/usage": (.usage, reading),
    "/metrics": (.metrics, reading),
    "/health": (.health, reading),
    "/health/live": (.healthLive, reading),
    "/health/ready": (.healthReady, reading),
    "/": (.page(""), reading),
    "/ui": (.page(""), reading),
    "/openapi.json": (.page("openapi.json"), reading),
    "/docs": (.page("docs.html"), reading),
    "/redoc": (.page("redoc.html"), reading),
  ]

  /// The paths that end in a name, by what stands before it; `template` is how documents write them.
  static let named:
    [(prefix: String, template: String, route: @Sendable (String) -> Route, methods: [Method])] = [
      ("/ui/", "/ui/{file}", { .page($0) }, reading),
      ("/v1/models/", "/v1/models/{id}", { .model($0) }, reading),
      ("/requests/", "/requests/{id}", { .request($0) }, reading),
    ]

  private static func entry(_ path: String) -> (Route, [Method])? {
    if let entry = fixed[path] { return entry }
    guard let entry = named.first(where: { path.hasPrefix($0.prefix) }) else { return nil }
    return (entry.route(String(path.dropFirst(entry.prefix.count))), entry.methods)
  }
}
