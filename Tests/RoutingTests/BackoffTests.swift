import GatewayTypes
import Routing
import Testing

@Suite("Backoff")
struct BackoffTests {
  private let backoff = Backoff()
  private let ample: Duration = .seconds(1000)

  @Test(
    "the bound doubles from 100 ms up to 2 s",
    arguments: [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1600), (5, 2000), (6, 2000), (1_000_000, 2000)])
  func bound(retry: Int, milliseconds: Int) {
    #expect(backoff.delay(retry: retry, random: .max, remaining: ample) == .milliseconds(milliseconds))
    #expect(backoff.delay(retry: retry, random: 0, remaining: ample) == .zero)
  }

  @Test("the jitter is full: the mean is half the bound")
  func jitter() throws {
    var random = SeededGenerator(seed: 1)
    var sum = Duration.zero
    for _ in 0..<10_000 {
      sum += try #require(backoff.delay(retry: 0, random: random.next(), remaining: ample))
    }
    #expect(sum / 10_000 > .milliseconds(48))
    #expect(sum / 10_000 < .milliseconds(52))
  }

  @Test("a Retry-After is waited for in full when it fits the deadline, else there is no retry")
  func retryAfter() {
    func delay(_ retryAfter: Duration, remaining: Duration) -> Duration? {
      backoff.delay(retry: 0, random: 0, retryAfter: retryAfter, remaining: remaining)
    }
    #expect(delay(.seconds(5), remaining: .seconds(6)) == .seconds(5))
    #expect(delay(.seconds(5), remaining: .seconds(5)) == nil)
    #expect(delay(.seconds(-5), remaining: .seconds(5)) == .zero)
    #expect(backoff.delay(retry: 9, random: .max, remaining: .seconds(1)) == nil)
    #expect(backoff.delay(retry: 0, random: 0, remaining: .zero) == nil)
    #expect(backoff.delay(retry: 0, random: 0, remaining: .seconds(-1)) == nil)
  }
}
