import GatewayTypes
import Testing

@testable import Reactor

@Suite("TimerQueue")
struct TimerQueueTests {
  private static func time(_ nanoseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: nanoseconds) }

  @Test("fires in the order of the deadlines, each once")
  func order() {
    var queue = TimerQueue()
    var fired: [Int64] = []
    let deadlines: [Int64] = [50, 10, 40, 20, 30, 60, 5]
    for deadline in deadlines {
      queue.set(LoopTimer { fired.append(deadline) }, to: Self.time(deadline))
    }
    #expect(queue.nextDeadline == Self.time(5))
    for handler in queue.takeDue(now: Self.time(30)) { handler() }
    #expect(fired == [5, 10, 20, 30])
    for handler in queue.takeDue(now: Self.time(1_000)) { handler() }
    #expect(fired == [5, 10, 20, 30, 40, 50, 60])
    #expect(queue.nextDeadline == .distantFuture)
  }

  @Test("a deadline moved later fires at the later time only")
  func movedLater() {
    var queue = TimerQueue()
    var count = 0
    let timer = LoopTimer { count += 1 }
    queue.set(timer, to: Self.time(10))
    queue.set(timer, to: Self.time(20))
    #expect(queue.takeDue(now: Self.time(15)).isEmpty)
    #expect(queue.nextDeadline == Self.time(20))
    for handler in queue.takeDue(now: Self.time(20)) { handler() }
    #expect(count == 1)
  }

  @Test("a deadline moved earlier fires at the earlier time")
  func movedEarlier() {
    var queue = TimerQueue()
    var count = 0
    let timer = LoopTimer { count += 1 }
    queue.set(timer, to: Self.time(100))
    queue.set(timer, to: Self.time(5))
    for handler in queue.takeDue(now: Self.time(5)) { handler() }
    #expect(count == 1)
    #expect(queue.takeDue(now: Self.time(200)).isEmpty)
  }

  @Test("an unset or discarded timer never fires")
  func unset() {
    var queue = TimerQueue()
    let unset = LoopTimer { Issue.record("unset") }
    let discarded = LoopTimer { Issue.record("discarded") }
    queue.set(unset, to: Self.time(10))
    queue.set(discarded, to: Self.time(10))
    queue.set(unset, to: .distantFuture)
    queue.discard(discarded)
    for handler in queue.takeDue(now: Self.time(100)) { handler() }
    #expect(queue.nextDeadline == .distantFuture)
  }

  @Test("agrees with a sorted list over random sets, moves and discards")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var queue = TimerQueue()
      var fired: [Int] = []
      let timers = (0..<60).map { index in LoopTimer { fired.append(index) } }
      var expected: [Int: Int64] = [:]
      for _ in 0..<300 {
        let index = Int.random(in: 0..<60, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
          queue.set(timers[index], to: .distantFuture)
          expected[index] = nil
        default:
          let deadline = Int64.random(in: 1...1_000, using: &generator)
          queue.set(timers[index], to: Self.time(deadline))
          expected[index] = deadline
        }
      }
      var now: Int64 = 0
      while now <= 1_000 {
        now += Int64.random(in: 1...50, using: &generator)
        fired = []
        for handler in queue.takeDue(now: Self.time(now)) { handler() }
        let due = expected.filter { $0.value <= now }.keys.sorted()
        #expect(fired.sorted() == due)
        for index in due { expected[index] = nil }
      }
    }
  }
}
