internal import GatewayTypes
internal import Glibc
internal import HTTP
internal import Reactor

/// One client's connection: reads requests, has them answered one after another, and writes the answers.
///
/// While it has something to do, it is one task on its loop. It waits for at most one thing at a time, so
/// one continuation and one timer serve every wait. Between two requests it has no task: see `ServingTasks`.
final class Connection: PollHandler {
  enum Wake { case ready, timedOut }
  private enum Interest { case read, write }

  let loop: EventLoop
  let limits: ServerLimits
  let buffers: LoopBuffers
  let responder: any RequestResponder
  private let descriptor: FileDescriptor
  private weak var server: Server?

  /// Bytes received and not yet part of an answered request.
  var received: [UInt8] = []
  /// Whether the kernel may hold more bytes: a read is tried only then.
  private var mayRead = true
  private var waiter: (continuation: UnsafeContinuation<Wake, Never>, interest: Interest)?
  /// Whether it waits for the next request, without a task.
  private var isIdle = false
  private var timer: LoopTimer?
  private var isDraining = false
  /// Whether the client has hung up; a half-closed connection counts, as it does for most proxies.
  private(set) var isPeerGone = false
  /// Called once when the client hangs up while its request is being answered.
  private var peerGoneHandler: (() -> Void)?

  /// Takes over `descriptor`, a connected non-blocking socket. On the loop.
  init(descriptor: consuming FileDescriptor, server: Server) {
    self.descriptor = descriptor
    self.server = server
    loop = server.loop
    limits = server.limits
    buffers = server.buffers
    responder = server.responder
    timer = LoopTimer { [weak self] in self?.timerFired() }
  }

  /// Begins to wait for the first request.
  func begin() {
    do {
      // Edge-triggered for everything at once, so the kernel is told once a connection, not once a wait.
      try loop.register(
        descriptor.number, for: [.readable, .writable, .peerClosed, .edgeTriggered], handler: self)
      becomeIdle()
    } catch {
      // The system has no room for one more; there is nobody to tell.
      close()
    }
  }

  private func becomeIdle() {
    isIdle = true
    if let timer { loop.set(timer, to: .now() + limits.keepAliveTimeout) }
  }

  /// Serves requests for as long as there are any; then the connection is idle again, or closed.
  func serve() async {
    do {
      while try isRequestWaiting() {
        guard try await serveOne() else { return close() }
      }
    } catch {
      // The client is gone, silent for too long, or out of step; there is nobody left to tell.
      return close()
    }
    isDraining ? close() : becomeIdle()
  }

  /// Whether there are bytes of a next request, from the last read or a new one.
  private func isRequestWaiting() throws(ConnectionError) -> Bool {
    guard received.isEmpty else { return true }
    switch try receive() {
    case .bytes: return true
    case .nothingYet: return false
    case .end: throw .gone
    }
  }

  private func close() {
    isIdle = false
    loop.deregister(descriptor.number)
    if let timer { loop.discard(timer) }
    timer = nil
    server?.ended(self)
  }

  /// Reads and answers one request. False when no other may follow.
  private func serveOne() async throws(ConnectionError) -> Bool {
    let request: ServerRequest
    do {
      request = try await nextRequest()
    } catch .refused(let error) {
      try await refuse(error)
      return false
    }
    let writer = ResponseWriter(connection: self, request: request.head)
    await responder.respond(to: request, writer: writer)
    peerGoneHandler = nil
    precondition(writer.state.isFinished || isPeerGone, "a handler answers its request before it returns")
    return request.head.keepsAlive && !isDraining && !writer.state.mustClose && !isPeerGone
  }

  /// Answers what could not be read, and lets the client read the answer before the connection goes.
  private func refuse(_ error: RequestError) async throws(ConnectionError) {
    var head = RequestHead()
    head.keepsAlive = false
    let writer = ResponseWriter(connection: self, request: head)
    await writer.send(responder.response(to: error))
    shutdown(descriptor.number, Int32(SHUT_WR))
    let deadline = MonotonicTime.now() + limits.lingerTimeout
    while true {
      switch try receive() {
      case .bytes: received = []
      case .end: return
      case .nothingYet:
        guard case .ready = try await wait(.read, until: deadline) else { return }
      }
      guard MonotonicTime.now() < deadline else { return }
    }
  }

