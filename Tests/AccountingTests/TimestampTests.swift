import Testing

@testable import Accounting

@Suite("Timestamp")
struct TimestampTests {
  @Test(
    "a time is written as RFC 3339 in UTC with milliseconds, and read back",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (1, "1970-01-01T00:00:00.001Z"),
      (951_782_399_999, "2000-02-28T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z"),
      (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
      (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
      (1_795_251_600_123, "2026-11-21T09:00:00.123Z"),
      (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
      (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (13_569_465_600_000, "2400-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func bothWays(milliseconds: Int64, text: String) {
    let time = Timestamp(millisecondsSince1970: milliseconds)
    #expect(written(time) == text)
    #expect(read(text) == time)
  }

  @Test("every day from 1970 to 2400 has the date that counting the days one by one gives")
  func everyDay() {
    var days = 0
    for year in 1970...2400 {
      let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for month in 1...12 {
        for day in 1...lengths[month - 1] {
          let date = CivilDate(daysSince1970: days)
          if date.year != year || date.month != month || date.day != day || date.daysSince1970 != days {
            Issue.record("day \(days) is \(year)-\(month)-\(day), not \(date)")
            return
          }
          days += 1
        }
        #expect(CivilDate(year: year, month: month, day: lengths[month - 1] + 1) == nil)
      }
    }
    #expect(days == 157_420)
  }

  @Test(
    "a fraction of any length is read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.1Z", 100), ("1970-01-01T00:00:00.12Z", 120),
      ("1970-01-01T00:00:00.1239Z", 123), ("1970-01-01T00:00:01.999999999Z", 1999),
    ] as [(String, Int64)])
  func fractions(text: String, milliseconds: Int64) {
    #expect(read(text)?.millisecondsSince1970 == milliseconds)
  }

  @Test(
    "what is not a time in UTC is refused",
    arguments: [
      "", "Z", "2026-11-21", "2026-11-21T09:00:00", "2026-11-21 09:00:00Z", "2026-11-21T09:00:00.Z",
      "2026-11-21T09:00:00+01:00", "2026-11-21T09:00:00.123", "2026-11-21T09:00:00.1234567890Z",
      "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
      "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
      "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "1969-12-31T23:59:59Z", "2026-1-21T09:00:000Z",
      "2026-11-21T09:00:0éZ", "-026-11-21T09:00:00Z", "2026-11-21T09:00:00,123Z", "2026-11-21T0x:00:00Z",
    ])
  func refusals(text: String) {
    #expect(read(text) == nil)
  }

  @Test("the time now is after this test was written and before the year 2400")
  func now() {
    let now = written(.now())
    #expect(now > "2024" && now < "2400")
  }

  private func written(_ time: Timestamp) -> String {
    var bytes: [UInt8] = []
    time.appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func read(_ text: String) -> Timestamp? {
    Timestamp(rfc3339: Array(text.utf8).span)
  }
}
