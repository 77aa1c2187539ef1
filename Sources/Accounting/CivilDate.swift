/// A day of the proleptic Gregorian calendar, from 1970 on.
///
/// Both conversions count in years that begin on 1 March: the leap day is then a year's last day, and
/// the months before it have lengths that one linear formula gives.
struct CivilDate: Hashable {
  var year: Int
  /// 1 … 12.
  var month: Int
  /// 1 … 31.
  var day: Int

  /// Days in 400 years, after which the calendar repeats.
  private static let daysPerCycle = 146_097
  /// From 1 March of the year 0 to 1 January 1970.
  private static let epochOffset = 719_468

  /// The date `days` after 1970-01-01; `days` is not negative.
  init(daysSince1970 days: Int) {
    let (cycle, dayOfCycle) = (days + CivilDate.epochOffset)
      .quotientAndRemainder(dividingBy: CivilDate.daysPerCycle)
    // Leap days are taken out, so that what is left is whole years of 365 days: one every four years
    // (1,460 days and the leap day), none at three of the four centuries (36,524 days), and the
    // cycle's very last day is one again.
    let leapDays = dayOfCycle / 1_460 - dayOfCycle / 36_524 + dayOfCycle / (CivilDate.daysPerCycle - 1)
    let yearOfCycle = (dayOfCycle - leapDays) / 365
    let dayOfYear = dayOfCycle - (yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100)
    // From March on, months have 31, 30, 31, 30, 31 days over and over: 153 in five months.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
  }

  /// Nil when the calendar has no such day.
  init?(year: Int, month: Int, day: Int) {
    guard month >= 1, month <= 12, day >= 1, day <= CivilDate.dayCount(ofMonth: month, year: year) else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Days from 1970-01-01 to this one.
  var daysSince1970: Int {
    let yearFromMarch = month > 2 ? year : year - 1
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let (cycle, yearOfCycle) = yearFromMarch.quotientAndRemainder(dividingBy: 400)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * CivilDate.daysPerCycle + dayOfCycle - CivilDate.epochOffset
  }

  private static func dayCount(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
