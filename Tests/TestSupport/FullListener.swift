internal import Glibc

/// A listener on the loopback address that takes nobody on: its queue is full, so connecting to it takes for ever.
package final class FullListener: Sendable {
  package let port: Int
  private let sockets: [Socket]

  package init() throws {
    let listener = try Socket.bound()
    // Room for one, who is here already.
    guard listen(listener.descriptor, 0) == 0 else { throw Socket.Failure.system("listen", errno: errno) }
    port = listener.port
    sockets = [listener, try Socket.connected(to: listener.port)]
  }
}
