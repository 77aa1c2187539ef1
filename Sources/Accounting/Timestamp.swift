import Glibc

/// A point in time on the wall clock, in whole milliseconds of UTC.
///
/// The ledger's text form is RFC 3339 with milliseconds, such as `2026-11-21T09:00:00.123Z`. Reading
/// and writing are integer arithmetic on the proleptic Gregorian calendar, without a locale or a
/// time zone table: some 60 ns, where a general date formatter costs microseconds.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
  package var millisecondsSince1970: Int64

  /// A time from 1970 to 9999; any other has no four-digit text and is a bug of the caller's.
  package init(millisecondsSince1970 milliseconds: Int64) {
    precondition(
      milliseconds >= 0 && milliseconds <= Timestamp.latest, "a timestamp lies in the years 1970 to 9999")
    millisecondsSince1970 = milliseconds
  }

  /// The last millisecond of the year 9999.
  package static let latest: Int64 = 253_402_300_799_999

  /// The time now, as the system's real-time clock has it: it may jump, so nothing waits by it.
  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSince1970 < right.millisecondsSince1970
  }
}

extension Timestamp {
  /// Appends the 24 bytes of RFC 3339 text, such as `2026-11-21T09:00:00.123Z`.
  package func appendRFC3339(to bytes: inout [UInt8]) {
    bytes.append(addingCapacity: Timestamp.textSize) { appendRFC3339(to: &$0) }
  }

  static let textSize = 24

  func appendRFC3339(to bytes: inout OutputSpan<UInt8>) {
    let (seconds, milliseconds) = millisecondsSince1970.quotientAndRemainder(dividingBy: 1000)
    let (days, secondOfDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: Int(days))
    let (minuteOfDay, second) = Int(secondOfDay).quotientAndRemainder(dividingBy: 60)
    bytes.appendTwoDigits(date.year / 100)
    bytes.appendTwoDigits(date.year % 100)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendTwoDigits(date.month)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendTwoDigits(date.day)
    bytes.append(UInt8(ascii: "T"))
    bytes.appendTwoDigits(minuteOfDay / 60)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendTwoDigits(minuteOfDay % 60)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendTwoDigits(second)
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 100))
    bytes.appendTwoDigits(Int(milliseconds % 100))
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Reads `2026-11-21T09:00:00.123Z`: UTC only, with a fraction of 0 to 9 digits of which the
  /// milliseconds are kept. Nil for anything else, a 30th of February and a leap second included.
  package init?(rfc3339 text: Span<UInt8>) {
    guard text.count >= 20, text.count <= 30,
      text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      text[text.count - 1] == UInt8(ascii: "Z"),
      let year = text.decimal(at: 0, digits: 4), year >= 1970,
      let month = text.decimal(at: 5, digits: 2), let day = text.decimal(at: 8, digits: 2),
      let hour = text.decimal(at: 11, digits: 2), hour < 24,
      let minute = text.decimal(at: 14, digits: 2), minute < 60,
      let second = text.decimal(at: 17, digits: 2), second < 60,
      let date = CivilDate(year: year, month: month, day: day),
      let milliseconds = Timestamp.milliseconds(ofFractionIn: text)
    else { return nil }
    let secondOfDay = (hour * 60 + minute) * 60 + second
    self.init(
      millisecondsSince1970: Int64(date.daysSince1970 * 86_400 + secondOfDay) * 1000 + Int64(milliseconds))
  }

  /// The milliseconds that `.123456789` between the seconds and the `Z` says; 0 when nothing is there.
  private static func milliseconds(ofFractionIn text: Span<UInt8>) -> Int? {
    guard text.count > 20 else { return 0 }
    let digits = text.count - 21
    guard text[19] == UInt8(ascii: "."), digits >= 1,
      var fraction = text.decimal(at: 20, digits: digits)
    else { return nil }
    for _ in 0..<max(0, digits - 3) { fraction /= 10 }
    for _ in 0..<max(0, 3 - digits) { fraction *= 10 }
    return fraction
  }
}

extension Span<UInt8> {
  /// The number that `digits` decimal digits from `start` on say, or nil where one is not a digit.
  fileprivate func decimal(at start: Int, digits: Int) -> Int? {
    var value = 0
    for index in start..<(start + digits) {
      let digit = self[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}

extension OutputSpan<UInt8> {
  fileprivate mutating func appendTwoDigits(_ value: Int) {
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }
}
