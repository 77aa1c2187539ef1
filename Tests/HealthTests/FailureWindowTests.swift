import GatewayTypes
import Testing

@testable import Health

@Suite("Failure window")
struct FailureWindowTests {
  @Test("counts as a look through all answers would", arguments: 0..<50)
  func matchesReference(seed: Int) {
    var random = SeededGenerator(seed: seed)
    var window = FailureWindow(policy: PenaltyPolicy())
    var answers: [(bucket: Int64, failed: Bool)] = []
    var run = 0
    var now: Int64 = -400_000_000_000
    for _ in 0..<300 {
      let longIdle = Int.random(in: 0..<40, using: &random) == 0
      now += Int64.random(in: 0...(longIdle ? 900_000_000_000 : 12_000_000_000), using: &random)
      // Buckets are 5 s wide, those of times before zero included.
      let bucket = Int64((Double(now) / 5e9).rounded(.down))
      let failed = Int.random(in: 0..<8, using: &random) == 0
      window.record(failed: failed, now: MonotonicTime(nanoseconds: now))
      answers.append((bucket, failed))
      run = failed ? run + 1 : 0
      let inside = answers.filter { $0.bucket > bucket - 60 }
      let counts = window.counts(now: MonotonicTime(nanoseconds: now))
      let failures = inside.filter(\.failed).count
      #expect(counts.answers == inside.count)
      #expect(counts.failures == failures)
      #expect(
        window.isPenalized(now: MonotonicTime(nanoseconds: now))
          == (inside.count >= 3 && Double(failures - (run < 3 ? run : 0)) / Double(inside.count) > 0.05))
    }
  }

  @Test(
    "penalizes a share above the threshold, not one at it",
    arguments: [(3, 0, false), (3, 1, true), (19, 1, true), (20, 1, false), (21, 1, false), (40, 3, true)])
  func threshold(answers: Int, failures: Int, isPenalized: Bool) {
    var window = FailureWindow(policy: PenaltyPolicy(threshold: 0.05))
    for index in 0..<answers { window.record(failed: index < failures, now: seconds(1)) }
    #expect(window.isPenalized(now: seconds(1)) == isPenalized)
  }

  @Test(
    "a share of too few answers says nothing",
    arguments: [(1, 1, 1, true), (2, 0, 1, false), (2, 2, 3, false), (3, 3, 3, true), (9, 9, 10, false)])
  func minimum(answers: Int, failures: Int, minimum: Int, isPenalized: Bool) {
    var window = FailureWindow(policy: PenaltyPolicy(threshold: 0.05, minimumAnswers: minimum))
    for index in 0..<answers { window.record(failed: index < failures, now: seconds(1)) }
    #expect(window.isPenalized(now: seconds(1)) == isPenalized)
  }

  @Test("the least number of answers is the breaker's threshold unless said otherwise")
  func usualMinimum() {
    #expect(PenaltyPolicy().minimumAnswers == BreakerPolicy().failureThreshold)
  }

  @Test("failures in a row are the breaker's to judge, until a success ends the row, or the least number")
  func runs() {
    var window = FailureWindow(policy: PenaltyPolicy(minimumAnswers: 3))
    for _ in 1...10 { window.record(failed: false, now: seconds(1)) }
    for _ in 1...2 {
      window.record(failed: true, now: seconds(1))
      #expect(window.isPenalized(now: seconds(1)) == false)
    }
    var third = window
    third.record(failed: true, now: seconds(1))
    #expect(third.isPenalized(now: seconds(1)) == true, "3 of 13, and the breaker has let it be")
    window.record(failed: false, now: seconds(1))
    #expect(window.isPenalized(now: seconds(1)) == true, "2 of 13, and the row is over")
    // A row that began in what has left the window is no debt.
    for _ in 1...2 { window.record(failed: true, now: seconds(2)) }
    window.record(failed: true, now: seconds(600))
    #expect(window.isPenalized(now: seconds(600)) == false)
  }

  @Test("no answers are no failures")
  func empty() {
    var window = FailureWindow(policy: PenaltyPolicy(threshold: 0))
    #expect(window.isPenalized(now: seconds(0)) == false)
  }

  @Test("a failure is forgiven when it has left the window, however far the clock jumps")
  func forgives() {
    var window = FailureWindow(policy: PenaltyPolicy())
    for _ in 1...3 { window.record(failed: true, now: seconds(2)) }
    #expect(window.isPenalized(now: seconds(299)) == true)
    #expect(window.isPenalized(now: seconds(300)) == false)
    for _ in 1...3 { window.record(failed: true, now: seconds(301)) }
    #expect(window.isPenalized(now: seconds(301)) == true)
    #expect(window.isPenalized(now: .distantFuture) == false)
  }

  @Test("an answer with a time behind the newest counts as the newest")
  func clockOrder() {
    var window = FailureWindow(policy: PenaltyPolicy())
    window.record(failed: false, now: seconds(100))
    window.record(failed: true, now: seconds(50))
    #expect(window.counts(now: seconds(399)) == (2, 1))
  }
}

@Suite("Rolling counter")
struct RollingCounterTests {
  @Test("counts the last minute and the last hour")
  func counts() {
    var counter = RollingCounter()
    counter.record(requests: 1, tokens: 100, now: seconds(0))
    counter.record(requests: 1, tokens: 50, now: seconds(59.9))
    #expect(counter.lastMinute(now: seconds(59.9)) == RollingCounter.Count(requests: 2, tokens: 150))
    #expect(counter.lastMinute(now: seconds(60)) == RollingCounter.Count(requests: 1, tokens: 50))
    #expect(counter.lastHour(now: seconds(3599)) == RollingCounter.Count(requests: 2, tokens: 150))
    #expect(counter.lastHour(now: seconds(3600)) == RollingCounter.Count(requests: 0, tokens: 0))
  }
}
