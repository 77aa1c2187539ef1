/// Durations as the file spells them: `30s`, `500ms`, `2m`, `1h`, `1.5s`; a bare number is seconds.
enum DurationText {
  private static let units: [(suffix: String, nanoseconds: Int128)] = [
    // `ms` stands before `s` and `m`, or they would take its letters.
    ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ("", 1_000_000_000),
  ]

  /// Reads a duration exactly; nil when the text is none or has parts below a nanosecond.
  static func duration(_ text: String) -> Duration? {
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let parts = text.dropLast(unit.suffix.count).split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = parts[0]
    let fraction = parts.count == 2 ? parts[1] : "0"
    // 18 digits of any unit fit an Int128 by far.
    guard !whole.isEmpty, !fraction.isEmpty, whole.utf8.count + fraction.utf8.count <= 18 else { return nil }
    var count: Int128 = 0
    var scale: Int128 = 1
    for byte in (whole + fraction).utf8 {
      guard (0x30...0x39).contains(byte) else { return nil }
      count = count * 10 + Int128(byte - 0x30)
    }
    for _ in fraction.utf8 { scale *= 10 }
    let (nanoseconds, rest) = (count * unit.nanoseconds).quotientAndRemainder(dividingBy: scale)
    guard rest == 0, let fitting = Int64(exactly: nanoseconds) else { return nil }
    return .nanoseconds(fitting)
  }

  /// The shortest spelling in the largest whole unit: 60 s is `1m`.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard attoseconds == 0 else { return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms" }
    if seconds == 0 { return "0s" }
    if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    if seconds % 60 == 0 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }
}
