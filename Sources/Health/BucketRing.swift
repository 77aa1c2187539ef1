import GatewayTypes

/// Counts over a rolling window in fixed memory: the window is cut in buckets, and the oldest is dropped
/// as time moves on.
///
/// Counts are exact whole numbers and never drift; what is inexact is only the window's edge, by at most
/// one bucket: the sum covers the bucket that `now` lies in and those before it, so between
/// `count − 1` and `count` bucket widths.
struct BucketRing: Sendable {
  /// What one bucket, or all of them, add up to. What `weight` counts is the owner's matter.
  struct Tally: Hashable, Sendable {
    var events = 0
    var weight = 0
  }

  private var buckets: [Tally]
  private let width: Int64
  /// The number of the newest bucket since time zero; nil before the first event.
  private var newest: Int64?
  private var total = Tally()
  /// When the newest bucket ends: before that nothing is to be moved, and no division is needed to know.
  private var newestEnd = Int64.min

  /// A window of `count` buckets. A window too short to be cut gets buckets of a nanosecond.
  init(window: Duration, count: Int) {
    precondition(window > .zero && count > 0, "a rolling window needs a length and buckets")
    buckets = Array(repeating: Tally(), count: count)
    width = max(1, window.wholeNanoseconds / Int64(count))
  }

  /// Adds to the bucket of `now`. A time older than the newest seen counts as the newest.
  mutating func add(events: Int, weight: Int, now: MonotonicTime) {
    advance(to: now)
    let slot = slot(of: newest ?? 0)
    buckets[slot].events += events
    buckets[slot].weight += weight
    total.events += events
    total.weight += weight
  }

  /// The sum over the window that ends at `now`.
  mutating func tally(now: MonotonicTime) -> Tally {
    advance(to: now)
    return total
  }

  /// The sum as it was last counted, and until when it stays so if nothing is added.
  var standing: (tally: Tally, until: MonotonicTime) {
    (total, MonotonicTime(nanoseconds: newestEnd))
  }

  private mutating func advance(to now: MonotonicTime) {
    guard now.nanoseconds >= newestEnd else { return }
    let number = floorDivide(now.nanoseconds, by: width)
    guard let last = newest else {
      enter(number)
      return
    }
    guard number > last else { return }
    enter(number)
    let (steps, overflow) = number.subtractingReportingOverflow(last)
    guard !overflow && steps < buckets.count && total != Tally() else {
      if total != Tally() { clear() }
      return
    }
    for passed in (last + 1)...number {
      let slot = slot(of: passed)
      total.events -= buckets[slot].events
      total.weight -= buckets[slot].weight
      buckets[slot] = Tally()
    }
  }

  private mutating func enter(_ number: Int64) {
    newest = number
    let (start, tooLate) = number.multipliedReportingOverflow(by: width)
    let (end, tooLateStill) = start.addingReportingOverflow(width)
    newestEnd = tooLate || tooLateStill ? .max : end
  }

  private mutating func clear() {
    for slot in buckets.indices { buckets[slot] = Tally() }
    total = Tally()
  }

  private func slot(of number: Int64) -> Int {
    let remainder = Int(number % Int64(buckets.count))
    return remainder < 0 ? remainder + buckets.count : remainder
  }

  /// Times before zero, from before the machine started, must not share a bucket with those after.
  private func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value < 0 && quotient * divisor != value ? quotient - 1 : quotient
  }
}
