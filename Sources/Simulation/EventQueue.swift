/// What is to happen next on the virtual clock: a binary heap. What is due at one moment happens in the order
/// in which it was put in, so that a day is the same each time.
struct EventQueue {
  private struct Event {
    let time: Int64
    let order: Int
    let flight: Int

    static func < (left: Event, right: Event) -> Bool {
      left.time != right.time ? left.time < right.time : left.order < right.order
    }
  }

  private var heap: [Event] = []
  private var order = 0

  /// When the next one is due; nil when there is none.
  var nextTime: Int64? { heap.first?.time }

  mutating func add(flight: Int, at time: Int64) {
    heap.append(Event(time: time, order: order, flight: flight))
    order += 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the next one out.
  mutating func removeNext() -> Int? {
    guard let last = heap.popLast() else { return nil }
    guard let next = heap.first else { return last.flight }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      let left = 2 * parent + 1
      if left < heap.count && heap[left] < heap[least] { least = left }
      if left + 1 < heap.count && heap[left + 1] < heap[least] { least = left + 1 }
      guard least != parent else { return next.flight }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