  // MARK: Waiting

  func handle(_ events: PollEvents) {
    if events.hasAny(of: .worthReading) { mayRead = true }
    if events.hasAny(of: .ended) { notePeerGone() }
    if isIdle, mayRead {
      isIdle = false
      server?.tasks.serve(self)
      return
    }
    guard let waiter else { return }
    let isReady =
      switch waiter.interest {
      case .read: mayRead
      case .write: events.hasAny(of: .writable) || isPeerGone
      }
    if isReady { resume(.ready) }
  }

  /// The client has hung up, as epoll says or a write that failed.
  func notePeerGone() {
    guard !isPeerGone else { return }
    isPeerGone = true
    let handler = peerGoneHandler
    peerGoneHandler = nil
    handler?()
  }

  private func timerFired() {
    if isIdle { return close() }
    if waiter != nil { resume(.timedOut) }
  }

  /// Tells a connection that the server ends: it goes at once when it is idle, else after its answer.
  func drain() {
    isDraining = true
    if isIdle { close() }
  }

  private func resume(_ wake: Wake) {
    guard let waiter else { return }
    self.waiter = nil
    waiter.continuation.resume(returning: wake)
  }

  private func wait(_ interest: Interest, until deadline: MonotonicTime) async throws(ConnectionError) -> Wake
  {
    if let timer { loop.set(timer, to: deadline) }
    return await withUnsafeContinuation { continuation in
      precondition(waiter == nil, "a connection waits for one thing at a time")
      waiter = (continuation, interest)
    }
  }

  /// Has `handler` called, once, if the client hangs up before its answer is complete.
  func onPeerGone(_ handler: (() -> Void)?) {
    if isPeerGone, let handler { return handler() }
    peerGoneHandler = handler
  }

  // MARK: Bytes

  private enum Received { case bytes, nothingYet, end }

  /// Takes what the kernel has into `received`, without waiting.
  private func receive() throws(ConnectionError) -> Received {
    guard mayRead else { return .nothingYet }
    let count = retryingOnInterrupt {
      recv(descriptor.number, buffers.input.baseAddress, buffers.input.count, 0)
    }
    if count > 0 {
      // A short read has emptied the kernel's buffer; new bytes come with a new event.
      mayRead = count == buffers.input.count || isPeerGone
      received.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffers.input[..<count]))
      return .bytes
    }
    if count == 0 { return .end }
    guard errno == EAGAIN else { throw .gone }
    mayRead = false
    return .nothingYet
  }

  /// Waits for more bytes. False when the client has ended.
  func fill(until deadline: MonotonicTime) async throws(ConnectionError) -> Bool {
    while true {
      switch try receive() {
      case .bytes: return true
      case .end: return false
      case .nothingYet: break
      }
      switch try await wait(.read, until: deadline) {
      case .ready: break
      case .timedOut: throw .timedOut
      }
    }
  }

  /// Writes all of `bytes`; waits while the client reads slowly.
  func write(_ bytes: [UInt8], moreFollows: Bool = false) async throws(ConnectionError) {
    var written = 0
    let flags = Int32(MSG_NOSIGNAL) | (moreFollows ? Int32(MSG_MORE) : 0)
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        retryingOnInterrupt {
          send(descriptor.number, buffer.baseAddress! + written, buffer.count - written, flags)
        }
      }
      if count >= 0 {
        written += count
        continue
      }
      guard errno == EAGAIN else { throw .gone }
      switch try await wait(.write, until: .now() + limits.writeTimeout) {
      case .ready: break
      case .timedOut: throw .timedOut
      }
    }
  }

  /// Whether this is the last answer of the connection, whatever the client wishes.
  var closesAfterAnswer: Bool { isDraining }
}

/// Why a connection cannot go on.
enum ConnectionError: Error {
  case gone
  case timedOut
  case refused(RequestError)
}
