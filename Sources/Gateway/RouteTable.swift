internal import HTTP

/// What a path stands for.
enum Route: Sendable, Hashable {
  case generate
  case stats
  case providers
  case health
  case healthLive
  case healthReady
  /// A file of the dashboard, by its path below `ui/`.
  case page(String)
}

/// The gateway's paths and the methods that each has.
enum RouteTable {
  enum Match {
    case found(Route)
    case methodNotAllowed([Method])
    case notFound
  }

  /// The one path that is asked thousands of times a second is told by its bytes, before any text is made.
  private static let generatePath = Array("/generate".utf8)

  static func match(_ method: Method, rawTarget: ArraySlice<UInt8>) -> Match {
    if method == .post, rawTarget.elementsEqual(generatePath) { return .found(.generate) }
    guard let target = Target(rawTarget), let (route, methods) = entry(target.path) else { return .notFound }
    guard methods.contains(method) else { return .methodNotAllowed(methods + [.options]) }
    return .found(route)
  }

  private static let reading: [Method] = [.get, .head]

  private static func entry(_ path: String) -> (Route, [Method])? {
    switch path {
    case "/generate": (.generate, [.post])
    case "/stats": (.stats, reading)
    case "/providers": (.providers, reading)
    case "/health": (.health, reading)
    case "/health/live": (.healthLive, reading)
    case "/health/ready": (.healthReady, reading)
    case "/", "/ui": (.page(""), reading)
    case _ where path.hasPrefix("/ui/"): (.page(String(path.dropFirst(4))), reading)
    default: nil
    }
  }
}
