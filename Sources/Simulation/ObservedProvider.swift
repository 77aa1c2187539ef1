internal import Configuration
internal import GatewayTypes

/// What an observer knows of one provider, from its calls alone. Times are in nanoseconds.
struct ObservedProvider {
  private struct Call {
    var began: Int64
    var epoch: Int
    /// What it counts against the limit of tokens.
    var tokens: Int
  }

  let name: String
  private(set) var spent: Int128 = 0
  private(set) var begun = 0
  private let provider: ProviderConfiguration
  private let configuration: GatewayConfiguration
  private let priceEvents: [ProviderEvent]
  private var gate: ObservedBreaker
  private var inFlight: [Int: Call] = [:]
  /// The calls of the last minute and a little more, oldest first.
  private var recent: [(request: Int, call: Call)] = []
  /// The judged answers of the penalty's window, oldest first.
  private var answers: [(time: Int64, failed: Bool)] = []
  /// The tokens of answers that may still cool it down, oldest first.
  private var used: [(time: Int64, tokens: Int)] = []
  private var heldUntil = Int64.min
  private var unaskedHolds = 0
  /// When the breaker last opened, or failed a trial.
  private var openedAt = Int64.min

  private static let minute: Int64 = 60_000_000_000
  /// How much longer than a minute the limiter may count a call, where it remembers several together.
  private static let slot: Int64 = 15_000_000

  init(
    _ provider: ProviderConfiguration, _ behavior: ProviderBehavior, in configuration: GatewayConfiguration
  ) {
    name = provider.id.text
    self.provider = provider
    self.configuration = configuration
    priceEvents = behavior.events.filter { if case .price = $0.kind { true } else { false } }
    gate = ObservedBreaker(configuration.breaker)
  }

  /// Notes a call; what it breaks.
  mutating func call(_ request: SimulatedRequest, at now: Int64) -> [String] {
    var troubles: [String] = []
    forget(before: now)
    let (epoch, trouble) = gate.call(at: now)
    if let trouble { troubles.append(trouble) }
    if now < heldUntil { troubles.append("is called before its Retry-After is over") }
    recent.append((request.number, Call(began: now, epoch: epoch, tokens: request.promptTokens)))
    inFlight[request.number] = recent.last?.call
    begun += 1
    let lastMinute = recent.drop { now - $0.call.began >= Self.minute }
    if let most = provider.rateLimitRequestsPerMinute, lastMinute.count > most {
      troubles.append("gets \(lastMinute.count) calls within 60 s, not \(most)")
    }
    let tokens = lastMinute.reduce(0) { $0 + $1.call.tokens }
    if let most = provider.rateLimitTokensPerMinute, tokens > most {
      troubles.append("gets \(tokens) tokens within 60 s, not \(most)")
    }
    if let most = provider.maxConcurrency, inFlight.count > most {
      troubles.append("has \(inFlight.count) calls at a time, not \(most)")
    }
    return troubles
  }

  /// Notes how a call ended.
  mutating func end(_ request: SimulatedRequest, _ ending: ScriptedEnding, cost: Int128, at now: Int64) {
    guard let call = inFlight.removeValue(forKey: request.number) else { return }
    spent += cost
    switch ending {
    case .answered(let tokens, _):
      answers.append((now, false))
      count(request.promptTokens + tokens, request, call, at: now)
      unaskedHolds = 0
      gate.end(call.epoch, .answered, at: now)
    case .failed(.rateLimited, let retryAfter):
      // 1 s, 2 s, 4 s … up to 60 s where no time is named.
      let unasked: Int64 = min(1 << min(unaskedHolds, 6), 60)
      unaskedHolds += 1
      let wait = retryAfter?.wholeNanoseconds ?? unasked * 1_000_000_000
      heldUntil = max(heldUntil, now + wait)
      gate.end(call.epoch, .saysNothing, at: now)
    case .failed:
      noteFailure(call, at: now)
    case .broken(_, let tokens):
      count(request.promptTokens + tokens, request, call, at: now)
      noteFailure(call, at: now)
    }
  }

  /// What a call has used takes the place of what it was let through with.
  private mutating func count(_ tokens: Int, _ request: SimulatedRequest, _ call: Call, at now: Int64) {
    used.append((now, tokens))
    if let index = recent.lastIndex(where: { $0.request == request.number && $0.call.began == call.began }) {
      recent[index].call.tokens = tokens
    }
  }

  private mutating func noteFailure(_ call: Call, at now: Int64) {
    answers.append((now, true))
    let wasClosed = gate.isClosed
    gate.end(call.epoch, .failed, at: now)
    if wasClosed && !gate.isClosed || !wasClosed { openedAt = now }
  }

  /// Whether nothing at all speaks against a call now. Where the edges of a window are not sharp, it says no.
  mutating func isWell(for request: SimulatedRequest, at now: Int64) -> Bool {
    forget(before: now)
    guard gate.isClosed, now >= heldUntil else { return false }
    let tokens = recent.reduce(request.promptTokens) { $0 + $1.call.tokens }
    guard recent.count < provider.rateLimitRequestsPerMinute ?? .max,
      tokens <= provider.rateLimitTokensPerMinute ?? .max,
      inFlight.count < provider.maxConcurrency ?? .max
    else { return false }
    if let cooldown = configuration.cooldown {
      guard used.reduce(0, { $0 + $1.tokens }) <= cooldown.tokens else { return false }
    }
    // The window moves in sixtieths: all failures count that may, and only those answers that must.
    let window = configuration.routing.penaltyWindow.wholeNanoseconds
    let sure = now - window / 60 * 59
    let failures = answers.count { $0.failed }
    // A breaker that opens takes the answers before with it, the good ones too.
    let all = answers.count { $0.time > max(sure, openedAt) }
    return failures == 0 || Double(failures) <= Double(all) * (configuration.routing.penaltyThreshold - 1e-6)
  }

  private mutating func forget(before now: Int64) {
    recent.removeFirst(recent.prefix { now - $0.call.began >= Self.minute + Self.slot }.count)
    let window = configuration.routing.penaltyWindow.wholeNanoseconds
    answers.removeFirst(answers.prefix { now - $0.time > window }.count)
    guard let cooldown = configuration.cooldown else { return used.removeAll() }
    let span = (cooldown.window + cooldown.duration).wholeNanoseconds + cooldown.window.wholeNanoseconds / 500
    used.removeFirst(used.prefix { now - $0.time > span }.count)
  }
}

extension ObservedProvider {
  /// The prices of a request that arrived at `time`.
  func prices(at time: MonotonicTime) -> Prices {
    var prices = provider.prices
    for event in priceEvents
    where event.at.wholeNanoseconds <= time.nanoseconds && time.nanoseconds < event.end.wholeNanoseconds {
      if case .price(let changed) = event.kind { prices = changed }
    }
    return prices
  }

  /// What a call costs, in picodollars.
  func cost(of ending: ScriptedEnding, _ request: SimulatedRequest) -> Int128 {
    let prices = prices(at: request.arrivedAt)
    let tokens = prices.tiers.last { $0.threshold < request.promptTokens }?.tokens ?? prices.tokens
    switch ending {
    case .failed: return 0
    case .answered(let output, _), .broken(_, let output):
      return tokens.input.picodollars * Int128(request.promptTokens) + tokens.output.picodollars
        * Int128(output)
        + prices.requestFee.picodollars
    }
  }
}
