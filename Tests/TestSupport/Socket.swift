internal import Foundation

/// A blocking TCP socket on the loopback address, closed with its last user.
final class Socket: Sendable {
  let descriptor: Int32

  enum Failure: Error {
    case system(String, errno: Int32)
    case timedOut
    /// The other side has cut the connection.
    case cut
  }

  /// Takes over `descriptor`.
  init(owning descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit {
    close(descriptor)
  }

  private static func make() throws -> Socket {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure.system("socket", errno: errno) }
    return Socket(owning: descriptor)
  }

  /// A socket bound to a free port, which it keeps: as long as it does not listen, a connection is refused.
  static func bound() throws -> Socket {
    let socket = try make()
    let status = withAddress(port: 0) { bind(socket.descriptor, $0, $1) }
    guard status == 0 else { throw Failure.system("bind", errno: errno) }
    return socket
  }

  static func connected(to port: Int) throws -> Socket {
    let socket = try make()
    var limit = timeval(tv_sec: Int(patience), tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(socket.descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    let status = withAddress(port: port) { connect(socket.descriptor, $0, $1) }
    guard status == 0 else { throw Failure.system("connect", errno: errno) }
    return socket
  }

  private static func withAddress(
    port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  var port: Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// Sends all of `bytes`.
  func send(_ bytes: some Collection<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw errno == EAGAIN ? Failure.timedOut : Failure.cut
      }
      sent += count
    }
  }

  /// Waits for bytes; empty when the other side has ended.
  func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count >= 0 { return Array(buffer[..<count]) }
      if errno == EINTR { continue }
      throw errno == EAGAIN ? Failure.timedOut : Failure.cut
    }
  }

  /// Whether bytes, or the end, are there to be received within `milliseconds`.
  func isReadable(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// Says that nothing more will be sent.
  func endSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Ends both directions; whoever waits for bytes on another thread gets the end.
  func shutDown() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Has the connection reset rather than ended in order when it is closed.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}

/// A port of the loopback address at which nobody answers, as long as this lives.
package final class UnusedPort: Sendable {
  private let socket: Socket

  package init() throws {
    socket = try Socket.bound()
  }

  package var number: Int { socket.port }
}
