import GatewayTypes
import Glibc
import Reactor
import Testing

@Suite("EventLoop")
struct EventLoopTests {
  /// Tells a continuation when its descriptor is readable.
  private final class Once: PollHandler {
    let continuation: CheckedContinuation<PollEvents, Never>
    private var isDone = false

    init(_ continuation: CheckedContinuation<PollEvents, Never>) {
      self.continuation = continuation
    }

    func handle(_ events: PollEvents) {
      guard !isDone else { return }
      isDone = true
      continuation.resume(returning: events)
    }
  }

  @Test("runs tasks that prefer it on itself, before and after a wait")
  func preference() async throws {
    let loop = try EventLoop()
    await withTaskExecutorPreference(loop) {
      #expect(loop.isCurrent)
      let pause = Pause(on: loop)
      await pause.wait(until: .now() + .milliseconds(2))
      #expect(loop.isCurrent)
    }
    #expect(!loop.isCurrent)
    loop.execute { loop.stop() }
  }

  @Test("a pause waits for its time, and ends early when told")
  func pause() async throws {
    let loop = try EventLoop()
    await withTaskExecutorPreference(loop) {
      let start = MonotonicTime.now()
      await Pause(on: loop).wait(until: start + .milliseconds(5))
      #expect(MonotonicTime.now() >= start + .milliseconds(5))

      let long = Pause(on: loop)
      let waker = Pause(on: loop)
      nonisolated(unsafe) let ended = long
      let task = Task(executorPreference: loop) {
        await Pause(on: loop).wait(until: .now() + .milliseconds(1))
        ended.end()
      }
      await long.wait(until: .now() + .seconds(600))
      await task.value
      waker.end()
      await waker.wait(until: .now() + .seconds(600))
    }
    loop.execute { loop.stop() }
  }

  @Test("work that postpones itself for ever leaves timers and other threads their turn")
  func postponing() async throws {
    let loop = try EventLoop()
    await withTaskExecutorPreference(loop) {
      final class Endless {
        var turnCount = 0
        var isWanted = true
        func run(on loop: EventLoop) {
          turnCount += 1
          if isWanted { loop.postpone { self.run(on: loop) } }
        }
      }
      let endless = Endless()
      endless.run(on: loop)
      await Pause(on: loop).wait(until: .now() + .milliseconds(2))
      await withCheckedContinuation { continuation in
        Task.detached { loop.execute { continuation.resume() } }
      }
      #expect(endless.turnCount > 1)
      endless.isWanted = false
    }
    loop.execute { loop.stop() }
  }

  @Test("tells a handler that its descriptor is readable")
  func readable() async throws {
    let loop = try EventLoop()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    let events = await withCheckedContinuation { continuation in
      loop.execute {
        do {
          try loop.register(reader, for: .readable, handler: Once(continuation))
          _ = write(writer, "x", 1)
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    #expect(events.contains(.readable))
    loop.execute {
      loop.deregister(reader)
      loop.stop()
    }
    close(writer)
  }

  private final class Counter: TurnEndHandler {
    var turns = 0
    var pending: CheckedContinuation<Int, Never>?

    func turnEnded() {
      turns += 1
      let waiting = pending
      pending = nil
      waiting?.resume(returning: turns)
    }
  }

  @Test("tells at the end of a turn, and runs what that made ready in the same turn")
  func turnEnd() async throws {
    let loop = try EventLoop()
    await withTaskExecutorPreference(loop) {
      let counter = Counter()
      loop.addTurnEndHandler(counter)
      let turns = await withCheckedContinuation { counter.pending = $0 }
      #expect(turns >= 1)
      #expect(loop.isCurrent)
    }
    loop.execute { loop.stop() }
  }

  @Test("a thousand timers of all lengths fire")
  func manyTimers() async throws {
    let loop = try EventLoop()
    await withTaskExecutorPreference(loop) {
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<1_000 {
          group.addTask {
            await Pause(on: loop).wait(until: .now() + .microseconds((index * 7_919) % 10_000))
          }
        }
      }
    }
    loop.execute { loop.stop() }
  }
}
