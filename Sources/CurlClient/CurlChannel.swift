internal import CLibcurl
internal import Dispatch
internal import GatewayTypes
internal import Glibc
internal import Reactor

/// A call on a channel: what was asked, and for whom.
final class ChannelCall {
  let request: TransferRequest
  let address: ChannelAddress
  let transfer: Transfer
  let startedAt: MonotonicTime
  /// Whether it was sent on a kept connection that turned out to have ended.
  var isRetry = false
  /// What it was sent on, until it has ended.
  var connection: ChannelConnection?

  init(request: TransferRequest, address: ChannelAddress, transfer: Transfer, startedAt: MonotonicTime) {
    self.request = request
    self.address = address
    self.transfer = transfer
    self.startedAt = startedAt
  }
}

/// Calls over plain HTTP/1.1 at a third of what a libcurl transfer costs: libcurl looks names up and
/// connects (`CURLOPT_CONNECT_ONLY`), the messages are written and read here.
///
/// https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html
final class CurlChannel: TransferDriver {
  let loop: EventLoop
  /// Where the kernel's bytes arrive, for all connections of the loop.
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: 16)
  private var idle: [String: [ChannelConnection]] = [:]
  private var connections: [ObjectIdentifier: ChannelConnection] = [:]
  private var calls: [ObjectIdentifier: ChannelCall] = [:]

  /// What one recv(2) brings at most.
  private static let readSize = 65_536
  static let maxKeptBufferSize = 262_144
  /// Connections kept to one origin.
  private static let maxIdle = 1_024
  /// Connecting blocks, so it is done beside the loops; libdispatch gives such a queue up to 64 threads.
  private static let connector = DispatchQueue(
    label: "tollgate.connect", qos: .userInitiated, attributes: .concurrent)

  init(loop: EventLoop) {
    self.loop = loop
  }

  deinit {
    buffer.deallocate()
  }

  /// Begins a call.
  func start(_ request: TransferRequest, to address: ChannelAddress) -> Transfer {
    let transfer = Transfer(driver: self, maxBodySize: request.maxBodySize)
    let call = ChannelCall(request: request, address: address, transfer: transfer, startedAt: .now())
    calls[ObjectIdentifier(transfer)] = call
    while let connection = idle[address.origin]?.popLast() {
      guard connection.isIdle else { continue }
      call.connection = connection
      connection.begin(call)
      return transfer
    }
    connect(call)
    return transfer
  }

  /// Sends a call again, on a new connection: the kept one had ended.
  func retry(_ call: ChannelCall) {
    call.isRetry = true
    call.connection = nil
    connect(call)
  }

  private func connect(_ call: ChannelCall) {
    let origin = call.address.origin
    let left = call.request.timeouts.total - (MonotonicTime.now() - call.startedAt)
    let timeout = min(call.request.endpoint.connectTimeout, left)
    // Safe: touched on this loop only, to which the other thread hands the connection back.
    nonisolated(unsafe) let (me, waiting) = (self, call)
    let loop = loop
    Self.connector.async {
      let result = Result { () throws(TransferError) in
        try ConnectedSocket(origin: origin, timeout: timeout)
      }
      loop.execute { me.connected(result, origin: origin, for: waiting) }
    }
  }

  private func connected(
    _ result: Result<ConnectedSocket, TransferError>, origin: String, for call: ChannelCall
  ) {
    let isWanted = calls[ObjectIdentifier(call.transfer)] != nil
    do throws(TransferError) {
      let socket = try result.get()
      guard let connection = try? ChannelConnection(origin: origin, socket: socket, channel: self) else {
        throw .connectionFailed("the system has no room for another connection")
      }
      connections[ObjectIdentifier(connection)] = connection
      guard isWanted else { return keep(connection) }
      call.connection = connection
      connection.begin(call)
    } catch {
      guard isWanted else { return }
      ended(call)
      call.transfer.finish(.failure(error))
    }
  }

  // MARK: For connections

  func keep(_ connection: ChannelConnection) {
    guard idle[connection.origin, default: []].count < Self.maxIdle else { return connection.close() }
    idle[connection.origin, default: []].append(connection)
  }

  func closed(_ connection: ChannelConnection) {
    connections[ObjectIdentifier(connection)] = nil
    idle[connection.origin]?.removeAll { $0 === connection }
  }

  func ended(_ call: ChannelCall) {
    call.connection = nil
    calls[ObjectIdentifier(call.transfer)] = nil
  }

  // MARK: For transfers

  func cancel(_ transfer: Transfer) {
    guard let call = calls.removeValue(forKey: ObjectIdentifier(transfer)) else { return }
    let connection = call.connection
    call.connection = nil
    connection?.cancel()
  }

  func resumeReading(_ transfer: Transfer) {
    calls[ObjectIdentifier(transfer)]?.connection?.resumeReading()
  }
}

/// The socket that libcurl has connected. Made on any thread, then used on one loop.
///
/// The socket alone is kept: libcurl's handle for it takes 13 kB, which would be a fifth of all that a
/// stream needs, and its reads and writes are recv(2) and send(2) with a detour.
final class ConnectedSocket: Sendable {
  private let owned: FileDescriptor
  var descriptor: Int32 { owned.number }

  /// Connects, which blocks for at most `timeout`.
  init(origin: String, timeout: Duration) throws(TransferError) {
    CurlMultiplexer.initializeOnce
    guard let easy = curl_easy_init() else {
      throw .connectionFailed("libcurl has no memory for another call")
    }
    defer { curl_easy_cleanup(easy) }
    _ = shim_setopt_string(easy, CURLOPT_URL, origin)
    _ = shim_setopt_long(easy, CURLOPT_CONNECT_ONLY, 1)
    _ = shim_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
    _ = shim_setopt_string(easy, CURLOPT_PROXY, "")
    _ = shim_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, timeout.wholeMilliseconds))
    let code = curl_easy_perform(easy)
    var connected: curl_socket_t = -1
    _ = shim_getinfo_socket(easy, CURLINFO_ACTIVESOCKET, &connected)
    guard code == CURLE_OK, connected >= 0 else {
      throw TransferError(code) ?? .connectionFailed("there is no connection")
    }
    // The handle closes its own descriptor, which leaves the connection to the other one.
    let descriptor = fcntl(connected, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw .connectionFailed("the system has no room for another connection")
    }
    owned = FileDescriptor(owning: descriptor)
  }
}
