/// Those that wait for a place at a provider that is at its limit: first come, first served.
///
/// A place that is free is promised to the first, who is woken and takes it up or gives it back; until then
/// it is nobody else's. Without a lock of its own: `ProviderHealthState` keeps it.
struct PlaceQueue: Sendable {
  struct Waiter: Sendable {
    let number: UInt64
    let wake: @Sendable () -> Void
  }

  /// In the order of their numbers.
  private var waiting: [Waiter] = []
  private var nextNumber: UInt64 = 0
  /// Places that are promised and not yet taken up.
  private(set) var promised = 0

  var count: Int { waiting.count }

  /// Joins at the end, or is promised a place at once. Returns the number to be known by.
  mutating func join(isPlaceFree: Bool, wake: @escaping @Sendable () -> Void) -> UInt64 {
    let number = nextNumber
    nextNumber += 1
    if isPlaceFree {
      promised += 1
    } else {
      waiting.append(Waiter(number: number, wake: wake))
    }
    return number
  }

  /// Whether `number`, which has joined and not left, has been promised a place.
  func hasPlace(_ number: UInt64) -> Bool { position(of: number) == nil }

  /// Promises a free place to the first and returns how to wake it; nil when nobody waits.
  mutating func promise() -> (@Sendable () -> Void)? {
    guard !waiting.isEmpty else { return nil }
    promised += 1
    return waiting.removeFirst().wake
  }

  /// The promised place is taken up.
  mutating func takeUp() {
    precondition(promised > 0, "a place is promised before it is taken up")
    promised -= 1
  }

  /// Leaves the queue; one that had been promised a place gives it back.
  mutating func leave(_ number: UInt64) {
    if let position = position(of: number) {
      waiting.remove(at: position)
    } else {
      takeUp()
    }
  }

  private func position(of number: UInt64) -> Int? {
    var (low, high) = (0, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if waiting[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < waiting.count && waiting[low].number == number ? low : nil
  }
}
