extension JSONDocument {
  /// The whole number that `node` is exactly; nil when it is no number, has a fraction, or does not fit.
  ///
  /// `1`, `-3`, `1.0`, `1.50e1` and `1e3` are whole numbers; `1.5` is not.
  package func int(_ node: JSONNode) -> Int? {
    guard kind(of: node) == .number else { return nil }
    var digits = range(of: node)
    let isNegative = bytes[digits.lowerBound] == UInt8(ascii: "-")
    if isNegative { digits = digits.lowerBound + 1..<digits.upperBound }
    // The largest exponent that can matter is the text's own length more or less.
    var exponent = 0
    if let mark = bytes[digits].firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      exponent = clampedExponent(mark + 1..<digits.upperBound)
      digits = digits.lowerBound..<mark
    }
    if let point = bytes[digits].firstIndex(of: UInt8(ascii: ".")) {
      exponent -= digits.upperBound - point - 1
    }
    // Zeros at the end are worth only their place: 1.50e1 is 15.
    while let last = digits.last, bytes[last] == UInt8(ascii: "0") || bytes[last] == UInt8(ascii: ".") {
      if bytes[last] == UInt8(ascii: "0") { exponent += 1 }
      digits = digits.lowerBound..<last
    }
    return wholeNumber(digits, exponent: exponent, isNegative: isNegative)
  }

  /// The nearest floating point number; nil when `node` is no number or is too large for one.
  package func double(_ node: JSONNode) -> Double? {
    guard kind(of: node) == .number else { return nil }
    let value = Double(String(decoding: bytes[range(of: node)], as: UTF8.self))
    guard let value, value.isFinite else { return nil }
    return value
  }

  /// The truth value that `node` is; nil when it is none.
  package func bool(_ node: JSONNode) -> Bool? {
    switch kind(of: node) {
    case .true: true
    case .false: false
    case .object, .array, .string, .number, .null: nil
    }
  }

  /// Whether `node` is `null`.
  package func isNull(_ node: JSONNode) -> Bool { kind(of: node) == .null }

  private func wholeNumber(_ digits: Range<Int>, exponent: Int, isNegative: Bool) -> Int? {
    var value = 0
    var sawDigit = false
    // Built on the negative side, which reaches one further, so that Int.min is read too.
    for index in digits where bytes[index] != UInt8(ascii: ".") {
      let digit = Int(bytes[index] - UInt8(ascii: "0"))
      sawDigit = sawDigit || digit != 0
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLargeStill) = product.subtractingReportingOverflow(digit)
      guard !tooLarge && !tooLargeStill else { return nil }
      value = sum
    }
    guard sawDigit else { return 0 }
    guard exponent >= 0 && exponent <= 18 else { return nil }
    for _ in 0..<exponent {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      guard !tooLarge else { return nil }
      value = product
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// The exponent's value, kept within what no text's digits can outweigh.
  private func clampedExponent(_ range: Range<Int>) -> Int {
    let bound = 1 << 32
    var value = 0
    for index in range where bytes[index] >= UInt8(ascii: "0") {
      value = min(bound, value * 10 + Int(bytes[index] - UInt8(ascii: "0")))
    }
    return bytes[range.lowerBound] == UInt8(ascii: "-") ? -value : value
  }
}
