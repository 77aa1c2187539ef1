/// The two functions that random times need, from nothing but IEEE sums and products: the C library's differ
/// in their last digit from one machine to another, and a seed is to mean the same on all.
extension Double {
  /// The natural logarithm of a positive, finite, normal number, to some 15 digits.
  var naturalLogarithm: Double {
    var mantissa = significand
    var power = Double(exponent)
    // Near 1 the series is short.
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa /= 2
      power += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var sum = 0.0
    // 2 (r + r³/3 + r⁵/5 + …), with |r| at most 0.172.
    for odd in stride(from: 19.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return 2 * ratio * sum + power * 0.693_147_180_559_945_3
  }

  /// e to the power of this number, which lies within ±700, to some 15 digits.
  var exponential: Double {
    let power = (self * 1.442_695_040_888_963_4).rounded()
    let rest = self - power * 0.693_147_180_559_945_3
    // 1 + r (1 + r/2 (1 + r/3 …)), with |r| at most 0.347.
    var sum = 1.0
    for factor in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * rest / factor }
    return sum * Double(sign: .plus, exponent: Int(power), significand: 1)
  }
}
