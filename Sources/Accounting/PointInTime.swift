/// A moment as a person spells it: some time ago, a date, or a time.
package enum PointInTime: Hashable, Sendable {
  case before(milliseconds: Int64)
  case at(Timestamp)

  /// `7d`, `12h`, `30m`, `2026-11-21` or `2026-11-21T09:00:00Z`.
  package init?(argument: String) {
    let text = argument.hasSuffix("Z") ? argument : argument + "T00:00:00Z"
    if let time = Timestamp(rfc3339: Array(text.utf8).span) {
      self = .at(time)
      return
    }
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      (0...1_000_000).contains(count)
    else { return nil }
    self = .before(milliseconds: count * unit)
  }

  /// The moment itself; one before 1970 is 1970.
  package func time(_ now: Timestamp) -> Timestamp {
    switch self {
    case .before(let milliseconds):
      Timestamp(millisecondsSince1970: max(0, now.millisecondsSince1970 - milliseconds))
    case .at(let time): time
    }
  }
}
