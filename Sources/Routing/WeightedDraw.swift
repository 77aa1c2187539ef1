/// Puts providers in an order of chance without replacement, in proportion to their weights.
///
/// Each gets a number that is spread as −log₂(u) ÷ weight, u even between 0 and 1, and the smallest goes
/// first: the chance of being the smallest is the weight's share of the sum, and so on among the rest
/// (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006). Whole numbers throughout,
/// so that the same bits give the same order on every machine.
struct WeightedDraw {
  /// Behind everybody with a weight.
  static var lastResort: Int128 { RankKey.largestValue }

  private let random: UInt64
  private let logarithms: [UInt64]

  init(random: UInt64) {
    self.random = random
    logarithms = WeightedDraw.logarithms
  }

  /// The provider's number. `weight` is from 0 to 10¹², in any unit that is the same for all.
  func value(index: Int, weight: Int) -> Int128 {
    guard weight > 0 else { return WeightedDraw.lastResort }
    return Int128(negativeLogarithm(bits(of: index)) / UInt64(weight))
  }

  /// Bits for one provider out of those of the request (the finalizer of SplitMix64).
  private func bits(of index: Int) -> UInt64 {
    var mixed = random &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// −log₂(bits ÷ 2⁶⁴) in units of 2⁻⁵⁶, right to 3 × 10⁻⁶: below what any count of requests could show.
  private func negativeLogarithm(_ bits: UInt64) -> UInt64 {
    let bits = max(1, bits)
    let zeros = bits.leadingZeroBitCount
    // bits = 2^(63 − zeros) × a mantissa from 1 to 2, whose 8 bits after the point choose the table's row.
    let mantissa = bits << UInt64(zeros)
    let row = Int((mantissa >> 55) & 0xff)
    let rest = (mantissa >> 23) & 0xffff_ffff
    let step = logarithms[row + 1] - logarithms[row]
    let logarithm = logarithms[row] + (step * rest) >> 32
    return (UInt64(zeros + 1) << 32 - logarithm) << 24
  }

  /// log₂(1 + row ÷ 256) in units of 2⁻³², for the rows 0 to 256.
  private static let logarithms: [UInt64] = (0...256).map { row in
    // 2.62 fixed point. Squaring doubles the logarithm; its next bit is whether the square passes 2.
    var number = UInt64(256 + row) << 54
    guard row < 256 else { return 1 << 32 }
    var logarithm: UInt64 = 0
    for _ in 0..<32 {
      let square = number.multipliedFullWidth(by: number)
      number = square.high << 2 | square.low >> 62
      logarithm <<= 1
      if number >= 1 << 63 {
        logarithm |= 1
        number >>= 1
      }
    }
    return logarithm
  }
}
