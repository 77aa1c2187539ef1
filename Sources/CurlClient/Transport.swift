package import Reactor

/// The way to the providers from one loop: a channel for plain HTTP/1.1, and libcurl's multi handle for
/// TLS, HTTP/2 and proxies. Touched on its loop only.
package final class Transport {
  private let channel: CurlChannel
  private let multiplexer: CurlMultiplexer

  package init(loop: EventLoop) {
    multiplexer = CurlMultiplexer(loop: loop)
    channel = CurlChannel(loop: loop, connector: multiplexer)
  }

  /// Begins a call.
  package func start(_ request: TransferRequest) -> Transfer {
    if let address = request.endpoint.channelAddress { return channel.start(request, to: address) }
    return multiplexer.start(request)
  }

  /// Forgets what is kept for `endpoint`, which is no longer called.
  package func retire(_ endpoint: Endpoint) {
    multiplexer.retire(endpoint)
  }
}
