import GatewayTypes
import Testing

@testable import Simulation

@Suite("TimedQueue")
struct TimedQueueTests {
  @Test("gives what was put in by time, and of one time in the order put in", arguments: 1...20)
  func order(seed: UInt64) {
    var random = SplitMix(state: seed)
    var queue = TimedQueue<Int>()
    var expected: [(time: Int64, number: Int)] = []
    for number in 0..<500 {
      let time = Int64.random(in: 0...50, using: &random)
      queue.push(number, at: MonotonicTime(nanoseconds: time))
      expected.append((time, number))
    }
    expected.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    #expect(queue.count == 500)
    for (time, number) in expected {
      #expect(queue.nextTime == MonotonicTime(nanoseconds: time))
      #expect(queue.pop()?.element == number)
    }
    #expect(queue.pop() == nil)
  }
}

/// Random numbers that are the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
