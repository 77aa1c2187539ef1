internal import CLibcurl
internal import GatewayTypes
internal import Glibc
internal import Reactor

/// Runs all calls of one loop through one libcurl multi handle, whose sockets stand in the loop's own
/// epoll set. Touched on its loop only.
///
/// https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket"
final class CurlMultiplexer {
  let loop: EventLoop
  private let multi: UnsafeMutableRawPointer
  private var sockets: CurlSockets
  private var timer: LoopTimer?
  private var nudgeTimer: LoopTimer?
  private var idleHandles: [ObjectIdentifier: [EasyHandle]] = [:]
  private var activeHandles: [ObjectIdentifier: EasyHandle] = [:]
  /// Connections that are being made for others, by libcurl's handle.
  private var connecting: [UnsafeMutableRawPointer: ConnectingHandle] = [:]
  private var isInsideLibcurl = false
  /// libcurl wants to be called at once.
  private var isDue = false

  /// Above the highest concurrency, or nearly every call connects anew: libcurl closes the connection
  /// it would have kept.
  private static let maxKeptConnections = 4_096
  /// Handles kept for one endpoint; each holds about 20 kB.
  private static let maxIdleHandles = 512
  /// How long a cancelled call may wait for others that are cancelled too.
  private static let nudgeDelay: Duration = .milliseconds(2)

  init(loop: EventLoop) {
    Self.initializeOnce
    guard let multi = curl_multi_init() else {
      preconditionFailure("libcurl has no memory for a multi handle")
    }
    self.loop = loop
    self.multi = multi
    sockets = CurlSockets(loop: loop)
    timer = LoopTimer { [weak self] in self?.act(on: CURL_SOCKET_TIMEOUT, 0) }
    nudgeTimer = LoopTimer { [weak self] in self?.nudge() }
    setOptions()
    sockets.onReady = { [weak self] descriptor, events in self?.act(on: descriptor, events) }
  }

  /// curl_global_init(3) is called once a process, before anything else.
  static let initializeOnce: Void = {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }()

  deinit {
    curl_multi_cleanup(multi)
  }

