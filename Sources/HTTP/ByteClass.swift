/// The sets of bytes that the grammar of HTTP names, as one table look-up each.
enum ByteClass {
  private static let tokenBit: UInt8 = 1
  private static let valueBit: UInt8 = 2
  private static let targetBit: UInt8 = 4

  /// One entry a byte: which sets it belongs to.
  private static let table: [UInt8] = (0...255).map { (byte: UInt8) -> UInt8 in
    var bits: UInt8 = 0
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      bits |= tokenBit
    default:
      if "!#$%&'*+-.^_`|~".utf8.contains(byte) { bits |= tokenBit }
    }
    if byte == 0x09 || (byte >= 0x20 && byte != 0x7F) { bits |= valueBit }
    if byte > 0x20 && byte < 0x7F { bits |= targetBit }
    return bits
  }

  /// `tchar` (RFC 9110 §5.6.2): what methods and field names are made of.
  static func isToken(_ byte: UInt8) -> Bool { table[Int(byte)] & tokenBit != 0 }

  /// What a field value may hold (RFC 9110 §5.5): visible bytes, spaces, tabs and bytes above ASCII.
  static func isFieldValue(_ byte: UInt8) -> Bool { table[Int(byte)] & valueBit != 0 }

  /// What a request target may hold: visible ASCII.
  static func isTarget(_ byte: UInt8) -> Bool { table[Int(byte)] & targetBit != 0 }

  /// An ASCII letter in lower case; every other byte as it is.
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
