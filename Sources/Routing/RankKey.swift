/// A candidate's place in the order as one number: the smallest goes first.
///
/// From the top: 1 bit penalized, 1 bit without a warm cache, 93 bits of cost, time, lack of quality or
/// chance, 1 bit not preferred for the intent, 32 bits of tie order. One comparison of whole numbers so
/// decides what a chain of `if`s would, exactly and in the same way on every machine.
struct RankKey: Comparable {
  static let largestTie = UInt32.max
  /// Values past this count as this: 5 × 10¹² USD, or 10¹² years.
  static var largestValue: Int128 { Int128(1) << 93 - 1 }

  private let bits: UInt128

  /// Negative values count as 0. A penalized provider's warm cache counts for nothing.
  init(isPenalized: Bool, isWarm: Bool, value: Int128, isBoosted: Bool, tie: Int) {
    let value = UInt128(min(max(0, value), RankKey.largestValue))
    bits =
      (isPenalized ? UInt128(1) << 127 : 0) | (isWarm && !isPenalized ? 0 : UInt128(1) << 126) | value << 33
      | (isBoosted ? 0 : 1 << 32) | UInt128(UInt32(tie))
  }

  /// The tie order it was made with.
  var tie: Int { Int(UInt32(truncatingIfNeeded: bits)) }

  var isPenalized: Bool { bits >> 127 == 1 }

  var isWarm: Bool { (bits >> 126) & 1 == 0 }

  var isBoosted: Bool { (bits >> 32) & 1 == 0 }

  /// So many are put in order one by one.
  static let few = 16

  /// How many bits the distance between two keys has.
  static func bitWidth(of least: RankKey, _ greatest: RankKey) -> Int {
    128 - (greatest.bits - least.bits).leadingZeroBitCount
  }

  /// The distance from `least`, without its last `width` bits.
  func slot(above least: RankKey, width: Int) -> Int { Int(truncatingIfNeeded: (bits - least.bits) >> width) }

  static func < (left: RankKey, right: RankKey) -> Bool { left.bits < right.bits }
}
