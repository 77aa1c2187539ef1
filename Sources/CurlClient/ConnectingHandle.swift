internal import CLibcurl
internal import GatewayTypes

/// A connection that libcurl makes and then leaves to somebody else. Touched on its loop only.
///
/// https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html
final class ConnectingHandle {
  let handle: UnsafeMutableRawPointer
  /// Is told what came of it, once.
  let completion: (Result<ConnectedSocket, TransferError>) -> Void

  init(
    origin: String, timeout: Duration,
    completion: @escaping (Result<ConnectedSocket, TransferError>) -> Void
  ) throws(TransferError) {
    guard let handle = curl_easy_init() else {
      throw .connectionFailed("libcurl has no memory for another call")
    }
    self.handle = handle
    self.completion = completion
    _ = shim_setopt_string(handle, CURLOPT_URL, origin)
    _ = shim_setopt_long(handle, CURLOPT_CONNECT_ONLY, 1)
    _ = shim_setopt_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = shim_setopt_long(handle, CURLOPT_QUICK_EXIT, 1)
    _ = shim_setopt_string(handle, CURLOPT_PROXY, "")
    // Rounded up: a wait that ends just before a call's deadline would leave time that nothing can be done with.
    _ = shim_setopt_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(0, timeout.wholeMilliseconds) + 1)
  }

  deinit {
    curl_easy_cleanup(handle)
  }
}
