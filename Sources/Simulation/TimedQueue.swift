import GatewayTypes

/// What is to happen on a virtual clock, the earliest first; of one time in the order in which it was put in, so
/// that a day is the same each time. A binary heap.
struct TimedQueue<Element> {
  private struct Item {
    var time: MonotonicTime
    var number: Int
    var element: Element

    func isBefore(_ other: Item) -> Bool {
      time != other.time ? time < other.time : number < other.number
    }
  }

  private var items: [Item] = []
  private var nextNumber = 0

  var count: Int { items.count }

  /// When the next one is; nil when there is none.
  var nextTime: MonotonicTime? { items.first?.time }

  mutating func push(_ element: Element, at time: MonotonicTime) {
    items.append(Item(time: time, number: nextNumber, element: element))
    nextNumber += 1
    var place = items.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard items[place].isBefore(items[parent]) else { return }
      items.swapAt(place, parent)
      place = parent
    }
  }

  mutating func pop() -> (element: Element, time: MonotonicTime)? {
    guard let last = items.popLast() else { return nil }
    guard let item = items.first else { return (last.element, last.time) }
    items[0] = last
    var place = 0
    while true {
      var least = place
      let left = 2 * place + 1
      if left < items.count, items[left].isBefore(items[least]) { least = left }
      if left + 1 < items.count, items[left + 1].isBefore(items[least]) { least = left + 1 }
      guard least != place else { return (item.element, item.time) }
      items.swapAt(place, least)
      place = least
    }
  }
}
