import GatewayTypes
import Testing

@testable import Health

extension ProviderHealth {
  /// Whether no permit is given; one that is given is dropped.
  fileprivate func refuses(tokens: Int, now: MonotonicTime) -> Bool {
    acquire(tokens: tokens, now: now) == nil
  }
}

@Suite("Provider health")
struct ProviderHealthTests {
  private static let usage = TokenUsage(uncachedInput: 600, output: 400)
  private static let success = AttemptOutcome.success(
    latency: .seconds(1), timeToFirstToken: .milliseconds(200), usage: usage)

  /// What one failure of a class does to a provider in good health with a breaker that opens at 2.
  struct Effect: Sendable {
    var failure: FailureClass
    var opens = false
    var counts = false
    var penalizes = false
    var holds = false
  }

  @Test(
    "each class of failure has its effect",
    arguments: [
      Effect(failure: .transient, counts: true, penalizes: true),
      Effect(failure: .timeout, counts: true, penalizes: true),
      Effect(failure: .malformedResponse, counts: true, penalizes: true),
      Effect(failure: .modelNotFound, counts: true, penalizes: true),
      // What opened the breaker is spent.
      Effect(failure: .credential, opens: true, counts: true),
      Effect(failure: .quotaExceeded, opens: true, counts: true),
      Effect(failure: .rateLimited, holds: true),
      Effect(failure: .invalidRequest),
      Effect(failure: .contextTooLong),
    ])
  func effects(_ effect: Effect) {
    let now = HandClock().now
    let health = ProviderHealth(
      policy: HealthPolicy(
        breaker: BreakerPolicy(failureThreshold: 2), penalty: PenaltyPolicy(minimumAnswers: 1)))
    health.acquire(tokens: 10, now: now)?.answer(.failure(effect.failure, retryAfter: .seconds(9)), now: now)
    let report = health.report(now: now)
    #expect((report.circuit.status == .open) == effect.opens)
    #expect((report.circuit.consecutiveFailures == 1) == effect.counts)
    #expect((report.counts.failures == 1) == effect.counts)
    #expect(report.standing.isPenalized == effect.penalizes)
    #expect(report.heldUntil == (effect.holds ? now + .seconds(9) : nil))
    #expect(report.inFlight == 0)
    #expect(report.requests == 1)
    #expect(health.refuses(tokens: 10, now: now) == (effect.opens || effect.holds))
    health.acquire(tokens: 10, now: now)?.answer(.failure(effect.failure, retryAfter: nil), now: now)
    let isOpen = health.breaker.snapshot(now: now).status == .open
    #expect(isOpen == (effect.opens || effect.counts), "the second failure in a row")
  }

  @Test("names what stands in the way and until when")
  func standings() {
    let now = HandClock().now
    func standing(_ policy: HealthPolicy, tokens: Int = 0, _ prepare: (ProviderHealth) -> Void)
      -> ProviderStanding
    {
      let health = ProviderHealth(policy: policy)
      prepare(health)
      let standing = health.standing(tokens: tokens, now: now)
      #expect(health.refuses(tokens: tokens, now: now) == (standing.unavailability != nil))
      return standing
    }
    let open = standing(HealthPolicy()) {
      $0.acquire(tokens: 0, now: now)?.answer(.failure(.credential, retryAfter: nil), now: now)
    }
    #expect(open.unavailability == .circuitOpen(.credential))
    #expect(open.retryAt == now + .seconds(60))

    let down = standing(HealthPolicy()) { $0.setDown(true) }
    #expect(down.unavailability == .setDown)
    #expect(down.retryAt == nil)

    let requests = standing(HealthPolicy(rateLimits: RateLimits(requestsPerMinute: 1))) {
      $0.acquire(tokens: 0, now: now)?.answer(.callerFault, now: now)
    }
    #expect(requests.unavailability == .requestLimitReached)
    #expect(requests.retryAt == now + .seconds(60))

    let never = standing(HealthPolicy(rateLimits: RateLimits(tokensPerMinute: 10)), tokens: 11) { _ in }
    #expect(never.unavailability == .aboveTokenLimit)
    #expect(never.retryAt == nil)

    let cooling = standing(HealthPolicy(cooldown: CooldownPolicy(tokens: 999))) {
      $0.acquire(tokens: 0, now: now)?.answer(Self.success, now: now)
    }
    #expect(cooling.unavailability == .coolingDown)
    #expect(cooling.retryAt == now + .seconds(300))

    // Two things at once: the first reason, the later time.
    let both = standing(HealthPolicy(cooldown: CooldownPolicy(tokens: 999))) {
      $0.acquire(tokens: 0, now: now)?.answer(Self.success, now: now)
      var kept = $0.kept(now: now)
      kept.circuit = CircuitSnapshot(
        status: .open, retryAt: now + .seconds(5), currentCooldown: .seconds(60), acceptsAttempt: false)
      $0.restore(kept, now: now)
    }
    #expect(both.unavailability == .circuitOpen(nil))
    #expect(both.retryAt == now + .seconds(300))
  }

