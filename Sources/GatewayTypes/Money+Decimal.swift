extension Money {
  /// Why a text is not an exact amount.
  package enum DecimalError: Error, Hashable, Sendable {
    /// The text is not a decimal number: optional sign, digits, optional point and digits, optional exponent.
    case notANumber
    /// The amount has digits below 10⁻¹² USD.
    case notExact
    /// The amount does not fit.
    case outOfRange
  }

  /// Reads a decimal number such as `0.0005`, `5e-7` or `-3` exactly.
  package init(decimal text: some StringProtocol) throws(DecimalError) {
    try self.init(decimal: text, scaledDownBy: 0)
  }

  /// Reads `text` divided by 10 to the `places`: a price per 1,000 is read with `places` 3.
  package init(decimal text: some StringProtocol, scaledDownBy places: Int) throws(DecimalError) {
    let number = try DecimalText(text)
    let shift = Money.decimalPlaces + number.exponent - places
    var digits = number.digits[...]
    while digits.last == 0 && digits.count > 1 && shift < 0 && -shift > number.digits.count - digits.count {
      digits.removeLast()
    }
    let dropped = number.digits.count - digits.count
    guard shift + dropped >= 0 || digits.allSatisfy({ $0 == 0 }) else { throw .notExact }

    var value: Int128 = 0
    for digit in digits {
      value = try Money.appending(digit, to: value)
    }
    if value != 0 {
      // 39 digits are the most that an Int128 holds, so a larger shift fails below without looping on.
      for _ in 0..<min(max(0, shift + dropped), 40) {
        value = try Money.appending(0, to: value)
      }
    }
    self.init(picodollars: number.isNegative ? -value : value)
  }

  private static func appending(_ digit: UInt8, to value: Int128) throws(DecimalError) -> Int128 {
    let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
    let (sum, tooLargeStill) = product.addingReportingOverflow(Int128(digit))
    guard !tooLarge && !tooLargeStill else { throw .outOfRange }
    return sum
  }

  /// The longest decimal text of an amount: a sign, 27 digits, a point and 12 places.
  package static let maximumDecimalSize = 41

  /// Appends the shortest exact decimal text, such as `0.000045`, `12` or `-0.5`: never an exponent.
  package func appendDecimal(to bytes: inout [UInt8]) {
    bytes.append(addingCapacity: Money.maximumDecimalSize) { appendDecimal(to: &$0) }
  }

  /// Appends the same text where there is room for `maximumDecimalSize` bytes.
  package func appendDecimal(to output: inout OutputSpan<UInt8>) {
    if picodollars < 0 { output.append(UInt8(ascii: "-")) }
    let dollar: UInt64 = 1_000_000_000_000
    // Up to 18 million dollars 64 bits do; a division of 128 takes ten times as long.
    if let amount = UInt64(exactly: picodollars.magnitude) {
      Money.append(amount / dollar, to: &output)
      Money.append(fraction: amount % dollar, of: dollar, to: &output)
    } else {
      let (whole, fraction) = picodollars.magnitude.quotientAndRemainder(dividingBy: UInt128(dollar))
      for digit in String(whole).utf8 { output.append(digit) }
      Money.append(fraction: UInt64(fraction), of: dollar, to: &output)
    }
  }

  private static func append(_ value: UInt64, to output: inout OutputSpan<UInt8>) {
    if value >= 10 { append(value / 10, to: &output) }
    output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  private static func append(fraction: UInt64, of unit: UInt64, to output: inout OutputSpan<UInt8>) {
    guard fraction != 0 else { return }
    output.append(UInt8(ascii: "."))
    var rest = fraction
    while rest > 0 {
      rest *= 10
      output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
      rest %= unit
    }
  }
}

extension Money: CustomStringConvertible {
  @usableFromInline package var description: String {
    var bytes: [UInt8] = []
    appendDecimal(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A decimal number taken apart: `digits` × 10^`exponent`.
private struct DecimalText {
  var isNegative = false
  var digits: [UInt8] = []
  var exponent = 0

  init(_ text: some StringProtocol) throws(Money.DecimalError) {
    var bytes = Array(text.utf8)[...]
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    var sawDigit = false
    var sawPoint = false
    while let byte = bytes.first {
      if let digit = DecimalText.digit(byte) {
        sawDigit = true
        if !(digits.isEmpty && digit == 0) { digits.append(digit) }
        if sawPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: ".") && !sawPoint {
        sawPoint = true
      } else {
        break
      }
      bytes.removeFirst()
    }
    guard sawDigit else { throw .notANumber }
    if let letter = bytes.first {
      guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else { throw .notANumber }
      exponent += try DecimalText.exponent(bytes.dropFirst())
    }
    if digits.isEmpty { digits = [0] }
  }

  private static func exponent(_ bytes: ArraySlice<UInt8>) throws(Money.DecimalError) -> Int {
    var bytes = bytes
    var sign = 1
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      bytes.removeFirst()
    }
    guard !bytes.isEmpty else { throw .notANumber }
    var value = 0
    for byte in bytes {
      guard let digit = digit(byte) else { throw .notANumber }
      value = value * 10 + Int(digit)
      guard value < 10_000 else { throw .outOfRange }
    }
    return sign * value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
  }
}
