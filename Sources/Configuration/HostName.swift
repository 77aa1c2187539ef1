/// Rules about the names and numbers of hosts.
package enum HostName {
  /// Whether only this machine reaches `host`: `localhost`, 127.0.0.0/8 or `::1`, brackets allowed.
  ///
  /// A name that merely starts like such an address is not one: `127.0.0.1.example.com` belongs to anybody.
  package static func isLoopback(_ host: String) -> Bool {
    let bare = withoutBrackets(host).lowercased()
    if bare == "localhost" || bare == "::1" { return true }
    let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether `host` has only the characters of a host name, an IPv4 or an IPv6 address.
  static func isWellFormed(_ host: String) -> Bool {
    let bare = withoutBrackets(host)
    guard !bare.isEmpty && bare.utf8.count <= 253 else { return false }
    let isAddress = bare.contains(":")
    return bare.utf8.allSatisfy { byte in
      byte.isASCIILetterOrDigit || byte == UInt8(ascii: ".")
        || (isAddress ? byte == UInt8(ascii: ":") : byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_"))
    }
  }

  private static func withoutBrackets(_ host: String) -> String {
    guard host.hasPrefix("[") && host.hasSuffix("]") else { return host }
    return String(host.dropFirst().dropLast())
  }
}

extension UInt8 {
  var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// A printable ASCII character other than the space.
  var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}
