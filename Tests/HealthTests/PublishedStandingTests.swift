import Dispatch
import GatewayTypes
import Synchronization
import Testing

@testable import Health

@Suite("Published standings")
struct PublishedStandingTests {
  /// A provider's life, drawn by chance. Two that are drawn with the same seed live alike.
  private struct Life {
    let health: ProviderHealth
    private var generator: SeededGenerator
    private var permits: [Slot] = []
    private(set) var clock = HandClock()

    /// Keeps a permit in an array.
    private final class Slot {
      private var permit: AttemptPermit?

      init(_ permit: consuming AttemptPermit) { self.permit = consume permit }

      func answer(_ outcome: AttemptOutcome, now: MonotonicTime) {
        guard let permit = permit.take() else { return }
        permit.answer(outcome, now: now)
      }
    }

    init(seed: Int) {
      generator = SeededGenerator(seed: seed)
      health = ProviderHealth(policy: Life.policy(&generator))
    }

    private static func policy(_ generator: inout SeededGenerator) -> HealthPolicy {
      HealthPolicy(
        breaker: BreakerPolicy(failureThreshold: 3, cooldown: .seconds(20)),
        penalty: PenaltyPolicy(window: .seconds(60), threshold: 0.2),
        rateLimits: RateLimits(
          requestsPerMinute: Bool.random(using: &generator) ? 12 : nil,
          tokensPerMinute: Bool.random(using: &generator) ? 9_000 : nil),
        cooldown: Bool.random(using: &generator)
          ? CooldownPolicy(tokens: 5_000, duration: .seconds(9)) : nil,
        maxConcurrency: Bool.random(using: &generator) ? 3 : nil)
    }

    /// One more thing happens; answers the plans that are made after it.
    mutating func live(_ standing: (ProviderHealth, Int, RequestKind, MonotonicTime) -> ProviderStanding)
      -> [ProviderStanding]
    {
      happen(Int.random(in: 0..<100, using: &generator), now: clock.now)
      return (0..<3).map { _ in
        let tokens = Int.random(in: -1...6_000, using: &generator)
        let kind = RequestKind(Int.random(in: 0...7, using: &generator))
        defer { clock.advance(.milliseconds(Int.random(in: 0...600, using: &generator))) }
        return standing(health, tokens, kind, clock.now)
      }
    }

    private mutating func happen(_ dice: Int, now: MonotonicTime) {
      switch dice {
      case 0..<40:
        let tokens = Int.random(in: 0...2_000, using: &generator)
        guard let permit = health.acquire(tokens: tokens, now: now) else { return }
        permits.append(Slot(permit))
      case 40..<80:
        guard let slot = permits.randomElement(using: &generator) else { return }
        permits.removeAll { $0 === slot }
        slot.answer(outcome(), now: now)
      case 80..<90:
        health.learn(
          answerTokens: Int.random(in: 0...900, using: &generator), isCut: Bool.random(using: &generator),
          kind: RequestKind(Int.random(in: 0...7, using: &generator)), now: now)
      case 90: health.setDown(true)
      case 91, 92: health.setDown(false)
      case 93: health.resetBreaker()
      case 94: health.resetCooldowns()
      case 95: health.resetUsage()
      case 96: health.adopt(Life.policy(&generator))
      case 97: health.restore(health.kept(now: now), now: now)
      case 98: health.replay(failed: Bool.random(using: &generator), tokens: 500, at: now)
      default: _ = health.report(now: now)
      }
    }

