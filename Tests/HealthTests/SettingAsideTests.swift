import GatewayTypes
import Health
import Testing

@Suite("Retry-After hold")
struct RetryAfterHoldTests {
  @Test("holds until the time that was asked for, and not longer")
  func holds() {
    var hold = RetryAfterHold()
    #expect(hold.heldUntil(now: seconds(0)) == nil)
    hold.hold(retryAfter: .seconds(7), now: seconds(10))
    #expect(hold.heldUntil(now: seconds(16.9)) == seconds(17))
    #expect(hold.heldUntil(now: seconds(17)) == nil)
  }

  @Test("the later of two ends wins")
  func laterWins() {
    var hold = RetryAfterHold()
    hold.hold(retryAfter: .seconds(30), now: seconds(0))
    hold.hold(retryAfter: .seconds(1), now: seconds(1))
    #expect(hold.heldUntil(now: seconds(5)) == seconds(30))
  }

  @Test("without a time it doubles from 1 s up to 60 s, and a success starts it anew")
  func doubles() {
    var hold = RetryAfterHold()
    var now = seconds(0)
    for expected in [1.0, 2, 4, 8, 16, 32, 60, 60, 60] {
      hold.hold(retryAfter: nil, now: now)
      #expect(hold.heldUntil(now: now) == now + .seconds(expected))
      now = now + .seconds(100)
    }
    hold.noteSuccess()
    hold.hold(retryAfter: nil, now: now)
    #expect(hold.heldUntil(now: now) == now + .seconds(1))
  }

  @Test("an absurd time is cut, a negative one is none", arguments: [(1e12, 86_400.0), (-5, 0)])
  func limits(asked: Double, held: Double) {
    var hold = RetryAfterHold()
    hold.hold(retryAfter: .seconds(asked), now: seconds(0))
    #expect(hold.heldUntil(now: seconds(0)) == (held == 0 ? nil : seconds(held)))
  }
}

@Suite("Token cooldown")
struct TokenCooldownTests {
  private let policy = CooldownPolicy(tokens: 5000)

  @Test("cools after more than the threshold, not at it")
  func threshold() {
    var cooldown = TokenCooldown(policy: policy)
    cooldown.record(tokens: 3000, now: seconds(0))
    cooldown.record(tokens: 2000, now: seconds(30))
    #expect(cooldown.coolingUntil(now: seconds(30)) == nil)
    cooldown.record(tokens: 1, now: seconds(59))
    #expect(cooldown.coolingUntil(now: seconds(59)) == seconds(359))
    #expect(cooldown.coolingUntil(now: seconds(358)) == seconds(359))
    #expect(cooldown.coolingUntil(now: seconds(359)) == nil)
  }

  @Test("tokens that have left the window do not count")
  func window() {
    var cooldown = TokenCooldown(policy: policy)
    cooldown.record(tokens: 5000, now: seconds(0))
    cooldown.record(tokens: 5000, now: seconds(60.1))
    #expect(cooldown.coolingUntil(now: seconds(61)) == nil)
  }

  @Test("tokens that began one cooldown do not begin a second")
  func spendsTokens() {
    var cooldown = TokenCooldown(policy: CooldownPolicy(tokens: 10, duration: .seconds(1)))
    cooldown.record(tokens: 11, now: seconds(0))
    cooldown.record(tokens: 5, now: seconds(2))
    #expect(cooldown.coolingUntil(now: seconds(2)) == nil)
  }

  @Test("nothing and less than nothing is not counted", arguments: [0, -1, Int.min])
  func ignoresNonsense(tokens: Int) {
    var cooldown = TokenCooldown(policy: CooldownPolicy(tokens: 0))
    cooldown.record(tokens: tokens, now: seconds(0))
    #expect(cooldown.coolingUntil(now: seconds(0)) == nil)
  }

  @Test("a reset ends it")
  func resets() {
    var cooldown = TokenCooldown(policy: policy)
    cooldown.record(tokens: 9000, now: seconds(0))
    cooldown.reset()
    #expect(cooldown.coolingUntil(now: seconds(1)) == nil)
    cooldown.restore(coolingUntil: seconds(50))
    #expect(cooldown.coolingUntil(now: seconds(1)) == seconds(50))
  }
}

@Suite("Latency average")
struct LatencyAverageTests {
  @Test("nothing observed is nothing expected")
  func empty() {
    #expect(LatencyAverage().expectedNanoseconds(outputTokens: 100) == nil)
  }

  @Test("the first answer is the average, each further one counts a fifth")
  func decays() {
    var average = LatencyAverage()
    average.record(latency: .seconds(1), timeToFirstToken: nil, outputTokens: 10)
    #expect(average.nanoseconds == 1_000_000_000)
    average.record(latency: .seconds(2), timeToFirstToken: nil, outputTokens: 10)
    #expect(average.nanoseconds == 1_200_000_000)
  }

  @Test("a streamed answer foretells longer ones by its pace")
  func foretells() {
    var average = LatencyAverage()
    average.record(latency: .milliseconds(1100), timeToFirstToken: .milliseconds(100), outputTokens: 101)
    #expect(average.expectedNanoseconds(outputTokens: 101) == 1_100_000_000)
    #expect(average.expectedNanoseconds(outputTokens: 1001) == 10_100_000_000)
    #expect(average.expectedNanoseconds(outputTokens: 0) == 100_000_000)
    #expect(average.expectedNanoseconds(outputTokens: .max) == .max)
  }

  @Test("impossible times do no harm")
  func impossible() {
    var average = LatencyAverage()
    average.record(latency: .seconds(-1), timeToFirstToken: .seconds(5), outputTokens: -3)
    #expect(average.nanoseconds == 0)
    #expect(average.nanosecondsToFirstToken == 0)
    #expect(average.nanosecondsPerToken == nil)
  }
}
