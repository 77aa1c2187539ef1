package import GatewayTypes

/// Calls its handler once its deadline has passed. It belongs to one loop.
///
/// Moving the deadline later costs nothing: the timer stays where it is in the queue and moves on when
/// its old place comes up. So a connection keeps one timer for all its waits, and a request that is
/// answered in time never touches the queue.
package final class LoopTimer {
  /// When to fire; `distantFuture` while it is not set.
  package fileprivate(set) var deadline = MonotonicTime.distantFuture
  /// The deadline under which the queue holds it.
  fileprivate var queuedDeadline = MonotonicTime.distantFuture
  /// Its place in the heap; nil while it is not there.
  fileprivate var index: Int?
  fileprivate var handler: (() -> Void)?

  package init(handler: @escaping () -> Void) {
    self.handler = handler
  }
}

/// The timers of one loop: a binary heap by deadline.
struct TimerQueue: ~Copyable {
  private var heap: [LoopTimer] = []

  /// When the queue wants to be looked at next; `distantFuture` while it is empty.
  var nextDeadline: MonotonicTime { heap.first?.queuedDeadline ?? .distantFuture }

  /// Sets when `timer` fires; `distantFuture` unsets it.
  mutating func set(_ timer: LoopTimer, to deadline: MonotonicTime) {
    timer.deadline = deadline
    guard deadline < timer.queuedDeadline else { return }
    timer.queuedDeadline = deadline
    if let index = timer.index {
      siftUp(index)
    } else {
      timer.index = heap.count
      heap.append(timer)
      siftUp(heap.count - 1)
    }
  }

  /// Takes `timer` out for good and lets go of its handler.
  mutating func discard(_ timer: LoopTimer) {
    timer.handler = nil
    timer.deadline = .distantFuture
    if let index = timer.index { remove(at: index) }
  }

  /// Fires every timer whose deadline has passed.
  ///
  /// The handlers are returned rather than called, because they may set timers.
  mutating func takeDue(now: MonotonicTime) -> [() -> Void] {
    var due: [() -> Void] = []
    while let first = heap.first, first.queuedDeadline <= now {
      if first.deadline <= now {
        remove(at: 0)
        first.deadline = .distantFuture
        if let handler = first.handler { due.append(handler) }
      } else if first.deadline == .distantFuture {
        remove(at: 0)
      } else {
        first.queuedDeadline = first.deadline
        siftDown(0)
      }
    }
    return due
  }

  private mutating func remove(at index: Int) {
    let timer = heap[index]
    let last = heap.removeLast()
    timer.index = nil
    timer.queuedDeadline = .distantFuture
    guard last !== timer else { return }
    heap[index] = last
    last.index = index
    siftUp(index)
    siftDown(last.index ?? index)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].queuedDeadline < heap[parent].queuedDeadline else { return }
      swap(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].queuedDeadline < heap[smallest].queuedDeadline {
        smallest = child
      }
      guard smallest != index else { return }
      swap(index, smallest)
      index = smallest
    }
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    heap[left].index = left
    heap[right].index = right
  }
}
