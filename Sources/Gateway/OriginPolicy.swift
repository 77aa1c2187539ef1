internal import HTTP
internal import HTTPServer

/// Which web pages may talk to the gateway, by the `Origin` that browsers send.
///
/// An open gateway on a loopback address is within reach of every page its user visits; this is what
/// keeps them out.
struct OriginPolicy: Sendable {
  private let allowed: [[UInt8]]
  private let allowsAll: Bool
  /// Hosts, without a port, whose own pages are trusted; nil trusts the Host header as it comes.
  private let ownHosts: [String]?

  /// Without client keys only loopback names and `host` count as the gateway's own, so that a name that
  /// an attacker points at this machine does not.
  init(corsOrigins: [String], host: String, hasKeys: Bool) {
    allowed = corsOrigins.filter { $0 != "*" }.map { Array($0.lowercased().utf8) }
    allowsAll = corsOrigins.contains("*")
    ownHosts =
      hasKeys ? nil : ["localhost", "127.0.0.1", "[::1]", host.lowercased(), "[\(host.lowercased())]"]
  }

  enum Verdict: Sendable {
    /// No browser page asks.
    case noOrigin
    /// The gateway's own page: no header is needed.
    case sameOrigin
    case allowed(ArraySlice<UInt8>)
    case refused
  }

  func verdict(on request: ServerRequest) -> Verdict {
    guard let origin = request.header("origin") else { return .noOrigin }
    let lowercased = origin.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    if isOwn(lowercased, host: request.header("host")) { return .sameOrigin }
    return allowsAll || allowed.contains(lowercased) ? .allowed(origin) : .refused
  }

  private func isOwn(_ origin: [UInt8], host: ArraySlice<UInt8>?) -> Bool {
    guard let host else { return false }
    let authority = String(decoding: host, as: UTF8.self).lowercased()
    let text = String(decoding: origin, as: UTF8.self)
    guard text == "http://\(authority)" || text == "https://\(authority)" else { return false }
    guard let ownHosts else { return true }
    let name =
      authority.hasSuffix("]")
      ? authority : String(authority[..<(authority.lastIndex(of: ":") ?? authority.endIndex)])
    return ownHosts.contains(name)
  }

  static let refusal = APIError(
    403, .invalidRequest, code: "forbidden",
    message:
      "Pages of this origin may not use the gateway; add the origin to server.cors_origins to allow it.")
}
