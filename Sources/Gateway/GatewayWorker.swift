internal import Accounting
internal import Configuration
internal import CurlClient
internal import HTTPServer
internal import Reactor

/// One loop of the gateway with all that lives on it.
final class GatewayWorker: @unchecked Sendable {
  // @unchecked: `server` and `transport` are touched on the loop only; the rest is immutable.
  private let loop: EventLoop
  private var server: Server?
  private var transport: Transport?

  /// Starts to serve the listening socket, which it takes over.
  init(
    index: Int, listener: Int32, state: GatewayState, inFlight: InFlightPartition
  ) throws(SystemError) {
    loop = try EventLoop(index: index)
    var limits = ServerLimits()
    limits.maxBodySize = state.snapshot.configuration.server.maxBodyBytes
    let serverLimits = limits
    // Safe: made for this loop and handed over to it here.
    nonisolated(unsafe) let partition = inFlight
    loop.execute { [self] in
      let transport = Transport(loop: loop)
      self.transport = transport
      let responder = GatewayResponder(
        state: state, loop: loop, upstream: Upstream(loop: loop, transport: transport),
        inFlight: partition)
      do {
        server = try Server(loop: loop, listener: listener, limits: serverLimits, responder: responder)
      } catch {
        preconditionFailure("a new loop has room for its first descriptor: \(error)")
      }
    }
  }

  /// Stops accepting; calls `completion` on the loop once every request is answered.
  func drain(completion: @escaping @Sendable () -> Void) {
    loop.execute { [self] in
      guard let server else { return completion() }
      server.drain(completion: completion)
    }
  }

  /// Lets go of what is kept for endpoints that are not called any more.
  func retire(_ endpoints: [Endpoint]) {
    loop.execute { [self] in
      for endpoint in endpoints { transport?.retire(endpoint) }
    }
  }
}
