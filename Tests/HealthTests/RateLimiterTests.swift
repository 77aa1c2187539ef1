import GatewayTypes
import Testing

@testable import Health

@Suite("Rate limiter")
struct RateLimiterTests {
  /// All requests ever taken, looked through from the start each time.
  private struct Reference {
    var limits: RateLimits
    var taken: [(time: Int64, tokens: Int)] = []

    func allows(tokens: Int, at now: Int64) -> Bool {
      let inside = taken.filter { now - $0.time < 60_000_000_000 }
      return inside.count < limits.requestsPerMinute ?? .max
        && inside.map(\.tokens).reduce(tokens, +) <= limits.tokensPerMinute ?? .max
    }
  }

  @Test("decides as a look through all requests would, whatever the arrivals", arguments: 0..<60)
  func matchesReference(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let limits = RateLimits(
      requestsPerMinute: seed % 3 == 0 ? nil : Int.random(in: 1...40, using: &random),
      tokensPerMinute: seed % 3 == 1 ? nil : Int.random(in: 10...5000, using: &random))
    // Only with a request limit is every request remembered by itself.
    let isExact = limits.requestsPerMinute != nil
    var limiter = RateLimiter(limits: limits)
    var reference = Reference(limits: limits)
    var now: Int64 = -30_000_000_000
    for _ in 0..<400 {
      now += Bool.random(using: &random) ? 0 : Int64.random(in: 0...6_000_000_000, using: &random)
      let tokens = Int.random(in: 0...600, using: &random)
      let expected = reference.allows(tokens: tokens, at: now)
      let time = MonotonicTime(nanoseconds: now)
      let peeked = limiter.peek(tokens: tokens, now: time)
      let decision = limiter.tryAcquire(tokens: tokens, now: time)
      #expect(peeked == decision)
      switch decision {
      case .allowed(let at):
        #expect(expected)
        #expect(at == time)
        reference.taken.append((now, tokens))
      case .requestsUsedUp(let until), .tokensUsedUp(let until):
        #expect(!isExact || !expected)
        #expect(until > time && until <= time + .seconds(60))
        #expect(reference.allows(tokens: tokens, at: until.nanoseconds), "the time named is right")
        if isExact {
          #expect(!reference.allows(tokens: tokens, at: until.nanoseconds - 1), "and not too late")
        }
      case .neverFits:
        #expect(tokens > limits.tokensPerMinute ?? .max)
      }
    }
  }

  @Test("a burst at the border of two minutes is held to the limit")
  func holdsAtTheBorder() {
    var limiter = RateLimiter(limits: RateLimits(requestsPerMinute: 2))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(59)) == .allowed(at: seconds(59)))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(59.5)) == .allowed(at: seconds(59.5)))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(60.5)) == .requestsUsedUp(until: seconds(119)))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(119)) == .allowed(at: seconds(119)))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(119)) == .requestsUsedUp(until: seconds(119.5)))
  }

  @Test("a refused request uses nothing up")
  func refusalIsFree() {
    var limiter = RateLimiter(limits: RateLimits(requestsPerMinute: 1, tokensPerMinute: 100))
    _ = limiter.tryAcquire(tokens: 10, now: seconds(0))
    for second in 1..<60 { _ = limiter.tryAcquire(tokens: 10, now: seconds(Double(second))) }
    #expect(limiter.tryAcquire(tokens: 100, now: seconds(60)) == .allowed(at: seconds(60)))
  }

  @Test("a request of more tokens than a minute allows never fits")
  func neverFits() {
    var limiter = RateLimiter(limits: RateLimits(tokensPerMinute: 100))
    #expect(limiter.tryAcquire(tokens: 101, now: seconds(0)) == .neverFits)
    #expect(limiter.tryAcquire(tokens: 100, now: seconds(0)) == .allowed(at: seconds(0)))
    #expect(limiter.tryAcquire(tokens: 1, now: seconds(1)) == .tokensUsedUp(until: seconds(60)))
  }

  @Test("what a request used in the end takes the place of what it was taken with")
  func adjusts() {
    var limiter = RateLimiter(limits: RateLimits(tokensPerMinute: 100))
    _ = limiter.tryAcquire(tokens: 80, now: seconds(0))
    limiter.adjust(acquiredAt: seconds(0), from: 80, to: 30)
    #expect(limiter.tryAcquire(tokens: 70, now: seconds(1)) == .allowed(at: seconds(1)))
    limiter.adjust(acquiredAt: seconds(1), from: 70, to: 500)
    #expect(limiter.peek(tokens: 100, now: seconds(60)) == .tokensUsedUp(until: seconds(61)))
    limiter.adjust(acquiredAt: seconds(0), from: 30, to: 9)
    #expect(limiter.peek(tokens: 100, now: seconds(61)) == .allowed(at: seconds(61)))
    // Long gone: nothing is left to correct, and nothing breaks.
    limiter.adjust(acquiredAt: seconds(0), from: 9, to: 1_000_000)
    #expect(limiter.peek(tokens: 100, now: seconds(61)) == .allowed(at: seconds(61)))
  }

  @Test("a time behind the newest is taken as the newest")
  func clockOrder() {
    var limiter = RateLimiter(limits: RateLimits(requestsPerMinute: 2))
    _ = limiter.tryAcquire(tokens: 0, now: seconds(10))
    #expect(limiter.tryAcquire(tokens: 0, now: seconds(9)) == .allowed(at: seconds(10)))
    #expect(limiter.peek(tokens: 0, now: seconds(69.5)) == .requestsUsedUp(until: seconds(70)))
  }

  @Test("a limit of many requests stays exact to its slot and small")
  func manyRequests() {
    var limiter = RateLimiter(limits: RateLimits(requestsPerMinute: 50_000))
    var taken = 0
    for index in 0..<120_000 {
      // One each millisecond.
      let now = MonotonicTime(nanoseconds: Int64(index) * 1_000_000)
      if case .allowed = limiter.tryAcquire(tokens: 0, now: now) { taken += 1 }
    }
    // Two minutes: at most two limits' worth, and at least that less the requests of one slot.
    #expect(taken <= 100_000)
    #expect(taken >= 100_000 - 2 * 15)
  }

  @Test("no limit takes everything and remembers nothing")
  func unlimited() {
    var limiter = RateLimiter(limits: .unlimited)
    for _ in 0..<1000 {
      #expect(limiter.tryAcquire(tokens: .max, now: seconds(0)) == .allowed(at: seconds(0)))
    }
  }
}
