internal import GatewayTypes
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
/// connects, the messages are written and read here.
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
  private let connector: CurlMultiplexer

  init(loop: EventLoop, connector: CurlMultiplexer) {
    self.loop = loop
    self.connector = connector
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
    connector.connect(to: origin, timeout: min(call.request.endpoint.connectTimeout, left)) { [self] in
      connected($0, origin: origin, for: call)
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
