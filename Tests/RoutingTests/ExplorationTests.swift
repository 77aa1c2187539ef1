import GatewayTypes
import Health
import Routing
import Testing

/// Providers of given speeds under `strategy: speed`, with a clock moved by hand.
private struct Traffic {
  let healths: [ProviderHealth]
  let roster: Roster
  var milliseconds: [Int]
  var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  var counts: [Int]
  /// The time that all requests together took.
  var total: Duration = .zero

  init(milliseconds: [Int], configured: [Int?]) {
    self.milliseconds = milliseconds
    healths = milliseconds.map { _ in ProviderHealth() }
    roster = Roster(
      candidates: configured.enumerated().map { provider("p\($0)", milliseconds: $1) })
    counts = milliseconds.map { _ in 0 }
  }

  var first: Int {
    let request = RoutingRequest(strategy: .speed, inputTokens: 10, outputTokens: 10)
    return Router.plan(request, roster: roster) { healths[$0].standing(now: now) }.order[0].index
  }

  /// Sends a request to whoever is first, and lets `gap` pass from its start to the next.
  mutating func send(gap: Duration) {
    let index = first
    counts[index] += 1
    let latency = Duration.milliseconds(milliseconds[index])
    total += latency
    healths[index].acquire(tokens: 1, now: now)?.answer(
      .success(latency: latency, timeToFirstToken: nil, usage: TokenUsage(output: 10)), now: now + latency)
    now = now + gap
  }
}

@Suite("Router: providers not seen lately")
struct ExplorationTests {
  @Test(
    "one that was slow once is tried again in time, and then wins", arguments: [1_500, 3_000, 10_000])
  func returns(slowOnce: Int) {
    var traffic = Traffic(milliseconds: [slowOnce, 400], configured: [100, 500])
    traffic.send(gap: .seconds(1))
    #expect(traffic.counts == [1, 0])
    traffic.milliseconds[0] = 100
    var waited = 0
    while traffic.counts[0] < 2, waited < 200_000 {
      traffic.send(gap: .seconds(1))
      waited += 1
    }
    // (k − 1) × 10 minutes for one that seemed k times as slow, and a little.
    let expected = Double(slowOnce - 400) / 400 * 600
    #expect((expected * 0.9...expected * 1.1 + 60).contains(Double(waited)), "waited \(waited) s")
    // What was known of it has faded, so one more look in a minute or two, and it leads.
    for _ in 0..<120 { traffic.send(gap: .seconds(1)) }
    #expect(traffic.first == 0)
  }

  @Test(
    "one that stays slow is tried rarely, the rarer the slower, and costs little time",
    arguments: [2, 3, 5, 20], [10, 60])
  func rare(factor: Int, gap: Int) {
    var traffic = Traffic(milliseconds: [200, 200 * factor], configured: [nil, nil])
    // Both are known before the count begins.
    for _ in 0..<2 {
      traffic.send(gap: .seconds(1))
      traffic.now = traffic.now + .seconds(20_000)
    }
    traffic.counts = [0, 0]
    traffic.total = .zero
    let day = 86_400 / gap
    for _ in 0..<day { traffic.send(gap: .seconds(gap)) }
    #expect(traffic.counts[1] >= 1, "it is tried at all")
    let most = 86_400 / (600 * (factor - 1)) + 2
    #expect(traffic.counts[1] <= most, "\(traffic.counts[1]) tries of \(day)")
    // At a request a minute a tenth of the time goes into trying; at more, less.
    let share = traffic.total.inSeconds / (Double(day) * 0.2) - 1
    #expect(share < 0.11, "\(share) more time than the fast one alone")
  }

  @Test("requests at the same moment do not all go and try")
  func noHerd() {
    var traffic = Traffic(milliseconds: [200, 2_000], configured: [100, 5_000])
    traffic.send(gap: .seconds(1))
    traffic.now = traffic.now + .seconds(40_000)
    traffic.send(gap: .zero)
    traffic.now = traffic.now + .seconds(1_000)
    var permits: [Int] = []
    for _ in 0..<100 {
      let index = traffic.first
      permits.append(index)
      guard let permit = traffic.healths[index].acquire(tokens: 1, now: traffic.now) else { continue }
      // Still under way while the next one asks.
      permit.answer(.cancelled(usage: nil), now: traffic.now)
    }
    #expect(permits.count { $0 == 1 } == 1, "\(permits)")
  }

  @Test("one that nobody has ever asked is asked in time")
  func neverAsked() {
    var traffic = Traffic(milliseconds: [300, 100], configured: [300, nil])
    for _ in 0..<3_000 { traffic.send(gap: .seconds(1)) }
    #expect(traffic.counts[1] > 0)
    #expect(traffic.first == 1)
  }

  @Test("the plan says why a slow one leads")
  func explains() {
    let standing = ProviderStanding(idleNanoseconds: 1_800_000_000_000)
    let roster = Roster(candidates: [provider("a", milliseconds: 800)])
    let request = RoutingRequest(strategy: .speed, inputTokens: 1, outputTokens: 1)
    let reason = Router.plan(request, roster: roster) { _ in standing }.order[0]
      .reasons(strategy: .speed, intent: .general)[0]
    #expect(reason.contains("800 ms expected, counted as 200 ms"))
    #expect(reason.contains("1800 s"))
  }
}
