internal import Configuration
package import GatewayTypes

/// How one call of a scripted provider ends.
package enum ScriptedEnding: Hashable, Sendable {
  /// The whole answer; the time to the first token is nil where it came in one piece.
  case answered(tokens: Int, firstToken: Duration?)
  /// Nothing that the caller could see.
  case failed(FailureClass, retryAfter: Duration?)
  /// A stream that broke off after so many tokens.
  case broken(FailureClass, tokens: Int)
}

/// A provider that does as its script says, on a clock that somebody else moves.
struct ScriptedProvider {
  /// What a call is given.
  struct Call {
    let request: SimulatedRequest
    /// How often the same request has been here before.
    let attempt: Int
    let now: MonotonicTime
  }

  private let chance: Chance
  private let key: UInt64
  private let latency: Distribution
  private let nanosecondsPerToken: Double
  private let events: [ProviderEvent]
  private let maxOutputTokens: Int?
  private let timeout: Duration?
  private let firstTokenTimeout: Duration?
  private let requestsPerMinute: Int?
  /// When the calls of the last minute came, oldest first from `oldest` on.
  private var taken: [Int64] = []
  private var oldest = 0

  /// How long a refused connection takes to be refused.
  private static let refusal: Int64 = 1_000_000
  /// An error is written in this part of the time to a first token.
  private static let errorShare: Int64 = 4
  /// The longest stream, as the gateway has it.
  private static let longestStream: Int64 = 3_600_000_000_000
  private static let minute: Int64 = 60_000_000_000

  init(_ provider: ProviderConfiguration, _ behavior: ProviderBehavior, chance: Chance) {
    self.chance = chance
    key = UInt64(hashing: provider.id.text)
    latency = Distribution(behavior.latency)
    nanosecondsPerToken = 1e9 / behavior.tokensPerSecond
    events = behavior.events
    maxOutputTokens = provider.maxOutputTokens
    timeout = provider.timeout
    firstTokenTimeout = provider.firstTokenTimeout
    requestsPerMinute = behavior.requestsPerMinute
  }

  /// What comes of a call, and how many nanoseconds after it began.
  mutating func answer(_ call: Call) -> (after: Int64, ending: ScriptedEnding) {
    let fate = fate(of: call)
    let first = firstToken(of: call, slowness: fate.slowness)
    let limit = limit(call)
    let error = min(first / Self.errorShare, limit)
    if fate.isDown { return (min(Self.refusal, limit), .failed(.transient, retryAfter: nil)) }
    if let wait = fate.rateLimit { return (error, .failed(.rateLimited, retryAfter: wait)) }
    if let wait = take(at: call.now.nanoseconds) {
      return (error, .failed(.rateLimited, retryAfter: wait))
    }
    if fate.fails { return (error, .failed(.transient, retryAfter: nil)) }
    if fate.stalls { return (limit, .failed(.timeout, retryAfter: nil)) }
    let tokens = call.request.answerTokens(limit: maxOutputTokens)
    let generation = Int64(Double(tokens - 1) * nanosecondsPerToken * fate.slowness)
    let cut = fate.isCut ? position(of: call) : nil
    return call.request.isStreaming
      ? stream(call, first: first, generation: generation, tokens: tokens, cut: cut, limit: limit)
      : whole(first: first, generation: generation, tokens: tokens, cut: cut, limit: limit)
  }

  private func whole(
    first: Int64, generation: Int64, tokens: Int, cut: Double?, limit: Int64
  ) -> (after: Int64, ending: ScriptedEnding) {
    let end = first + Int64(Double(generation) * (cut ?? 1))
    guard end < limit else { return (limit, .failed(.timeout, retryAfter: nil)) }
    if cut != nil { return (end, .failed(.malformedResponse, retryAfter: nil)) }
    return (end, .answered(tokens: tokens, firstToken: nil))
  }

  /// `limit` holds for the first token; after it a stream goes on unless the caller set a deadline.
  private func stream(
    _ call: Call, first: Int64, generation: Int64, tokens: Int, cut: Double?, limit: Int64
  ) -> (after: Int64, ending: ScriptedEnding) {
    guard first < limit else { return (limit, .failed(.timeout, retryAfter: nil)) }
    let left = (call.request.deadline - call.now).wholeNanoseconds
    let whole = call.request.hasOwnDeadline ? left : Self.longestStream
    let end = first + Int64(Double(generation) * (cut ?? 1))
    if end >= whole {
      let share = generation == 0 ? 1 : Double(whole - first) / Double(generation)
      return (whole, .broken(.timeout, tokens: max(1, Int(Double(tokens) * min(1, share)))))
    }
    if let cut {
      let delivered = Int(Double(tokens) * cut)
      return delivered == 0
        ? (end, .failed(.malformedResponse, retryAfter: nil))
        : (end, .broken(.malformedResponse, tokens: delivered))
    }
    return (end, .answered(tokens: tokens, firstToken: .nanoseconds(first)))
  }

  /// The least of the times that the gateway gives a call before its first token, or the whole of its answer.
  private func limit(_ call: Call) -> Int64 {
    let left = call.request.deadline - call.now
    return min(left, min(timeout ?? left, firstTokenTimeout ?? left)).wholeNanoseconds
  }

  private func firstToken(of call: Call, slowness: Double) -> Int64 {
    var draws = chance.draws(.latency, key, UInt64(call.request.number), UInt64(call.attempt))
    // A day at most, so that sums stay far from the end of 64 bits.
    return max(1, Int64(min(latency.draw(&draws) * slowness, 86_400e9)))
  }

  /// Where in the answer it is cut.
  private func position(of call: Call) -> Double {
    var draws = chance.draws(.position, key, UInt64(call.request.number), UInt64(call.attempt))
    return draws.share()
  }

  /// Counts a call against the vendor's own limit; the wait that it answers when there are too many.
  private mutating func take(at now: Int64) -> Duration? {
    guard let requestsPerMinute else { return nil }
    while oldest < taken.count, now - taken[oldest] >= Self.minute { oldest += 1 }
    if oldest > 1024, oldest * 2 > taken.count {
      taken.removeFirst(oldest)
      oldest = 0
    }
    guard taken.count - oldest >= requestsPerMinute else {
      taken.append(now)
      return nil
    }
    // Vendors answer whole seconds.
    return .seconds((taken[oldest] + Self.minute - now + 999_999_999) / 1_000_000_000)
  }
}

/// What the events of a moment make of one call.
private struct Fate {
  var isDown = false
  var fails = false
  var stalls = false
  var isCut = false
  var rateLimit: Duration??
  var slowness = 1.0
}

extension ScriptedProvider {
  private func fate(of call: Call) -> Fate {
    var fate = Fate()
    guard !events.isEmpty else { return fate }
    let time: Duration = .nanoseconds(call.now.nanoseconds)
    for (index, event) in events.enumerated() where event.at <= time && time < event.end {
      guard event.share >= 1 || isStruck(call, by: index, share: event.share) else { continue }
      switch event.kind {
      case .fail: fate.fails = true
      case .stall: fate.stalls = true
      case .cut: fate.isCut = true
      case .rateLimit(let retryAfter): fate.rateLimit = .some(retryAfter)
      case .slow(let factor): fate.slowness *= factor
      case .down: fate.isDown = true
      // The rosters have it.
      case .price: break
      }
    }
    return fate
  }

  private func isStruck(_ call: Call, by event: Int, share: Double) -> Bool {
    let number = UInt64(call.request.number) << 8 | UInt64(min(call.attempt, 255))
    var draws = chance.draws(.fate, key, UInt64(event), number)
    return draws.share() < share
  }
}
