import CLinux

/// The running hash of the ledger up to and with one line: the first 128 bits of
/// SHA-256(link of the line before ‖ the line's bytes before its `chain` field).
///
/// A line that is changed, removed, put in or moved no longer fits the link that follows it. There is no
/// secret in it: whoever rewrites the file from there to its end can make all links fit again, except
/// the last one, which differs from what was known before. So a link noted elsewhere (an audit prints
/// the last one) proves everything up to it.
struct ChainLink: Hashable, Sendable {
  private var high: UInt64
  private var low: UInt64

  /// What the very first line follows.
  static let genesis = ChainLink(high: 0, low: 0)

  /// `,"chain":"`, 32 hexadecimal digits, `"}`: how every line ends.
  static let suffixSize = 44

  private static let fieldName: StaticString = #","chain":""#

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The two numbers that it is kept as elsewhere.
  var parts: [UInt64] { [high, low] }

  /// Made from its two numbers.
  init(parts: [UInt64]) {
    precondition(parts.count == 2, "a link is two numbers")
    (high, low) = (parts[0], parts[1])
  }

  /// The link of the line whose bytes before its `chain` field are `content`.
  func next(_ content: UnsafeRawBufferPointer) -> ChainLink {
    var seed = (high.bigEndian, low.bigEndian)
    let digest = withUnsafeBytes(of: &seed) { Sha256.digest($0, content) }
    return digest.span.withUnsafeBytes { bytes in
      ChainLink(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  /// The link that stands at the end of `line` (without its newline), or nil: a line without one is not
  /// of the chain, as the piece that a crash left.
  init?(endOf line: UnsafeRawBufferPointer) {
    let start = line.count - ChainLink.suffixSize
    guard start > 0, line[line.count - 1] == UInt8(ascii: "}"), line[line.count - 2] == UInt8(ascii: "\"")
    else { return nil }
    let name = ChainLink.fieldName
    for index in 0..<name.utf8CodeUnitCount where line[start + index] != name.utf8Start[index] { return nil }
    let digits = start + name.utf8CodeUnitCount
    guard let high = ChainLink.number(line, at: digits), let low = ChainLink.number(line, at: digits + 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// Appends the field and the object's end: `,"chain":"…"}`.
  func appendSuffix(to line: inout [UInt8]) {
    line.append(literal: ChainLink.fieldName)
    appendHexadecimal(to: &line)
    line.append(literal: "\"}")
  }

  /// Appends the 32 hexadecimal digits.
  func appendHexadecimal(to bytes: inout [UInt8]) {
    var digits = (
      Hexadecimal.digits(high >> 32), Hexadecimal.digits(high), Hexadecimal.digits(low >> 32),
      Hexadecimal.digits(low)
    )
    withUnsafeBytes(of: &digits) { bytes.append(contentsOf: $0) }
  }

  /// The number that 16 lower-case hexadecimal digits say.
  private static func number(_ line: UnsafeRawBufferPointer, at start: Int) -> UInt64? {
    guard let high = Hexadecimal.number(line.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
      let low = Hexadecimal.number(line.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
    else { return nil }
    return high << 32 | low
  }
}

/// Eight lower-case hexadecimal digits at a time, one in each byte of a word as it lies in memory.
private enum Hexadecimal {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The digits of the low 32 bits of `number`.
  static func digits(_ number: UInt64) -> UInt64 {
    // Each half byte into a byte of its own.
    var nibbles = number & 0xFFFF_FFFF
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & (ones * 0x0F)
    // 6 more than 9 reaches the next half byte: those are letters, `a` - 10 - `0` further on.
    let letters = ((nibbles + ones * 6) >> 4) & ones
    return (nibbles + ones * 0x30 + letters * 0x27).bigEndian
  }

  /// The number that eight digits say; nil when one of them is none.
  static func number(_ digits: UInt64) -> UInt64? {
    let digits = UInt64(bigEndian: digits)
    // Bit 6 tells `a` from `0`; the letter's low half is one more than its place behind `9`.
    let letters = (digits >> 6) & ones
    let nibbles = (digits & (ones * 0x0F)) + letters * 9
    guard nibbles & (ones * 0xF0) == 0, nibbles + ones * 0x30 + letters * 0x27 == digits,
      ((nibbles + ones * 6) >> 4) & ones == letters
    else { return nil }
    var number = (nibbles | nibbles >> 4) & 0x00FF_00FF_00FF_00FF
    number = (number | number >> 8) & 0x0000_FFFF_0000_FFFF
    return (number | number >> 16) & 0xFFFF_FFFF
  }
}

extension ChainLink: CustomStringConvertible {
  /// The 32 hexadecimal digits.
  var description: String {
    var bytes: [UInt8] = []
    appendHexadecimal(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// SHA-256 (FIPS 180-4).
enum Sha256 {
  /// The digest of `first` and `second`, one after the other: 32 bytes.
  static func digest(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, portable: Bool = false
  ) -> InlineArray<32, UInt8> {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var bytes = digest.mutableSpan
    bytes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("32 bytes have an address") }
      clinux_sha256_two(
        first.baseAddress, first.count, second.baseAddress, second.count, portable ? 1 : 0, base)
    }
    return digest
  }

  /// Whether the processor does it.
  static var isNative: Bool { clinux_sha256_is_native() != 0 }
}
