internal import CLinux
internal import Foundation
internal import Synchronization

/// A provider on the loopback address that does with every request what its script says, down to the byte.
///
/// It has a thread for each connection and ends with its last user.
package final class FaultyProvider: Sendable {
  /// A request as it came.
  package struct Request: Sendable {
    /// The request line.
    package let line: String
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]
    /// Which connection it came by, and which request it is, each counted from 0.
    package let connection: Int
    package let index: Int

    package func header(_ name: String) -> String? {
      fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON; null when it is none.
    package var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  }

  package typealias Script = @Sendable (Request) -> ProviderReply

  private let core: Core
  package let port: Int

  /// A provider that does what `script` says.
  package init(_ script: @escaping Script) throws {
    let listener = try Socket.bound()
    guard listen(listener.descriptor, 512) == 0 else { throw Socket.Failure.system("listen", errno: errno) }
    core = Core(script: script)
    port = listener.port
    core.begin(listener)
  }

  /// A provider that does the same with every request.
  package convenience init(always reply: ProviderReply) throws {
    try self.init { _ in reply }
  }

  /// A provider that does one thing after the other; the last one is repeated.
  package convenience init(_ replies: [ProviderReply]) throws {
    try self.init { replies[min($0.index, replies.count - 1)] }
  }

  deinit {
    core.end()
  }

  package var url: String { "http://127.0.0.1:\(port)/v1" }
  /// What has been asked.
  package var requests: [Request] { core.state.withLock { $0.requests } }
  package var connectionCount: Int { core.state.withLock { $0.connectionCount } }
  /// How often the gateway has hung up on a provider that was still to say something.
  package var hangUpCount: Int { core.state.withLock { $0.hangUpCount } }
}

/// What a provider's threads share; they outlive the provider's last use by a moment.
private final class Core: Sendable {
  struct State {
    var requests: [FaultyProvider.Request] = []
    var connectionCount = 0
    var hangUpCount = 0
    var isEnded = false
    /// The listener and the connections, to be shut down at the end.
    var sockets: [Int32: Socket] = [:]
  }

  let state = Mutex(State())
  private let script: FaultyProvider.Script

  init(script: @escaping FaultyProvider.Script) {
    self.script = script
  }

  /// Has the socket ended with the provider. False when the provider has ended already.
  private func adopt(_ socket: Socket) -> Bool {
    state.withLock { state in
      guard !state.isEnded else { return false }
      state.sockets[socket.descriptor] = socket
      return true
    }
  }

  private func release(_ socket: Socket) {
    state.withLock { $0.sockets[socket.descriptor] = nil }
  }

  func end() {
    let sockets = state.withLock { state in
      state.isEnded = true
      defer { state.sockets = [:] }
      return state.sockets.values.map { $0 }
    }
    for socket in sockets { socket.shutDown() }
  }

  func begin(_ listener: Socket) {
    _ = adopt(listener)
    Thread.detachNewThread { [self] in
      while true {
        let descriptor = clinux_accept_nonblocking(listener.descriptor)
        if descriptor < 0 {
          guard errno == EINTR || errno == ECONNABORTED else { return }
          continue
        }
        // accept(2) alone would let a child that starts now inherit the connection.
        _ = fcntl(descriptor, F_SETFL, 0)
        let socket = Socket(owning: descriptor)
        guard adopt(socket) else { return }
        let number = state.withLock { state in
          defer { state.connectionCount += 1 }
          return state.connectionCount
        }
        Thread.detachNewThread { [self] in
          serve(socket, number: number)
          release(socket)
        }
      }
    }
  }

  private func serve(_ socket: Socket, number: Int) {
    var received: [UInt8] = []
    while let (head, body) = try? nextRequest(socket, &received) {
      let request = note(head, body: body, connection: number)
      for step in script(request).steps {
        guard (try? perform(step, on: socket)) == true else { return }
      }
    }
  }

  private func note(_ head: String, body: [UInt8], connection: Int) -> FaultyProvider.Request {
    let lines = head.components(separatedBy: "\r\n")
    let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return state.withLock { state in
      let request = FaultyProvider.Request(
        line: lines[0], fields: fields, body: body, connection: connection, index: state.requests.count)
      state.requests.append(request)
      return request
    }
  }

  /// Nil when the gateway has ended the connection.
  private func nextRequest(_ socket: Socket, _ received: inout [UInt8]) throws -> (String, [UInt8])? {
    let blankLine = Array("\r\n\r\n".utf8)
    var headEnd = received.firstRange(of: blankLine)
    while headEnd == nil {
      let bytes = try socket.receive()
      guard !bytes.isEmpty else { return nil }
      received += bytes
      headEnd = received.firstRange(of: blankLine)
    }
    guard let headEnd else { return nil }
    let head = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self)
    let length =
      head.components(separatedBy: "\r\n")
      .first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
    while received.count < headEnd.upperBound + length {
      let bytes = try socket.receive()
      guard !bytes.isEmpty else { return nil }
      received += bytes
    }
    let body = Array(received[headEnd.upperBound..<(headEnd.upperBound + length)])
    received.removeSubrange(..<(headEnd.upperBound + length))
    return (head, body)
  }

  /// False when the connection is to end.
  private func perform(_ step: ProviderReply.Step, on socket: Socket) throws -> Bool {
    do {
      switch step {
      case .send(let bytes): try socket.send(bytes)
      case .sendRepeatedly(let bytes, let count):
        for _ in 0..<count { try socket.send(bytes) }
      case .drip(let bytes):
        for byte in bytes {
          try socket.send([byte])
          guard !socket.isReadable(within: 5) else { return hungUp() }
        }
      case .wait(let gate): gate.wait()
      case .open(let gate): gate.open()
      case .note(let tell): tell()
      case .silence:
        while try !socket.receive().isEmpty {}
        return hungUp()
      case .end: return false
      case .reset:
        socket.resetOnClose()
        return false
      }
      return true
    } catch {
      return hungUp()
    }
  }

  private func hungUp() -> Bool {
    state.withLock { state in
      // The provider's own end looks the same.
      if !state.isEnded { state.hangUpCount += 1 }
    }
    return false
  }
}
