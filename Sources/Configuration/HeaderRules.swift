/// Which extra request headers an operator may set.
enum HeaderRules {
  static let countLimit = 32
  static let valueLimit = 8192

  /// Headers that the gateway or the transport writes itself: a second one would break the framing of the
  /// message, ask for an encoding nobody decodes, or address another host (RFC 9110 §7.6.1, RFC 9112 §6).
  private static let owned: Set<String> = [
    "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
    "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
  ]

  /// Headers that carry the key that `api_key` is for.
  static let credentials: Set<String> = ["authorization", "api-key", "x-api-key", "x-goog-api-key"]

  /// Says what is wrong with a header's name, in lower case; nil when it may be set.
  static func problem(name: String, hasKey: Bool) -> String? {
    guard !name.isEmpty && name.utf8.count <= 128 && name.utf8.allSatisfy(\.isTokenCharacter) else {
      return "is not a header name: use letters, digits and -"
    }
    if owned.contains(name) { return "is written by the gateway itself and cannot be set; remove it" }
    if hasKey && credentials.contains(name) { return "and api_key both carry the key; remove one" }
    return nil
  }

  /// Says what is wrong with a header's value; nil when it may be sent (RFC 9110 §5.5).
  static func problem(value: String) -> String? {
    if value.utf8.count > valueLimit { return "is longer than \(valueLimit) bytes" }
    let isClean = value.utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F }
    return isClean ? nil : "holds a line break or another control character"
  }
}

extension UInt8 {
  /// RFC 9110 §5.6.2 `tchar`.
  fileprivate var isTokenCharacter: Bool {
    isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(self)
  }
}
