/// A candidate's place in the order as one number: the smallest goes first.
///
/// From the top: 1 bit penalized, 94 bits of cost, time or lack of quality, 1 bit not preferred for the
/// intent, 32 bits of tie order. One comparison of whole numbers so decides what a chain of `if`s would,
/// exactly and in the same way on every machine.
struct RankKey: Comparable {
  static let largestTie = UInt32.max
  private static let valueBits: UInt128 = 94

  private let bits: UInt128

  /// Negative values count as 0, and those past 94 bits as the largest: 10¹³ USD, or 10¹² years.
  init(isPenalized: Bool, value: Int128, isBoosted: Bool, tie: Int) {
    let largest = UInt128(1) << RankKey.valueBits - 1
    let value = min(UInt128(max(0, value)), largest)
    bits =
      (isPenalized ? UInt128(1) << 127 : 0) | value << 33 | (isBoosted ? 0 : 1 << 32)
      | UInt128(UInt32(tie))
  }

  /// The tie order it was made with.
  var tie: Int { Int(UInt32(truncatingIfNeeded: bits)) }

  var isPenalized: Bool { bits >> 127 == 1 }

  var isBoosted: Bool { (bits >> 32) & 1 == 0 }

  static func < (left: RankKey, right: RankKey) -> Bool { left.bits < right.bits }
}
