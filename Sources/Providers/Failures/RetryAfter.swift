/// The value of a `Retry-After` header (RFC 9110 §10.2.3).
package enum RetryAfter {
  /// A provider that asks for more is asked again after a day: a mistake must not take it away for good.
  private static let longest = 86_400

  /// How long to wait: from seconds, whole or not, or from one of the three dates of RFC 9110 §5.6.7.
  ///
  /// `now` is in seconds since 1970. A time gone by is zero; what is neither is nil.
  package static func duration(_ value: String, now: Int) -> Duration? {
    let text = value.utf8.drop { $0 == 0x20 || $0 == 0x09 }
    guard let first = text.first, text.count <= 64 else { return nil }
    if first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9") {
      guard text.allSatisfy({ "0123456789. \t".utf8.contains($0) }),
        let seconds = Double(Substring(text).trimmingTrailingSpace), seconds.isFinite
      else { return nil }
      return .milliseconds(Int(min(seconds, Double(longest)) * 1000))
    }
    guard let date = secondsSince1970(value) else { return nil }
    return .seconds(min(max(0, date - now), longest))
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
  private static func secondsSince1970(_ text: String) -> Int? {
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
    guard words.count == 6 && words[5] == "GMT" || words.count == 5 else { return nil }
    let isASCTime = words.count == 5
    let (day, month, year, clock) =
      isASCTime ? (words[2], words[1], words[4], words[3]) : (words[1], words[2], words[3], words[4])
    guard let dayNumber = Int(day), (1...31).contains(dayNumber),
      let monthIndex = months.firstIndex(of: month),
      var yearNumber = Int(year), (0...9999).contains(yearNumber), let seconds = secondsOfDay(clock)
    else { return nil }
    // RFC 9110 §5.6.7: two digits more than 50 years ahead mean the past; headers are about now, so 20yy.
    if year.count == 2 { yearNumber += yearNumber < 70 ? 2000 : 1900 }
    return days(year: yearNumber, month: monthIndex + 1, day: dayNumber) * 86_400 + seconds
  }

  private static let months: [Substring] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func secondsOfDay(_ clock: Substring) -> Int? {
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that the leap day is last.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    return shifted * 365 + leapDays + dayOfYear - 719_468
  }
}

extension Substring {
  fileprivate var trimmingTrailingSpace: Substring {
    var trimmed = self
    while trimmed.last == " " || trimmed.last == "\t" { trimmed.removeLast() }
    return trimmed
  }
}
