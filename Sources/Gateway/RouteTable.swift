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

  private static func entry(_ path: String) -> (Route, [Method])? {
    switch path {
    case "/generate": (.ask(.generate), [.post])
    case "/chat/completions": (.ask(.chatPrompt), [.post])
    case "/v1/chat/completions": (.ask(.openAIChat), [.post])
    case "/v1/completions", "/completions": (.ask(.openAICompletions), [.post])
    case "/v1/responses", "/responses": (.ask(.openAIResponses), [.post])
    case "/v1/embeddings", "/embeddings": (.ask(.openAIEmbeddings), [.post])
    case "/v1/messages": (.ask(.anthropicMessages), [.post])
    case "/v1/messages/count_tokens": (.countTokens, [.post])
    case "/v1/models", "/models": (.models, reading)
    case "/stats": (.stats, reading)
    case "/providers": (.providers, reading)
    case "/routing/analytics": (.analytics, reading)
    case "/routing/explain": (.explain, [.post])
    case "/requests": (.requests, reading)
    case "/simulate/failure": (.simulateFailure, [.post])
    case "/reset": (.reset, [.post])
    case "/budgets": (.budgets, reading)
    case "/usage": (.usage, reading)
    case "/metrics": (.metrics, reading)
    case "/health": (.health, reading)
    case "/health/live": (.healthLive, reading)
    case "/health/ready": (.healthReady, reading)
    case "/", "/ui": (.page(""), reading)
    case _ where path.hasPrefix("/ui/"): (.page(String(path.dropFirst(4))), reading)
    case _ where path.hasPrefix("/requests/"): (.request(String(path.dropFirst(10))), reading)
    case _ where path.hasPrefix("/v1/models/"): (.model(String(path.dropFirst(11))), reading)
    default: nil
    }
  }
}
