/// A request target taken apart: the path with its percent escapes decoded, and the raw query.
package struct Target: Sendable, Hashable {
  /// Begins with `/`, or is `*` (of `OPTIONS *`).
  package let path: String
  /// Without the `?`; empty when there is none.
  package let query: String

  /// Nil when the target is neither a path nor `http(s)://host/path`, or its path does not decode to
  /// UTF-8 without control characters.
  package init?(_ bytes: ArraySlice<UInt8>) {
    guard var rest = Self.pathAndQuery(bytes) else { return nil }
    if let fragment = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
    let end = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    guard let decoded = Self.percentDecoded(rest[..<end], plusIsSpace: false) else { return nil }
    path = decoded
    query = end < rest.endIndex ? String(decoding: rest[(end + 1)...], as: UTF8.self) : ""
  }

  /// Origin form, or absolute form with the authority cut off (RFC 9112 §3.2).
  private static func pathAndQuery(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if bytes.first == UInt8(ascii: "/") || bytes.elementsEqual("*".utf8) { return bytes }
    for scheme in ["http://", "https://"] where bytes.count > scheme.utf8.count {
      let prefix = bytes.prefix(scheme.utf8.count)
      guard prefix.lazy.map(ByteClass.lowercased).elementsEqual(scheme.utf8) else { continue }
      let afterScheme = bytes.dropFirst(scheme.utf8.count)
      guard let slash = afterScheme.firstIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: "/")] }
      return bytes[slash...]
    }
    return nil
  }

  /// The decoded value of the query's first item called `name`; nil when there is none. A value that does
  /// not decode comes as it was sent, so that it is judged, and not taken for one that is not there.
  package func queryValue(_ name: String) -> String? {
    for item in Array(query.utf8).split(separator: UInt8(ascii: "&")) {
      let end = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
      guard Self.percentDecoded(item[..<end], plusIsSpace: true) == name else { continue }
      guard end < item.endIndex else { return "" }
      let value = item[(end + 1)...]
      return Self.percentDecoded(value, plusIsSpace: true) ?? String(decoding: value, as: UTF8.self)
    }
    return nil
  }

  private static func percentDecoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var position = bytes.startIndex
    while position < bytes.endIndex {
      var byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "%") {
        guard position + 2 <= bytes.endIndex,
          let value = UInt8(String(decoding: bytes[position..<(position + 2)], as: UTF8.self), radix: 16)
        else { return nil }
        byte = value
        position += 2
      } else if plusIsSpace, byte == UInt8(ascii: "+") {
        byte = UInt8(ascii: " ")
      }
      guard byte >= 0x20, byte != 0x7F else { return nil }
      decoded.append(byte)
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
