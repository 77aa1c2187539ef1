internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Health
internal import Synchronization

/// Who may ask, for what, and how often.
final class AccessControl: Sendable {
  /// A client key's owner.
  final class Client: Sendable {
    let configuration: ClientKeyConfiguration
    /// Nil inside: no limit.
    private let limiter: Mutex<RateLimiter?>

    init(_ configuration: ClientKeyConfiguration) {
      self.configuration = configuration
      limiter = Mutex(
        configuration.rateLimitPerMinute.map { RateLimiter(limits: RateLimits(requestsPerMinute: $0)) })
    }

    /// Counts one request. Throws 429 when the key's rate limit is reached.
    func admit(now: MonotonicTime) throws(APIError) {
      let seconds: Int
      switch limiter.withLock({ $0?.tryAcquire(tokens: 0, now: now) }) {
      case nil, .allowed, .neverFits: return
      case .requestsUsedUp(let time), .tokensUsedUp(let time):
        seconds = Int((time - now).inSeconds.rounded(.up))
      }
      throw APIError(
        429, .rateLimit, code: "rate_limit_exceeded",
        message:
          "The rate limit of key '\(configuration.name)' is reached; try again in \(max(1, seconds)) s.",
        retryAfterSeconds: max(1, seconds))
    }
  }

  private let clients: [String: Client]

  /// A key that did not change keeps its count.
  init(keys: [ClientKeyConfiguration], previous: AccessControl?) {
    clients = Dictionary(
      uniqueKeysWithValues: keys.map { key in
        if let known = previous?.clients[key.key.text],
          known.configuration.rateLimitPerMinute == key.rateLimitPerMinute,
          known.configuration.name == key.name, known.configuration.models == key.models,
          known.configuration.isAdmin == key.isAdmin
        {
          return (key.key.text, known)
        }
        return (key.key.text, Client(key))
      })
  }

  /// Whether anybody may ask.
  var isOpen: Bool { clients.isEmpty }

  /// The owner of the request's key; nil where no keys are configured. Throws 401.
  func client(of request: ServerRequest) throws(APIError) -> Client? {
    guard !clients.isEmpty else { return nil }
    guard let key = Self.key(in: request) else {
      throw APIError(
        401, .invalidRequest, code: "invalid_api_key",
        message: "No API key was sent; send one of the gateway's keys as 'Authorization: Bearer KEY'.")
    }
    guard let client = clients[key] else {
      throw APIError(
        401, .invalidRequest, code: "invalid_api_key",
        message: "The API key is not one of the gateway's; check the key that your client sends.")
    }
    return client
  }

  /// `Authorization: Bearer`, as OpenAI's clients send it, or `x-api-key`, as Anthropic's do.
  private static func key(in request: ServerRequest) -> String? {
    if let authorization = request.header("authorization"), authorization.count > 7,
      authorization.prefix(7).equalsIgnoringCase("bearer ")
    {
      return String(decoding: authorization.dropFirst(7).trimmingSpaces(), as: UTF8.self)
    }
    return request.header("x-api-key").map { String(decoding: $0, as: UTF8.self) }
  }
}
