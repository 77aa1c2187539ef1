import GatewayTypes

/// What `ProviderHealth` keeps under its lock: every part of a provider's health but the breaker.
struct ProviderHealthState: Sendable {
  // What every plan of every request reads stands in front, close together.
  var isDown = false
  private var inFlight = 0
  private var mostInFlight: Int
  private var queue = PlaceQueue()
  var hold = RetryAfterHold()
  var cooldown: TokenCooldown?
  private var limiter: RateLimiter
  private var window: FailureWindow
  private var latency = LatencyAverage()
  /// When the last attempt began, or when somebody first looked.
  private var lastTriedAt: MonotonicTime?
  private(set) var answers = AnswerLengths()

  var counts = AttemptCounts()
  private(set) var policy: HealthPolicy
  private var rolling = RollingCounter()
  private var lastAnsweredAt: MonotonicTime?
  /// Times to the first token, and to whole answers; nil where nobody asks.
  private var spread: (firstToken: RecentLatencies, whole: RecentLatencies)?
  private var lastNanoseconds: Int64?
  /// The sum of latencies of `measured` successes; Int128, as a year of nanoseconds times a billion is.
  var latencySum: Int128 = 0
  var measured = 0

  init(policy: HealthPolicy) {
    self.policy = policy
    mostInFlight = policy.maxConcurrency ?? .max
    window = FailureWindow(policy: policy.penalty)
    limiter = RateLimiter(limits: policy.rateLimits)
    cooldown = policy.cooldown.map(TokenCooldown.init)
    if policy.measuresQuantiles { spread = (RecentLatencies(), RecentLatencies()) }
  }

