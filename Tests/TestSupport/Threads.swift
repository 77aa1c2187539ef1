internal import Foundation
internal import Synchronization

/// Calls `body` with 0 to `count` - 1 on `width` threads at once; the results in that order.
///
/// Throws what one of the calls threw. Blocking clients need threads of their own: the test runner's are few.
package func onThreads<Result: Sendable>(
  _ count: Int, width: Int, _ body: @escaping @Sendable (Int) throws -> Result
) throws -> [Result] {
  let shared = ThreadResults<Result>(count: count)
  let group = DispatchGroup()
  for _ in 0..<min(width, count) {
    group.enter()
    Thread.detachNewThread {
      while let index = shared.takeIndex() { shared.put(Swift.Result { try body(index) }, at: index) }
      group.leave()
    }
  }
  group.wait()
  return try shared.all.map { try $0.get() }
}

private final class ThreadResults<Value: Sendable>: Sendable {
  private struct State {
    var nextIndex = 0
    var results: [Result<Value, any Error>?]
  }

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(results: Array(repeating: nil, count: count)))
  }

  func takeIndex() -> Int? {
    state.withLock { state in
      guard state.nextIndex < state.results.count else { return nil }
      defer { state.nextIndex += 1 }
      return state.nextIndex
    }
  }

  func put(_ result: Result<Value, any Error>, at index: Int) {
    state.withLock { $0.results[index] = result }
  }

  var all: [Result<Value, any Error>] { state.withLock { $0.results.compactMap { $0 } } }
}
