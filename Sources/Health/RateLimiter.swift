package import GatewayTypes

/// How many requests and tokens a provider takes a minute; nil is no limit.
package struct RateLimits: Hashable, Sendable {
  package var requestsPerMinute: Int?
  package var tokensPerMinute: Int?

  package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
  }

  package static let unlimited = RateLimits()

  package var isUnlimited: Bool { requestsPerMinute == nil && tokensPerMinute == nil }
}

/// What a rate limit says to one request.
package enum RateDecision: Hashable, Sendable {
  /// Yes; when taken, it is noted at this time, which `RateLimiter.adjust` asks for.
  case allowed(at: MonotonicTime)
  /// Too many requests; one fits at this time if no other comes first.
  case requestsUsedUp(until: MonotonicTime)
  /// Too many tokens; these fit at this time if no others come first.
  case tokensUsedUp(until: MonotonicTime)
  /// The request alone has more tokens than a minute allows: it never fits.
  case neverFits
}

/// Keeps a provider below its requests and tokens a minute over an exact rolling 60 s: no window of
/// that length, wherever it begins, holds more than the limit.
///
/// Up to 4,096 requests a minute every request is remembered by itself. Above that, or with only a token
/// limit, requests within 15 ms of each other are remembered together and leave the window together with
/// the last: at most 4,002 entries of 32 bytes, and the limiter errs only towards refusing.
package struct RateLimiter: Sendable {
  package static let window: Duration = .seconds(60)
  /// The most requests that are remembered one by one.
  package static let exactEntries = 4096
  /// Within what time requests are remembered together where there may be more.
  package static let slot: Duration = .milliseconds(15)

  private let limits: RateLimits
  private var log: RollingLog

  package init(limits: RateLimits) {
    precondition((limits.requestsPerMinute ?? 1) >= 1, "a limit of no requests is a disabled provider")
    precondition((limits.tokensPerMinute ?? 1) >= 1, "a limit of no tokens is a disabled provider")
    self.limits = limits
    let isExact = (limits.requestsPerMinute ?? .max) <= RateLimiter.exactEntries
    log = RollingLog(window: RateLimiter.window, slot: isExact ? .zero : RateLimiter.slot)
  }

  /// Takes one request of `tokens`, or says when it could be taken.
  package mutating func tryAcquire(tokens: Int, now: MonotonicTime) -> RateDecision {
    let decision = peek(tokens: tokens, now: now)
    guard case .allowed = decision, !limits.isUnlimited else { return decision }
    return .allowed(at: log.append(tokens: max(0, tokens), now: now))
  }

  /// What `tryAcquire` would say, without taking anything.
  package mutating func peek(tokens: Int, now: MonotonicTime) -> RateDecision {
    if limits.isUnlimited { return .allowed(at: now) }
    log.expire(now: now)
    let tokens = max(0, tokens)
    if let limit = limits.tokensPerMinute {
      guard tokens <= limit else { return .neverFits }
      let excess = log.tokens - (limit - tokens)
      if excess > 0 { return .tokensUsedUp(until: timeWhenFreed(tokens: excess)) }
    }
    if let limit = limits.requestsPerMinute, log.requests >= limit {
      return .requestsUsedUp(until: log.timeWhenFreed(requests: log.requests - limit + 1, tokens: 0))
    }
    return .allowed(at: now)
  }

  /// The most tokens that a request may have, by what was last counted; negative when there is no room for a
  /// request. Until one is taken, time only makes it more.
  var mostTokens: Int {
    guard log.requests < limits.requestsPerMinute ?? .max else { return -1 }
    return limits.tokensPerMinute.map { $0 - log.tokens } ?? .max
  }

  /// When both the tokens and, if that is used up as well, a request are free.
  private func timeWhenFreed(tokens excess: Int) -> MonotonicTime {
    let requests = limits.requestsPerMinute.map { max(0, log.requests - $0 + 1) } ?? 0
    return log.timeWhenFreed(requests: requests, tokens: excess)
  }

  /// Puts the tokens that a request really used in place of those it was taken with.
  ///
  /// A request that has left the window meanwhile changes nothing.
  package mutating func adjust(acquiredAt time: MonotonicTime, from reserved: Int, to used: Int) {
    guard limits.tokensPerMinute != nil else { return }
    log.adjust(at: time, by: max(0, used) - max(0, reserved))
  }

  /// Forgets every request.
  package mutating func reset() {
    log.removeAll()
  }
}
