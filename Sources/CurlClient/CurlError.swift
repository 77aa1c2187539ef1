internal import CLibcurl

extension TransferError {
  /// The error that a libcurl result stands for; nil for success.
  ///
  /// https://curl.se/libcurl/c/libcurl-errors.html
  init?(_ code: CURLcode) {
    switch code {
    case CURLE_OK: return nil
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY:
      self = .connectionFailed(String(cString: curl_easy_strerror(code)))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      self = .tlsFailed(String(cString: curl_easy_strerror(code)))
    case CURLE_OPERATION_TIMEDOUT:
      // The only wait that is left to libcurl is the one for a connection.
      self = .timedOut(.connect)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2,
      CURLE_HTTP2_STREAM:
      self = .malformed
    case CURLE_WRITE_ERROR:
      self = .tooLarge
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
      self = .cut
    default:
      self = .connectionFailed(String(cString: curl_easy_strerror(code)))
    }
  }
}