    private mutating func outcome() -> AttemptOutcome {
      let usage = TokenUsage(uncachedInput: 300, output: Int.random(in: 0...900, using: &generator))
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: return .failure(.timeout, retryAfter: nil)
      case 1: return .failure(.transient, retryAfter: nil, usage: usage)
      case 2: return .failure(.rateLimited, retryAfter: .seconds(6))
      case 3: return .cancelled(usage: nil)
      default:
        return .success(
          latency: .milliseconds(Int.random(in: 1...5_000, using: &generator)),
          timeToFirstToken: .milliseconds(300), usage: usage)
      }
    }
  }

  @Test("whatever happens, a plan reads what it would read under the lock", arguments: 0..<60)
  func sameAsLocked(seed: Int) {
    var open = Life(seed: seed)
    var locked = Life(seed: seed)
    for step in 0..<400 {
      let read = open.live { $0.standing(tokens: $1, kind: $2, now: $3) }
      let asked = locked.live { $0.lockedStanding(tokens: $1, kind: $2, now: $3) }
      guard read != asked else { continue }
      Issue.record("seed \(seed), step \(step): read \(read), under the lock \(asked)")
      return
    }
  }

  @Test("a provider that nothing is in the way of is read without the lock once somebody has looked")
  func publishesWhenLookedAt() {
    let health = ProviderHealth()
    let now = HandClock().now
    #expect(health.published.standing(tokens: 0, kind: .unknown, now: now) == nil)
    let first = health.standing(now: now)
    #expect(health.published.standing(tokens: 0, kind: .unknown, now: now) == first)
  }

  @Test(
    "what is published is read until something is in the way, and for as many tokens as there is room for")
  func readsWhatIsPublished() {
    let published = PublishedStanding()
    let now = HandClock().now
    #expect(published.standing(tokens: 0, kind: .unknown, now: now) == nil)
    published.publish(clear(number: 7))
    #expect(published.standing(tokens: 9, kind: .unknown, now: now)?.latency.nanoseconds == 7)
    #expect(
      published.standing(tokens: 10, kind: .unknown, now: now) == nil, "more tokens than there is room for")
    published.publish(nil)
    #expect(published.standing(tokens: 0, kind: .unknown, now: now) == nil)
  }

  @Test("while it is written nothing is read")
  func unreadWhileWritten() {
    let published = PublishedStanding()
    let now = HandClock().now
    published.publish(clear(number: 7))
    published.write { #expect(published.standing(tokens: 0, kind: .unknown, now: now) == nil) }
    #expect(published.standing(tokens: 0, kind: .unknown, now: now) != nil)
  }

  @Test("who reads while it is written gets one whole standing, or none")
  func neverTorn() {
    final class Shared: Sendable {
      let published = PublishedStanding()
      let isEnough = Atomic(false)
      let isWritten = Atomic(false)
    }
    let shared = Shared()
    let now = HandClock().now
    // A queue of its own has a thread of its own, however busy the others are.
    let writer = DispatchQueue(label: "writer")
    writer.async {
      for number in 1...300_000 where !shared.isEnough.load(ordering: .relaxed) {
        shared.published.publish(clear(number: Int64(number)))
        // Pauses of many lengths, for reads to begin and end anywhere.
        for _ in 0..<number % 16 { _ = shared.published.standing(tokens: 0, kind: .unknown, now: now) }
      }
      shared.isWritten.store(true, ordering: .releasing)
    }
    var seen = Set<Int64>()
    var isOver = false
    while !isOver && seen.count < 20_000 {
      // One read more after the last write, which finds it.
      isOver = shared.isWritten.load(ordering: .acquiring)
      guard let standing = shared.published.standing(tokens: 0, kind: .unknown, now: now) else { continue }
      let number = standing.latency.whole
      seen.insert(number)
      let isWhole =
        standing.latency.toFirstToken == number && standing.latency.perToken == number
        && standing.idleNanoseconds == now.nanoseconds - number && standing.isPenalized == (number % 2 == 1)
      guard isWhole else {
        Issue.record("torn: \(standing)")
        break
      }
    }
    shared.isEnough.store(true, ordering: .relaxed)
    writer.sync {}
    #expect(!seen.isEmpty)
  }

  /// A standing in which everything is this number.
  private func clear(number: Int64) -> ClearStanding {
    ClearStanding(
      from: MonotonicTime(nanoseconds: .min), until: .distantFuture, mostTokens: 9,
      isPenalized: number % 2 == 1,
      lastTriedAt: MonotonicTime(nanoseconds: number),
      latency: LatencyAverage(toFirstToken: number, perToken: number, whole: number))
  }
}
