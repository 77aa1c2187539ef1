import GatewayTypes
import Testing

@testable import Accounting

@Suite("RollingSum")
struct RollingSumTests {
  @Test("times that go to and fro give the sums that counting them one by one gives")
  func sameAsCounting() {
    var generator = SplitMix(state: 12)
    var window = RollingSum.lastMinute
    // In which second each request is, as long as no later one has taken the place of that second.
    var counted: [(second: Int64, requests: Int)] = Array(repeating: (.min, 0), count: 60)
    var one = UsageSum()
    one.requests = 1
    var time: Int64 = -40_000
    for _ in 0..<20_000 {
      let isJump = Int.random(in: 0..<50, using: &generator) == 0
      time += Int64.random(in: isJump ? -80_000...90_000 : -400...450, using: &generator)
      window.add(one, at: MonotonicTime(nanoseconds: time * 1_000_000))
      let second = Int64((Double(time) / 1_000).rounded(.down))
      let place = Int(((second % 60) + 60) % 60)
      if counted[place].second < second { counted[place] = (second, 0) }
      if counted[place].second == second { counted[place].requests += 1 }
      let expected = counted.reduce(0) { $1.second > second - 60 ? $0 + $1.requests : $0 }
      #expect(window.sum(at: MonotonicTime(nanoseconds: time * 1_000_000)).requests == expected)
    }
  }
}
