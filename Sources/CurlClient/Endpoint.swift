/// Where calls of one provider go and what stands in their heads; the same for every call, so it is
/// prepared once.
package final class Endpoint: Sendable {
  package let url: String
  /// Whole lines, `Name: value`.
  package let headerLines: [String]
  package let connectTimeout: Duration
  /// The proxy to use; empty for none.
  let proxy: String
  /// Hosts that are called without it, in libcurl's form.
  let noProxy: String
  /// A file, and a folder, of certificates to trust in place of the system's.
  let trust: (file: String?, folder: String?)
  /// How a channel calls it; nil where that is left to libcurl: TLS, HTTP/2 and proxies.
  let channelAddress: ChannelAddress?

  /// The proxy and whom to trust are decided here, from `environment`, and not looked up again for each call.
  package init(
    url: String, headerLines: [String], connectTimeout: Duration = .seconds(10),
    environment: [String: String] = [:]
  ) {
    self.url = url
    self.headerLines = headerLines
    self.connectTimeout = connectTimeout
    proxy = Self.proxy(for: url, in: environment)
    noProxy = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    trust = (
      Self.first(of: ["CURL_CA_BUNDLE", "SSL_CERT_FILE"], in: environment), environment["SSL_CERT_DIR"]
    )
    channelAddress = proxy.isEmpty ? ChannelAddress(url: url, headerLines: headerLines) : nil
  }

  /// The proxy variable for a URL's scheme, by curl's rules: `http_proxy` counts in lower case only,
  /// because a CGI server sets `HTTP_PROXY` from a client's header.
  static func proxy(for url: String, in environment: [String: String]) -> String {
    let isTLS = url.lowercased().hasPrefix("https:")
    let names =
      isTLS
      ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "all_proxy", "ALL_PROXY"]
    return first(of: names, in: environment) ?? ""
  }

  /// The first of these variables that is set, and not to nothing.
  private static func first(of names: [String], in environment: [String: String]) -> String? {
    names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
  }
}

/// One call: where to, with what, and how long it may take.
package struct TransferRequest {
  package var endpoint: Endpoint
  package var body: [UInt8]
  package var timeouts: TransferTimeouts
  /// Bytes of the answer's body when it is taken whole.
  package var maxBodySize: Int

  package init(endpoint: Endpoint, body: [UInt8], timeouts: TransferTimeouts, maxBodySize: Int) {
    self.endpoint = endpoint
    self.body = body
    self.timeouts = timeouts
    self.maxBodySize = maxBodySize
  }
}

/// The waits of one call. Each is optional but `total`.
package struct TransferTimeouts: Sendable, Hashable {
  /// Start to end.
  package var total: Duration
  /// Start to the first byte of the body.
  package var firstByte: Duration?
  /// Between two pieces of the body.
  package var idle: Duration?

  package init(total: Duration, firstByte: Duration? = nil, idle: Duration? = nil) {
    self.total = total
    self.firstByte = firstByte
    self.idle = idle
  }
}