  @Test("an attempt refused by a limit leaves the half-open trial free")
  func refusalFreesTrial() {
    var clock = HandClock()
    let health = ProviderHealth(
      policy: HealthPolicy(
        breaker: BreakerPolicy(failureThreshold: 1, cooldown: .seconds(1)),
        rateLimits: RateLimits(requestsPerMinute: 1)))
    health.acquire(tokens: 0, now: clock.now)?.answer(.failure(.timeout, retryAfter: nil), now: clock.now)
    clock.advance(.seconds(1))
    #expect(health.refuses(tokens: 0, now: clock.now))
    #expect(health.breaker.snapshot(now: clock.now).acceptsAttempt)
    clock.advance(.seconds(60))
    health.acquire(tokens: 0, now: clock.now)?.answer(Self.success, now: clock.now)
    #expect(health.breaker.snapshot(now: clock.now).status == .closed)
  }

  @Test("no more attempts are in flight than allowed, and a dropped permit frees its place")
  func concurrency() {
    let now = HandClock().now
    let health = ProviderHealth(policy: HealthPolicy(maxConcurrency: 1))
    do {
      let permit = health.acquire(tokens: 0, now: now)
      #expect(health.report(now: now).inFlight == 1)
      #expect(health.standing(now: now).unavailability == .concurrencyLimitReached)
      #expect(health.refuses(tokens: 0, now: now))
      _ = consume permit
    }
    #expect(health.report(now: now).inFlight == 0)
    #expect(health.report(now: now).counts.cancellations == 1)
    #expect(health.standing(now: now).unavailability == nil)
  }

  @Test("the tokens of the answer take the place of the guess in the limit")
  func tokens() {
    let now = HandClock().now
    let health = ProviderHealth(policy: HealthPolicy(rateLimits: RateLimits(tokensPerMinute: 5000)))
    health.acquire(tokens: 5000, now: now)?.answer(Self.success, now: now)
    #expect(health.standing(tokens: 4000, now: now).unavailability == nil)
    #expect(health.standing(tokens: 4001, now: now).unavailability == .tokenLimitReached)
    // Cut off without usage: what was reserved stays used.
    health.acquire(tokens: 4000, now: now)?.answer(.cancelled(usage: nil), now: now)
    #expect(health.standing(tokens: 1, now: now).unavailability == .tokenLimitReached)
  }

  @Test("reports what has happened")
  func reports() {
    var clock = HandClock()
    let health = ProviderHealth()
    health.acquire(tokens: 0, now: clock.now)?.answer(Self.success, now: clock.now)
    health.acquire(tokens: 0, now: clock.now)?.answer(
      .success(latency: .seconds(3), timeToFirstToken: nil, usage: Self.usage), now: clock.now)
    health.acquire(tokens: 0, now: clock.now)?.answer(.failure(.timeout, retryAfter: nil), now: clock.now)
    health.acquire(tokens: 0, now: clock.now)?.answer(.callerFault, now: clock.now)
    let report = health.report(now: clock.now)
    #expect(report.requests == 4)
    #expect(report.counts.successes == 2)
    #expect(report.counts.successRate == 2.0 / 3)
    #expect(report.meanNanoseconds == 2_000_000_000)
    #expect(report.lastNanoseconds == 3_000_000_000)
    #expect(report.lastMinute == RollingCounter.Count(requests: 4, tokens: 2000))
    clock.advance(.seconds(70))
    #expect(health.report(now: clock.now).lastMinute.requests == 0)
    #expect(health.report(now: clock.now).lastHour.tokens == 2000)
  }

  @Test("each reset forgets its own")
  func resets() {
    let now = HandClock().now
    let health = ProviderHealth(
      policy: HealthPolicy(
        breaker: BreakerPolicy(failureThreshold: 1), rateLimits: RateLimits(requestsPerMinute: 1)))
    health.acquire(tokens: 0, now: now)?.answer(.failure(.timeout, retryAfter: nil), now: now)
    health.resetBreaker()
    #expect(health.breaker.snapshot(now: now).status == .closed)
    #expect(!health.standing(now: now).isPenalized)
    #expect(health.standing(now: now).unavailability == .requestLimitReached)
    health.resetCooldowns()
    #expect(health.standing(now: now).unavailability == nil)
    #expect(health.report(now: now).requests == 1)
    health.resetUsage()
    #expect(health.report(now: now).requests == 0)
  }

