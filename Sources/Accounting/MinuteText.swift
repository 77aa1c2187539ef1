/// Reads the times of lines that follow each other: as a rule they are of one minute, whose text is then compared
/// and not read again.
struct MinuteText {
  /// The 16 bytes of `2026-11-21T09:00`, and the milliseconds from 1970 to its beginning.
  private var text: (UInt64, UInt64) = (0, 0)
  private var start: Int64 = 0

  /// `2026-11-21T09:00:00.123Z`, all 24 bytes of it; nil for any other text.
  mutating func time(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    let minute = (
      bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
    guard minute == text, let milliseconds = Self.milliseconds(bytes) else {
      guard let time = Timestamp(rfc3339: Span(_unsafeBytes: bytes)) else { return nil }
      text = minute
      start = time.millisecondsSince1970 / 60_000 * 60_000
      return time
    }
    return Timestamp(millisecondsSince1970: start + milliseconds)
  }

  /// What `:09.123Z` behind the minute says; nil for any other text.
  private static func milliseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    func digit(_ index: Int) -> Int64 { Int64(bytes[index] &- UInt8(ascii: "0")) }
    let (tens, ones) = (digit(17), digit(18))
    let (hundredths, tenths, last) = (digit(20), digit(21), digit(22))
    guard bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z"),
      tens < 6, ones < 10, hundredths < 10, tenths < 10, last < 10
    else { return nil }
    return (tens * 10 + ones) * 1_000 + hundredths * 100 + tenths * 10 + last
  }
}