  private func setOptions() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = shim_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, Self.maxKeptConnections)
    _ = shim_multi_setopt_pointer(multi, CURLMOPT_SOCKETDATA, Unmanaged.passUnretained(sockets).toOpaque())
    _ = shim_multi_setopt_socket(multi) { handle, descriptor, wish, context, _ in
      guard let context else { return 0 }
      let mayHaveMore = EasyHandle.of(handle)?.mayHaveMore ?? true
      Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().watch(
        descriptor, for: wish, mayHaveMore: mayHaveMore)
      return 0
    }
    _ = shim_multi_setopt_pointer(multi, CURLMOPT_TIMERDATA, me)
    _ = shim_multi_setopt_timer(multi) { _, milliseconds, context in
      guard let context else { return 0 }
      Unmanaged<CurlMultiplexer>.fromOpaque(context).takeUnretainedValue().setTimer(
        milliseconds: milliseconds)
      return 0
    }
  }

  func setSocketCallbacks(of handle: UnsafeMutableRawPointer) {
    sockets.setCallbacks(of: handle)
  }

  // MARK: Calls

  /// Begins a call.
  func start(_ request: TransferRequest) -> Transfer {
    loop.preconditionOnLoop()
    let transfer = Transfer(driver: self, maxBodySize: request.maxBodySize)
    do throws(TransferError) {
      let easy = try idleHandle(for: request.endpoint)
      easy.prepare(request, for: transfer, now: .now())
      activeHandles[ObjectIdentifier(transfer)] = easy
      isInsideLibcurl = true
      curl_multi_add_handle(multi, easy.handle)
      isInsideLibcurl = false
      // libcurl asks to be called at once; doing it here saves a turn of the loop.
      act(on: CURL_SOCKET_TIMEOUT, 0)
    } catch {
      transfer.finish(.failure(error))
    }
    return transfer
  }

  private func idleHandle(for endpoint: Endpoint) throws(TransferError) -> EasyHandle {
    if let easy = idleHandles[ObjectIdentifier(endpoint)]?.popLast() { return easy }
    return try EasyHandle(endpoint: endpoint, multiplexer: self)
  }

  /// Takes a call out of libcurl before its end. Its connection goes with it, or is told where other calls
  /// are on it.
  func abandon(_ easy: EasyHandle) {
    guard let transfer = easy.transfer else { return }
    activeHandles[ObjectIdentifier(transfer)] = nil
    easy.leaveConnection()
    putBack(easy)
  }

  /// A call has left a connection that may be HTTP/2 and have other calls on it.
  ///
  /// The frame that cancels it leaves before those calls' next ones. That need not be soon: they are asked
  /// to send something, once for all that leave within a moment.
  func noteCancellation() {
    if let nudgeTimer, nudgeTimer.deadline == .distantFuture {
      loop.set(nudgeTimer, to: .now() + Self.nudgeDelay)
    }
  }

  private func nudge() {
    for easy in activeHandles.values { easy.nudge() }
    act(on: CURL_SOCKET_TIMEOUT, 0)
  }

  private func putBack(_ easy: EasyHandle) {
    isInsideLibcurl = true
    curl_multi_remove_handle(multi, easy.handle)
    isInsideLibcurl = false
    easy.release()
    let key = ObjectIdentifier(easy.endpoint)
    guard idleHandles[key, default: []].count < Self.maxIdleHandles else { return easy.discard() }
    idleHandles[key, default: []].append(easy)
  }

  /// Forgets the handles kept for `endpoint`, which is no longer called.
  func retire(_ endpoint: Endpoint) {
    loop.preconditionOnLoop()
    for easy in idleHandles.removeValue(forKey: ObjectIdentifier(endpoint)) ?? [] { easy.discard() }
  }

  // MARK: Connections for others

  /// Looks up `origin` and connects to it, within `timeout`. `completion` is called on the loop, perhaps before this
  /// returns.
  func connect(
    to origin: String, timeout: Duration,
    completion: @escaping (Result<ConnectedSocket, TransferError>) -> Void
  ) {
    do throws(TransferError) {
      let handle = try ConnectingHandle(origin: origin, timeout: timeout, completion: completion)
      connecting[handle.handle] = handle
      setSocketCallbacks(of: handle.handle)
      isInsideLibcurl = true
      curl_multi_add_handle(multi, handle.handle)
      isInsideLibcurl = false
      act(on: CURL_SOCKET_TIMEOUT, 0)
    } catch {
      completion(.failure(error))
    }
  }

  private func finish(_ connecting: ConnectingHandle, result: CURLcode) {
    let socket = Result { () throws(TransferError) in
      if let error = TransferError(result) { throw error }
      return try ConnectedSocket(of: connecting)
    }
    isInsideLibcurl = true
    curl_multi_remove_handle(multi, connecting.handle)
    isInsideLibcurl = false
    connecting.completion(socket)
  }

  // MARK: Driving libcurl

  private func setTimer(milliseconds: Int) {
    if milliseconds == 0, isInsideLibcurl {
      isDue = true
    } else if let timer {
      loop.set(timer, to: milliseconds < 0 ? .distantFuture : .now() + .milliseconds(milliseconds))
    }
  }

  /// Tells libcurl that a socket is ready, or that its time has come, until it has nothing urgent left.
  private func act(on descriptor: curl_socket_t, _ events: Int32) {
    var running: Int32 = 0
    isInsideLibcurl = true
    isDue = false
    curl_multi_socket_action(multi, descriptor, events, &running)
    // A bound, so that a libcurl that always finds something urgent cannot hold the loop.
    var rounds = 0
    while isDue, rounds < 8 {
      isDue = false
      rounds += 1
      curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }
    isInsideLibcurl = false
    if isDue, let timer { loop.set(timer, to: .now()) }
    if Int(running) < activeHandles.count + connecting.count { collectFinished() }
  }

  private func collectFinished() {
    var remaining: Int32 = 0
    while let message = curl_multi_info_read(multi, &remaining)?.pointee {
      guard message.msg == CURLMSG_DONE, let handle = message.easy_handle else { continue }
      if let connecting = connecting.removeValue(forKey: handle) {
        finish(connecting, result: message.data.result)
      } else if let easy = EasyHandle.of(handle) {
        finish(easy, result: message.data.result)
      }
    }
  }

  private func finish(_ easy: EasyHandle, result: CURLcode) {
    guard let transfer = easy.transfer else { return }
    let error = TransferError(result)
    let head = error == nil && transfer.head == nil ? easy.responseHead() : nil
    activeHandles[ObjectIdentifier(transfer)] = nil
    putBack(easy)
    transfer.finish(error.map { .failure($0) } ?? .success(()), head: head)
  }
}

extension CurlMultiplexer: TransferDriver {
  func cancel(_ transfer: Transfer) {
    if let easy = activeHandles[ObjectIdentifier(transfer)] { abandon(easy) }
  }

  func resumeReading(_ transfer: Transfer) {
    guard let easy = activeHandles[ObjectIdentifier(transfer)] else { return }
    easy.resumeReading()
  }
}
