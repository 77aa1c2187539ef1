internal import Glibc
internal import Reactor

/// Opens the listening sockets of all loops on one address.
package enum ListeningSocket {
  /// Why an address cannot be listened on.
  package struct BindError: Error, CustomStringConvertible {
    package let description: String
  }

  /// Opens `count` sockets on `host`:`port`, among which the kernel spreads new connections
  /// (`SO_REUSEPORT`). Port 0 takes a free one. Returns them and the port.
  package static func open(host: String, port: Int, count: Int) throws(BindError) -> (
    descriptors: [Int32], port: Int
  ) {
    var address = try resolve(host: host, port: port)
    // A socket that does not share its port finds out whether another process serves it: with
    // SO_REUSEPORT alone two gateways of one user would quietly share the requests.
    let probe = try bind(to: address, sharesPort: false)
    if port == 0 { address = boundAddress(of: probe) }
    close(probe)
    var descriptors: [Int32] = []
    for _ in 0..<count {
      let descriptor = try bind(to: address, sharesPort: true)
      guard listen(descriptor, 4_096) == 0 else { throw failure("listen", at: address) }
      descriptors.append(descriptor)
    }
    return (descriptors, address.port)
  }

  private struct Address {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host: String

    var port: Int {
      // The port stands at the same place in sockaddr_in and sockaddr_in6, in network order.
      withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
      withUnsafePointer(to: storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
      }
    }
  }

  private static func resolve(host: String, port: Int) throws(BindError) -> Address {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0, let first = found?.pointee, let source = first.ai_addr else {
      throw BindError(
        description: "the address '\(host)' is not known: \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(found) }
    var address = Address(host: host)
    address.size = first.ai_addrlen
    withUnsafeMutableBytes(of: &address.storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: Int(first.ai_addrlen)))
    }
    return address
  }

  private static func bind(to address: Address, sharesPort: Bool) throws(BindError) -> Int32 {
    let family = Int32(address.storage.ss_family)
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw failure("socket", at: address) }
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if sharesPort { setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, size) }
    guard address.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
      let error = failure("bind", at: address)
      close(descriptor)
      throw error
    }
    // Finding out that another process serves the port takes more than a bind when it has just ended.
    guard sharesPort || listen(descriptor, 1) == 0 else {
      let error = failure("listen", at: address)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func boundAddress(of descriptor: Int32) -> Address {
    var address = Address(host: "")
    withUnsafeMutablePointer(to: &address.storage) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &address.size)
      }
    }
    return address
  }

  private static func failure(_ call: StaticString, at address: Address) -> BindError {
    let code = errno
    let place = "\(address.host):\(address.port)"
    return switch code {
    case EADDRINUSE:
      BindError(description: "another process already serves \(place); stop it, or choose a port with --port")
    case EACCES:
      BindError(
        description:
          "not allowed to serve \(place); ports below 1024 need more rights: choose one with --port")
    case EADDRNOTAVAIL:
      BindError(description: "this machine has no address '\(address.host)'; choose one with --host")
    default:
      BindError(description: "cannot serve \(place): \(SystemError(call, code: code))")
    }
  }
}
