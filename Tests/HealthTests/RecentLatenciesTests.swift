import GatewayTypes
import Testing

@testable import Health

@Suite("Recent latencies")
struct RecentLatenciesTests {
  @Test("knows nothing before the first answer")
  func empty() {
    #expect(RecentLatencies().quantile(perThousand: 950) == nil)
  }

  @Test(
    "a quantile is never too short and at most an eighth too long",
    arguments: [
      2, 7, 8, 9, 15, 16, 17, 100, 250, 255, 256, 999, 1_000, 5_000, 60_000, 3_600_000, 4_000_000,
    ])
  func precision(milliseconds: Int) throws {
    var latencies = RecentLatencies()
    let latency = Duration.milliseconds(milliseconds)
    latencies.record(latency)
    let quantile = try #require(latencies.quantile(perThousand: 950))
    #expect(quantile > latency)
    #expect(quantile <= latency + latency / 8 + .nanoseconds(1))
  }

  @Test(
    "values at the edges of the buckets, and those out of their range, have a place",
    arguments: [Int64.min, -1, 0, 1, 1 << 20 - 1, 1 << 20, 1 << 42 - 1, 1 << 42, .max])
  func edges(nanoseconds: Int64) {
    var latencies = RecentLatencies()
    latencies.record(.nanoseconds(nanoseconds))
    #expect(latencies.quantile(perThousand: 1_000) != nil)
  }

  @Test("of a hundred answers the slowest five are above the p95")
  func quantiles() throws {
    var latencies = RecentLatencies()
    for number in 1...100 { latencies.record(.milliseconds(number * 10)) }
    let p95 = try #require(latencies.quantile(perThousand: 950))
    #expect(p95 >= .milliseconds(950) && p95 < .milliseconds(1_070))
    let p50 = try #require(latencies.quantile(perThousand: 500))
    #expect(p50 >= .milliseconds(500) && p50 < .milliseconds(563))
    #expect(try #require(latencies.quantile(perThousand: 0)) < .milliseconds(12))
  }

  @Test("what is old fades")
  func decay() throws {
    var latencies = RecentLatencies()
    for _ in 0..<2_000 { latencies.record(.seconds(10)) }
    for _ in 0..<4_000 { latencies.record(.milliseconds(100)) }
    #expect(try #require(latencies.quantile(perThousand: 950)) < .milliseconds(113))
    #expect(latencies.total < RecentLatencies.memory)
  }

  @Test("streams and whole answers are kept apart, and with too few nothing is told")
  func kinds() throws {
    let now = HandClock().now
    let health = ProviderHealth(policy: HealthPolicy(measuresQuantiles: true))
    func answer(_ outcome: AttemptOutcome) { health.acquire(tokens: 1, now: now)?.answer(outcome, now: now) }
    for _ in 0..<3 {
      answer(
        .success(latency: .seconds(9), timeToFirstToken: .milliseconds(100), usage: TokenUsage(output: 1)))
      answer(.success(latency: .seconds(2), timeToFirstToken: nil, usage: TokenUsage(output: 1)))
    }
    func quantile(_ ofFirstToken: Bool, _ minSamples: Int) -> Duration? {
      health.quantile(perThousand: 950, ofFirstToken: ofFirstToken, minSamples: minSamples)
    }
    #expect(try #require(quantile(true, 3)) < .milliseconds(113))
    #expect(try #require(quantile(false, 3)) > .seconds(2))
    #expect(quantile(true, 4) == nil)
    #expect(quantile(false, 4) == nil)
    // One that was given up would have taken longer still: it counts with the time it had.
    answer(.outraced(after: .seconds(30), isStream: false, usage: TokenUsage()))
    #expect(try #require(quantile(false, 4)) > .seconds(30))
    #expect(health.report(now: now).counts.cancellations == 1)
  }

  @Test("nothing is measured where nobody asks")
  func off() {
    let now = HandClock().now
    let health = ProviderHealth()
    health.acquire(tokens: 1, now: now)?
      .answer(.success(latency: .seconds(1), timeToFirstToken: nil, usage: TokenUsage()), now: now)
    #expect(health.quantile(perThousand: 950, ofFirstToken: false, minSamples: 1) == nil)
  }
}
