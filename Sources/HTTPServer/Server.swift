internal import CLinux
internal import GatewayTypes
internal import Glibc
package import Reactor

/// The server of one loop: accepts connections and keeps track of them. Touched on its loop only.
package final class Server: PollHandler {
  package let loop: EventLoop
  let limits: ServerLimits
  let responder: any RequestResponder
  let buffers = LoopBuffers()
  let tasks: ServingTasks
  private var listener: FileDescriptor?
  private var connections: [ObjectIdentifier: Connection] = [:]
  private var retryTimer: LoopTimer?
  private var drainedHandler: (() -> Void)?

  /// How long to leave new connections waiting when descriptors have run out.
  private static let acceptRetryDelay: Duration = .milliseconds(100)

  /// Begins to accept connections from `listener`, a listening non-blocking socket that it takes over.
  package init(
    loop: EventLoop, listener: Int32, limits: ServerLimits, responder: any RequestResponder
  ) throws(SystemError) {
    self.loop = loop
    self.limits = limits
    self.responder = responder
    self.listener = FileDescriptor(owning: listener)
    tasks = ServingTasks(loop: loop)
    retryTimer = LoopTimer { [weak self] in self?.acceptAll() }
    try loop.register(listener, for: [.readable, .edgeTriggered], handler: self)
  }

  /// Connections open now.
  package var connectionCount: Int { connections.count }

  package func handle(_ events: PollEvents) {
    acceptAll()
  }

  private func acceptAll() {
    while let listener = listener?.number {
      guard connections.count < limits.maxConnections else { return }
      let descriptor = retryingOnInterrupt { Int(clinux_accept_nonblocking(listener)) }
      if descriptor >= 0 {
        serve(FileDescriptor(owning: Int32(descriptor)))
        continue
      }
      switch errno {
      case ECONNABORTED, EPROTO: continue
      case EAGAIN: return
      default:
        // Out of descriptors or memory: what is open goes on, and a free place is looked for soon.
        if let retryTimer { loop.set(retryTimer, to: .now() + Self.acceptRetryDelay) }
        return
      }
    }
  }

  private func serve(_ descriptor: consuming FileDescriptor) {
    var on: Int32 = 1
    setsockopt(descriptor.number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    let connection = Connection(descriptor: descriptor, server: self)
    connections[ObjectIdentifier(connection)] = connection
    connection.begin()
  }

  func ended(_ connection: Connection) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.count == limits.maxConnections - 1 { acceptAll() }
    if connections.isEmpty { tellDrained() }
  }

  /// Stops accepting, closes idle connections, and calls `completion` once the busy ones are answered.
  package func drain(completion: @escaping () -> Void) {
    drainedHandler = completion
    if let listener = listener?.number { loop.deregister(listener) }
    listener = nil
    for connection in connections.values { connection.drain() }
    if connections.isEmpty { tellDrained() }
  }

  private func tellDrained() {
    guard listener == nil else { return }
    tasks.end()
    let handler = drainedHandler
    drainedHandler = nil
    handler?()
  }
}
