/// An address that requests are sent to, checked: `http` or `https`, a host, no credentials, no fragment.
struct ProviderAddress {
  /// As written, without slashes at the end of the path.
  let text: String
  let isEncrypted: Bool
  /// Without port; an IPv6 address keeps its brackets.
  let host: String

  /// Why a text is no such address; the description says what is allowed.
  enum Problem: String, Error {
    case scheme = "must start with https:// or http://"
    case credentials = "must not hold a user or password before '@'; use api_key or headers"
    case host = "has no well-formed host name after the '//'"
    case port = "has a port that is not a number from 1 to 65535"
    case query = "must not have a '?' query; use endpoint for an address that needs one"
    case fragment = "must not have a '#' fragment"
    case character = "holds a space or another character that must be percent-encoded"
  }

  init(_ written: String, allowsQuery: Bool) throws(Problem) {
    guard written.utf8.allSatisfy(\.isAddressCharacter) else { throw .character }
    let (isEncrypted, rest) = try ProviderAddress.withoutScheme(written)
    guard !rest.contains("#") else { throw .fragment }
    guard allowsQuery || !rest.contains("?") else { throw .query }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else { throw .credentials }

    let host = ProviderAddress.host(of: authority)
    guard HostName.isWellFormed(String(host)) else { throw .host }
    let port = authority.dropFirst(host.count)
    // `UInt16(_:)` would also take a sign.
    let number = UInt16(port.dropFirst()) ?? 0
    guard port.isEmpty || (port.hasPrefix(":") && !port.hasPrefix(":+") && number > 0) else { throw .port }

    self.isEncrypted = isEncrypted
    self.host = String(host)
    var text = written[...]
    if !rest.contains("?") {
      while text.hasSuffix("/") { text.removeLast() }
    }
    self.text = String(text)
  }

  private static func withoutScheme(_ written: String) throws(Problem) -> (isEncrypted: Bool, rest: Substring)
  {
    for (scheme, isEncrypted) in [("https://", true), ("http://", false)]
    where written.prefix(scheme.count).lowercased() == scheme {
      return (isEncrypted, written.dropFirst(scheme.count))
    }
    throw .scheme
  }

  private static func host(of authority: Substring) -> Substring {
    // The colons of an IPv6 address stand between brackets.
    guard authority.hasPrefix("["), let close = authority.firstIndex(of: "]") else {
      return authority.prefix { $0 != ":" }
    }
    return authority[...close]
  }
}

extension UInt8 {
  /// RFC 3986 §2: what may stand in a URI, less what never needs to.
  fileprivate var isAddressCharacter: Bool {
    isVisibleASCII && !#""<>\^`{|}"#.utf8.contains(self)
  }
}