  /// `circuit` is nil when it is closed.
  @inline(__always)
  mutating func standing(
    circuit: CircuitSnapshot?, tokens: Int, kind: RequestKind, now: MonotonicTime
  ) -> ProviderStanding {
    var standing = ProviderStanding(
      isPenalized: window.isPenalized(now: now), latency: latency,
      answer: answers[kind].expectation(now: now), idleNanoseconds: idleNanoseconds(now: now))
    if isDown { standing.block(.setDown, until: nil) }
    if let circuit {
      standing.isOnTrial = circuit.status == .halfOpen && circuit.acceptsAttempt
      if !circuit.acceptsAttempt {
        standing.block(
          circuit.status == .open ? .circuitOpen(circuit.reason) : .trialsTaken, until: circuit.retryAt)
      }
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

  /// How long nobody has been sent there. The time begins to count when somebody first looks.
  private mutating func idleNanoseconds(now: MonotonicTime) -> Int64 {
    guard let lastTriedAt else {
      self.lastTriedAt = now
      return 0
    }
    return ClearStanding.idleNanoseconds(since: lastTriedAt, now: now)
  }

  /// What `standing` says with the breaker closed while nothing but time passes; nil when something is in the
  /// way that time does not end, or while nobody has looked.
  var clearStanding: ClearStanding? {
    guard !isDown, !isAtConcurrencyLimit, let lastTriedAt else { return nil }
    let (isPenalized, until) = window.standing
    let always = MonotonicTime(nanoseconds: .min)
    return ClearStanding(
      from: max(hold.end ?? always, cooldown?.end ?? always), until: until, mostTokens: limiter.mostTokens,
      isPenalized: isPenalized, lastTriedAt: lastTriedAt, latency: latency)
  }

  mutating func learn(answerTokens: Int, isCut: Bool, kind: RequestKind, now: MonotonicTime) {
    answers[kind].record(tokens: answerTokens, isCut: isCut, now: now)
  }

  private var isAtConcurrencyLimit: Bool { inFlight + queue.promised >= mostInFlight }

  /// Counts an attempt as in flight and in the limits; returns when the limiter noted it, or nil. A place
  /// that the queue has promised is taken up then.
  mutating func acquire(tokens: Int, hasPlace: Bool, now: MonotonicTime) -> MonotonicTime? {
    guard !isDown, hasPlace || !isAtConcurrencyLimit, hold.heldUntil(now: now) == nil,
      cooldown?.coolingUntil(now: now) == nil,
      case .allowed(let acquiredAt) = limiter.tryAcquire(tokens: tokens, now: now)
    else { return nil }
    inFlight += 1
    lastTriedAt = now
    if hasPlace { queue.takeUp() }
    rolling.record(requests: 1, tokens: 0, now: now)
    return acquiredAt
  }

  /// Notes the end of an attempt; returns whether the provider is set aside by it, and how to wake whom its
  /// place is promised to.
  mutating func settle(
    _ outcome: AttemptOutcome, opened: Bool, acquiredAt: MonotonicTime, reserved: Int, now: MonotonicTime
  ) -> (isSetAside: Bool, wake: (@Sendable () -> Void)?) {
    precondition(inFlight > 0, "every attempt that ends has begun")
    inFlight -= 1
    let cooling = cooldown?.coolingUntil(now: now)
    note(outcome, opened: opened, acquiredAt: acquiredAt, reserved: reserved, now: now)
    var isSetAside = cooldown?.coolingUntil(now: now) != cooling
    if case .failure(let failure, _, _) = outcome, failure.effect == .setsAside { isSetAside = true }
    return (isSetAside, promisePlace())
  }

  private mutating func note(
    _ outcome: AttemptOutcome, opened: Bool, acquiredAt: MonotonicTime, reserved: Int, now: MonotonicTime
  ) {
    switch outcome {
    case .success(let latency, let timeToFirstToken, let usage):
      noteSuccess(latency: latency, timeToFirstToken: timeToFirstToken, usage: usage, now: now)
      charge(usage, acquiredAt: acquiredAt, reserved: reserved, now: now)
    case .failure(let failure, let retryAfter, let usage):
      note(failure, retryAfter: retryAfter, now: now)
      if opened { resetFailures() }
      if let usage { charge(usage, acquiredAt: acquiredAt, reserved: reserved, now: now) }
    case .keySetAside(let failure):
      if failure.effect == .setsAside { counts.rateLimited += 1 } else { counts.failures += 1 }
    case .callerFault:
      counts.callerFaults += 1
    case .outraced(let time, let isStream, let usage):
      counts.cancellations += 1
      // It would have taken longer still; left out, the slow answers would be missing among the latencies.
      if isStream { spread?.firstToken.record(time) } else { spread?.whole.record(time) }
      charge(usage, acquiredAt: acquiredAt, reserved: reserved, now: now)
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
    let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(
      (lastAnsweredAt ?? now).nanoseconds)
    latency.record(
      latency: whole, timeToFirstToken: timeToFirstToken, outputTokens: usage.output,
      age: overflow ? .max : age)
    lastAnsweredAt = now
    lastNanoseconds = whole.wholeNanoseconds
    if spread != nil { recordSpread(whole, timeToFirstToken) }
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

  /// The average time to the whole answer, or to a stream's first token; nil while nothing is known.
  func usualTime(isStream: Bool) -> Duration? {
    let nanoseconds = isStream ? latency.nanosecondsToFirstToken ?? latency.nanoseconds : latency.nanoseconds
    return nanoseconds.map { .nanoseconds($0) }
  }

  mutating func replay(failed: Bool?, tokens: Int, at time: MonotonicTime) {
    if let failed { window.record(failed: failed, now: time) }
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
    answers = AnswerLengths()
    lastNanoseconds = nil
    latencySum = 0
    measured = 0
  }

  /// Goes by `new`; returns how to wake those who have a place by it.
  mutating func adopt(_ new: HealthPolicy) -> [@Sendable () -> Void] {
    if new.penalty != policy.penalty { window = FailureWindow(policy: new.penalty) }
    if new.rateLimits != policy.rateLimits { limiter = RateLimiter(limits: new.rateLimits) }
    if new.cooldown != policy.cooldown { cooldown = new.cooldown.map(TokenCooldown.init) }
    if new.measuresQuantiles != policy.measuresQuantiles {
      spread = new.measuresQuantiles ? (RecentLatencies(), RecentLatencies()) : nil
    }
    policy = new
    mostInFlight = new.maxConcurrency ?? .max
    var wakes: [@Sendable () -> Void] = []
    while let wake = promisePlace() { wakes.append(wake) }
    return wakes
  }

  mutating func report(circuit: CircuitSnapshot, now: MonotonicTime) -> ProviderReport {
    ProviderReport(
      standing: standing(circuit: circuit, tokens: 0, kind: .unknown, now: now), circuit: circuit,
      isDown: isDown,
      coolingUntil: cooldown?.coolingUntil(now: now), heldUntil: hold.heldUntil(now: now), counts: counts,
      inFlight: inFlight, queued: queue.count, lastMinute: rolling.lastMinute(now: now),
      lastHour: rolling.lastHour(now: now),
      meanNanoseconds: measured == 0 ? nil : Int64(latencySum / Int128(measured)),
      lastNanoseconds: lastNanoseconds)
  }
}

extension ProviderHealthState {
  // MARK: The queue

  /// Joins the queue, or is promised a place at once; returns the number to be known by, nil when it is full.
  mutating func join(wake: @escaping @Sendable () -> Void) -> UInt64? {
    let isPlaceFree = !isAtConcurrencyLimit
    guard isPlaceFree || queue.count < policy.maxQueue else { return nil }
    return queue.join(isPlaceFree: isPlaceFree, wake: wake)
  }

  func hasPlace(_ number: UInt64) -> Bool { queue.hasPlace(number) }

  /// Leaves the queue; returns how to wake whom the place is promised to that it may have had.
  mutating func leave(_ number: UInt64) -> (@Sendable () -> Void)? {
    queue.leave(number)
    return promisePlace()
  }

  private mutating func promisePlace() -> (@Sendable () -> Void)? {
    guard queue.count > 0, !isAtConcurrencyLimit else { return nil }
    return queue.promise()
  }

  // MARK: Quantiles

  private mutating func recordSpread(_ whole: Duration, _ timeToFirstToken: Duration?) {
    if let timeToFirstToken {
      spread?.firstToken.record(timeToFirstToken)
    } else {
      spread?.whole.record(whole)
    }
  }

  func quantile(perThousand: Int, ofFirstToken: Bool, minSamples: Int) -> Duration? {
    guard let spread else { return nil }
    let latencies = ofFirstToken ? spread.firstToken : spread.whole
    return latencies.total >= minSamples ? latencies.quantile(perThousand: perThousand) : nil
  }
}
