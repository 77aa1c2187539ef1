import GatewayTypes

/// The sums over the last minute or hour, in slots that are overwritten as time goes on.
///
/// Exact to one slot: the oldest of `slotCount` slots leaves as a whole, so the window is between
/// `slotCount - 1` and `slotCount` slots long.
struct RollingSum: Sendable {
  /// Second by second: 59 to 60 seconds.
  static let lastMinute = RollingSum(slotCount: 60, slotWidth: .seconds(1))
  /// Minute by minute: 59 to 60 minutes.
  static let lastHour = RollingSum(slotCount: 60, slotWidth: .seconds(60))

  struct Slot: Sendable {
    /// Which stretch of time the sum is of, counted in slots from the clock's zero.
    var number: Int64
    var sum: UsageSum
  }

  private let slotWidthNanoseconds: Int64
  /// The slot that was added to last, and its times in nanoseconds: most often the next one too.
  private var latest: (index: Int, begin: Int64, end: Int64) = (0, 0, 0)
  var slots: [Slot]

  private init(slotCount: Int, slotWidth: Duration) {
    slotWidthNanoseconds = slotWidth.wholeNanoseconds
    slots = Array(repeating: Slot(number: .min, sum: UsageSum()), count: slotCount)
  }

  /// Adds what happened at `time`; what is older than the window is not counted.
  mutating func add(_ sum: UsageSum, at time: MonotonicTime) {
    if latest.begin <= time.nanoseconds, time.nanoseconds < latest.end {
      slots[latest.index].sum += sum
      return
    }
    let number = slotNumber(at: time)
    let index = Int(number % Int64(slots.count) + Int64(slots.count)) % slots.count
    if slots[index].number == number {
      slots[index].sum += sum
    } else if slots[index].number < number {
      slots[index] = Slot(number: number, sum: sum)
    } else {
      return
    }
    let begin = number * slotWidthNanoseconds
    latest = (index, begin, begin + slotWidthNanoseconds)
  }

  /// Adds what another window of the same sort has, whose clock stood at `theirNow` when this one's stands
  /// at `now`: each of its slots counts at that slot's middle, so nothing is off by more than a slot.
  mutating func add(_ other: RollingSum, now: MonotonicTime, theirNow: MonotonicTime) {
    let shift = now.nanoseconds - theirNow.nanoseconds
    for slot in other.slots where slot.sum.requests > 0 {
      let middle = slot.number * slotWidthNanoseconds + slotWidthNanoseconds / 2
      // What ended within the last half slot has not ended in the future.
      add(slot.sum, at: MonotonicTime(nanoseconds: min(middle + shift, now.nanoseconds)))
    }
  }

  /// The sum over the window that ends with `now`.
  func sum(at now: MonotonicTime) -> UsageSum {
    let oldest = slotNumber(at: now) - Int64(slots.count) + 1
    return slots.reduce(into: UsageSum()) { total, slot in
      if slot.number >= oldest { total += slot.sum }
    }
  }

  /// Rounded down, also before the clock's zero: records of an earlier boot are replayed there.
  private func slotNumber(at time: MonotonicTime) -> Int64 {
    let (quotient, remainder) = time.nanoseconds.quotientAndRemainder(dividingBy: slotWidthNanoseconds)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
