/// The date of HTTP's `Date` and `Last-Modified` (IMF-fixdate, RFC 9110 §5.6.7).
package enum HTTPDate {
  private static let days = Array("ThuFriSatSunMonTueWed".utf8)
  private static let months = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

  /// `Sat, 21 Nov 2026 09:00:00 GMT` for seconds since 1970.
  package static func bytes(secondsSince1970 seconds: Int) -> [UInt8] {
    let day = seconds / 86_400
    let second = seconds % 86_400
    let date = civilDate(daysSince1970: day)
    var text: [UInt8] = []
    text.reserveCapacity(29)
    text += days[(day % 7 * 3)..<(day % 7 * 3 + 3)]
    text += ", ".utf8
    appendTwoDigits(date.day, to: &text)
    text.append(UInt8(ascii: " "))
    text += months[((date.month - 1) * 3)..<(date.month * 3)]
    text.append(UInt8(ascii: " "))
    appendTwoDigits(date.year / 100, to: &text)
    appendTwoDigits(date.year % 100, to: &text)
    text.append(UInt8(ascii: " "))
    appendTwoDigits(second / 3_600, to: &text)
    text.append(UInt8(ascii: ":"))
    appendTwoDigits(second / 60 % 60, to: &text)
    text.append(UInt8(ascii: ":"))
    appendTwoDigits(second % 60, to: &text)
    text += " GMT".utf8
    return text
  }

  private static func appendTwoDigits(_ value: Int, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "0") + UInt8(value / 10 % 10))
    text.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  /// The Gregorian date of a day, by counting years that begin in March, so that the leap day is last.
  private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = daysSince1970 + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }
}
