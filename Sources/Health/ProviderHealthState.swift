import GatewayTypes

/// What `ProviderHealth` keeps under its lock: every part of a provider's health but the breaker.
struct ProviderHealthState: Sendable {
  var isDown = false
  var counts = AttemptCounts()
  var cooldown: TokenCooldown?

  private var policy: HealthPolicy
  private var hold = RetryAfterHold()
  private var window: FailureWindow
  private var limiter: RateLimiter
  private var rolling = RollingCounter()
  private var latency = LatencyAverage()
  private var inFlight = 0
  private var lastNanoseconds: Int64?
  /// The sum of latencies of `measured` successes; Int128, as a year of nanoseconds times a billion is.
  private var latencySum: Int128 = 0
  private var measured = 0

  init(policy: HealthPolicy) {
    self.policy = policy
    window = FailureWindow(policy: policy.penalty)
    limiter = RateLimiter(limits: policy.rateLimits)
    cooldown = policy.cooldown.map(TokenCooldown.init)
  }

  mutating func standing(circuit: CircuitSnapshot, tokens: Int, now: MonotonicTime) -> ProviderStanding {
    var standing = ProviderStanding(
      isPenalized: window.isPenalized(now: now),
      isOnTrial: circuit.status == .halfOpen && circuit.acceptsAttempt, latency: latency)
    if isDown { standing.block(.setDown, until: nil) }
    if !circuit.acceptsAttempt {
      standing.block(
        circuit.status == .open ? .circuitOpen(circuit.reason) : .trialsTaken, until: circuit.retryAt)
    }
    if let end = hold.heldUntil(now: now) { standing.block(.heldAfterRateLimit, until: end) }
    if let end = cooldown?.coolingUntil(now: now) { standing.block(.coolingDown, until: end) }
    switch limiter.peek(tokens: tokens, now: now) {
    case .allowed: break
    case .requestsUsedUp(let until): standing.block(.requestLimitReached, until: until)
    case .tokensUsedUp(let until): standing.block(.tokenLimitReached, until: until)
    case .neverFits: standing.block(.aboveTokenLimit, until: nil)
    }
    if isAtConcurrencyLimit { standing.block(.concurrencyLimitReached, until: nil) }
    return standing
  }

  private var isAtConcurrencyLimit: Bool { inFlight >= policy.maxConcurrency ?? .max }

  /// Counts an attempt as in flight and in the limits; returns when the limiter noted it, or nil.
  mutating func acquire(tokens: Int, now: MonotonicTime) -> MonotonicTime? {
    guard !isDown, !isAtConcurrencyLimit, hold.heldUntil(now: now) == nil,
      cooldown?.coolingUntil(now: now) == nil,
      case .allowed(let acquiredAt) = limiter.tryAcquire(tokens: tokens, now: now)
    else { return nil }
    inFlight += 1
    rolling.record(requests: 1, tokens: 0, now: now)
    return acquiredAt
  }

  mutating func settle(
    _ outcome: AttemptOutcome, acquiredAt: MonotonicTime, reserved: Int, now: MonotonicTime
  ) {
    precondition(inFlight > 0, "every attempt that ends has begun")
    inFlight -= 1
    switch outcome {
    case .success(let latency, let timeToFirstToken, let usage):
      noteSuccess(latency: latency, timeToFirstToken: timeToFirstToken, usage: usage, now: now)
      charge(usage, acquiredAt: acquiredAt, reserved: reserved, now: now)
    case .failure(let failure, let retryAfter):
      note(failure, retryAfter: retryAfter, now: now)
    case .callerFault:
      counts.callerFaults += 1
    case .cancelled(let usage):
      counts.cancellations += 1
      // Without usage the reserved tokens stand: nobody knows what the provider has counted.
      if let usage { charge(usage, acquiredAt: acquiredAt, reserved: reserved, now: now) }
    }
  }

  private mutating func noteSuccess(
    latency whole: Duration, timeToFirstToken: Duration?, usage: TokenUsage, now: MonotonicTime
  ) {
    counts.successes += 1
    window.record(failed: false, now: now)
    hold.noteSuccess()
    latency.record(latency: whole, timeToFirstToken: timeToFirstToken, outputTokens: usage.output)
    lastNanoseconds = whole.wholeNanoseconds
    latencySum += Int128(whole.wholeNanoseconds)
    measured += 1
  }

  private mutating func note(_ failure: FailureClass, retryAfter: Duration?, now: MonotonicTime) {
    switch failure.effect {
    case .countsAsFailure, .opensBreaker:
      counts.failures += 1
      window.record(failed: true, now: now)
    case .setsAside:
      counts.rateLimited += 1
      hold.hold(retryAfter: retryAfter, now: now)
    case .none:
      counts.callerFaults += 1
    }
  }

  private mutating func charge(
    _ usage: TokenUsage, acquiredAt: MonotonicTime, reserved: Int, now: MonotonicTime
  ) {
    limiter.adjust(acquiredAt: acquiredAt, from: reserved, to: usage.total)
    rolling.record(requests: 0, tokens: usage.total, now: now)
    cooldown?.record(tokens: usage.total, now: now)
  }

  mutating func replay(failed: Bool, tokens: Int, at time: MonotonicTime) {
    window.record(failed: failed, now: time)
    rolling.record(requests: 1, tokens: tokens, now: time)
    // One that the limit, lowered since, refuses is not noted: the window is full without it.
    _ = limiter.tryAcquire(tokens: tokens, now: time)
    cooldown?.record(tokens: tokens, now: time)
  }

  mutating func resetFailures() {
    window = FailureWindow(policy: policy.penalty)
  }

  mutating func resetCooldowns() {
    hold = RetryAfterHold()
    limiter.reset()
    cooldown?.reset()
  }

  mutating func resetUsage() {
    counts = AttemptCounts()
    rolling = RollingCounter()
    latency = LatencyAverage()
    lastNanoseconds = nil
    latencySum = 0
    measured = 0
  }

  mutating func adopt(_ new: HealthPolicy) {
    if new.penalty != policy.penalty { window = FailureWindow(policy: new.penalty) }
    if new.rateLimits != policy.rateLimits { limiter = RateLimiter(limits: new.rateLimits) }
    if new.cooldown != policy.cooldown { cooldown = new.cooldown.map(TokenCooldown.init) }
    policy = new
  }

  mutating func report(circuit: CircuitSnapshot, now: MonotonicTime) -> ProviderReport {
    ProviderReport(
      standing: standing(circuit: circuit, tokens: 0, now: now), circuit: circuit, isDown: isDown,
      coolingUntil: cooldown?.coolingUntil(now: now), heldUntil: hold.heldUntil(now: now), counts: counts,
      inFlight: inFlight, lastMinute: rolling.lastMinute(now: now), lastHour: rolling.lastHour(now: now),
      meanNanoseconds: measured == 0 ? nil : Int64(latencySum / Int128(measured)),
      lastNanoseconds: lastNanoseconds)
  }
}
