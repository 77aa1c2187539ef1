/// The sets of bytes that the grammar of HTTP names.
enum ByteClass {
  /// The `tchar` below and above 64, a bit each.
  private static let lowTokens: UInt64 = 0x03FF_6CFA_0000_0000
  private static let highTokens: UInt64 = 0x57FF_FFFF_C7FF_FFFE

  /// `tchar` (RFC 9110 §5.6.2): what methods and field names are made of: letters, digits and
  /// ``!#$%&'*+-.^_`|~``.
  static func isToken(_ byte: UInt8) -> Bool {
    guard byte < 128 else { return false }
    return (byte < 64 ? lowTokens : highTokens) >> UInt64(byte & 63) & 1 == 1
  }

  /// What a field value may hold (RFC 9110 §5.5): visible bytes, spaces, tabs and bytes above ASCII.
  static func isFieldValue(_ byte: UInt8) -> Bool { byte >= 0x20 ? byte != 0x7F : byte == 0x09 }

  /// Whether a field value may hold all of `bytes`. Looks at every byte, so that it looks at many at once.
  static func areFieldValue(_ bytes: Span<UInt8>) -> Bool {
    var foundOther = false
    for index in 0..<bytes.count {
      let byte = bytes[index]
      foundOther = foundOther || (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }
    return !foundOther
  }

  /// What a request target may hold: visible ASCII.
  static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  /// An ASCII letter in lower case; every other byte as it is.
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