  @Test("the breaker judges the first failures, and those that opened it are not held against it after")
  func spentFailures() {
    var clock = HandClock()
    let health = ProviderHealth()
    func fail() {
      health.acquire(tokens: 0, now: clock.now)?.answer(.failure(.timeout, retryAfter: nil), now: clock.now)
    }
    for _ in 1...2 {
      fail()
      #expect(!health.standing(now: clock.now).isPenalized, "too few to take a share of")
    }
    fail()
    #expect(health.standing(now: clock.now).unavailability == .circuitOpen(.timeout))
    clock.advance(.seconds(60))
    #expect(health.standing(now: clock.now).unavailability == nil)
    #expect(!health.standing(now: clock.now).isPenalized, "its trial goes in rank order")
    health.acquire(tokens: 0, now: clock.now)?.answer(Self.success, now: clock.now)
    #expect(!health.standing(now: clock.now).isPenalized, "a blip moves traffic for the breaker's wait only")
    // One that fails now and then never opens the breaker: that is what the penalty is for.
    for _ in 1...5 {
      fail()
      health.acquire(tokens: 0, now: clock.now)?.answer(Self.success, now: clock.now)
    }
    #expect(health.standing(now: clock.now).unavailability == nil)
    #expect(health.standing(now: clock.now).isPenalized)
  }

  @Test("the tokens of a failed attempt count in the windows, the limit and the cooldown")
  func failedTokens() {
    let now = HandClock().now
    let health = ProviderHealth(
      policy: HealthPolicy(
        rateLimits: RateLimits(tokensPerMinute: 5000), cooldown: CooldownPolicy(tokens: 1500)))
    let broken = AttemptOutcome.failure(.transient, retryAfter: nil, usage: Self.usage)
    health.acquire(tokens: 10, now: now)?.answer(broken, now: now)
    #expect(health.report(now: now).lastHour.tokens == 1000)
    #expect(health.standing(tokens: 4000, now: now).unavailability == nil)
    #expect(health.standing(tokens: 4001, now: now).unavailability == .tokenLimitReached)
    health.acquire(tokens: 10, now: now)?.answer(broken, now: now)
    #expect(health.standing(now: now).unavailability == .coolingDown)
  }

  @Test("the time without an attempt counts from the last one's start, or from the first look")
  func idle() {
    var clock = HandClock()
    let health = ProviderHealth()
    #expect(health.standing(now: clock.now).idleNanoseconds == 0)
    clock.advance(.seconds(9))
    #expect(health.standing(now: clock.now).idleNanoseconds == 9_000_000_000)
    let permit = health.acquire(tokens: 0, now: clock.now)
    #expect(health.standing(now: clock.now).idleNanoseconds == 0)
    clock.advance(.seconds(5))
    permit?.answer(Self.success, now: clock.now)
    #expect(health.standing(now: clock.now).idleNanoseconds == 5_000_000_000)
    #expect(health.standing(now: MonotonicTime(nanoseconds: 0)).idleNanoseconds == 0, "a clock behind")
  }

  @Test(
    "a deadline is a timeout when the provider had as long as it takes, and says nothing otherwise",
    arguments: [
      // What is known (a whole second, 200 ms to the first token, or nothing), and what it was given.
      (known: true, isStream: false, milliseconds: 999, counts: false), (true, false, 1_000, true),
      (true, true, 199, false), (true, true, 200, true),
      (false, false, 99, false), (false, false, 100, true), (false, true, 99, false),
      (false, true, 100, true),
    ])
  func deadlines(known: Bool, isStream: Bool, milliseconds: Int, counts: Bool) {
    let health = ProviderHealth()
    let clock = HandClock()
    if known { health.acquire(tokens: 0, now: clock.now)?.answer(Self.success, now: clock.now) }
    let outcome = health.outcome(
      ofDeadlineAfter: .milliseconds(milliseconds), isStream: isStream, usage: Self.usage)
    #expect(
      outcome
        == (counts
          ? .failure(.timeout, retryAfter: nil, usage: Self.usage) : .cancelled(usage: Self.usage)))
  }

  @Test("windows are rebuilt from the past, and a new policy keeps those it does not change")
  func replays() {
    let now = HandClock().now
    let policy = HealthPolicy(
      penalty: PenaltyPolicy(minimumAnswers: 2), rateLimits: RateLimits(requestsPerMinute: 2))
    let health = ProviderHealth(policy: policy)
    health.replay(failed: true, tokens: 100, at: now + .seconds(-50))
    health.replay(failed: false, tokens: 100, at: now + .seconds(-40))
    #expect(health.standing(now: now).unavailability == .requestLimitReached)
    #expect(health.standing(now: now).retryAt == now + .seconds(10))
    #expect(health.standing(now: now).isPenalized)
    #expect(health.report(now: now).lastMinute.tokens == 200)

    var changed = policy
    changed.penalty.threshold = 0.9
    health.adopt(changed)
    #expect(health.standing(now: now).unavailability == .requestLimitReached)
    changed.rateLimits.requestsPerMinute = 3
    health.adopt(changed)
    #expect(health.standing(now: now).unavailability == nil)
  }
}
