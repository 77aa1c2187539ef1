internal import CLibcurl
internal import HTTP

/// Where a channel connects to and what it sends before each body, taken from a URL once.
struct ChannelAddress: Sendable {
  /// `http://host:port`, what connections are kept by.
  let origin: String
  /// The request line and every header line but the length's value, which follows.
  let head: [UInt8]

  /// Nil for anything but a plain `http` URL.
  init?(url text: String, headerLines: [String]) {
    guard let url = curl_url() else { return nil }
    defer { curl_url_cleanup(url) }
    guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK,
      Self.part(CURLUPART_SCHEME, of: url) == "http",
      let host = Self.part(CURLUPART_HOST, of: url),
      let port = Self.part(CURLUPART_PORT, of: url, flags: UInt32(CURLU_DEFAULT_PORT)),
      let path = Self.part(CURLUPART_PATH, of: url)
    else { return nil }
    origin = "http://\(host):\(port)"
    let query = Self.part(CURLUPART_QUERY, of: url).map { "?\($0)" } ?? ""
    var lines =
      "POST \(path)\(query) HTTP/1.1\r\nHost: \(host)\(port == "80" ? "" : ":\(port)")\r\nAccept: */*\r\n"
    // libcurl's way to write a field without a value.
    for line in headerLines {
      lines += line.hasSuffix(";") && !line.contains(":") ? "\(line.dropLast()):\r\n" : "\(line)\r\n"
    }
    head = Array((lines + "Content-Length: ").utf8)
  }

  private static func part(_ part: CURLUPart, of url: OpaquePointer, flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
