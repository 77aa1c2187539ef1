import GatewayTypes
import Glibc
import Reactor

/// One connection that asks for stream after stream and counts the events.
///
/// It takes nothing apart: an event ends with an empty line, and a whole body with the last chunk of the
/// chunked coding. So it costs little beside the server that is measured.
final class StreamClient: PollHandler {
  private unowned let load: Load
  private var descriptor: Int32 = -1
  private var isConnected = false
  private var isFirstStream = true
  private var sentAt = MonotonicTime(nanoseconds: 0)
  /// Events of the stream so far.
  private var eventCount = 0
  private var hasHead = false
  private var isGood = true
  /// The last bytes received, the newest lowest.
  private var tail: UInt64 = 0

  /// The end of a chunk and the last chunk of a body: CR LF `0` CR LF CR LF.
  private static let bodyEnd: UInt64 = 0x0D_0A_30_0D_0A_0D_0A
  private static let bodyEndMask: UInt64 = 0xFF_FF_FF_FF_FF_FF_FF

  init(load: Load) {
    self.load = load
  }

  func connect() {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { fatalError("no descriptor for another connection") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(load.port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    isConnected = false
    do {
      try load.loop.register(
        descriptor, for: [.readable, .writable, .peerClosed, .edgeTriggered], handler: self)
    } catch {
      fatalError("cannot watch a connection: \(error)")
    }
  }

  func handle(_ events: PollEvents) {
    if !isConnected {
      guard !events.hasAny(of: .ended), !events.hasAny(of: .error) else { return fail() }
      guard events.hasAny(of: .writable) else { return }
      isConnected = true
      ask()
    }
    if events.hasAny(of: .worthReading) { receive() }
  }

  private func ask() {
    eventCount = 0
    hasHead = false
    isGood = true
    tail = 0
    sentAt = .now()
    // A request is far smaller than an empty socket's buffer.
    let count = load.request.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count != load.request.count { fail() }
  }

  private func receive() {
    while true {
      let count = recv(descriptor, load.buffer.baseAddress, load.buffer.count, 0)
      if count > 0 {
        accept(UnsafeRawBufferPointer(rebasing: load.buffer[..<count]))
        if count < load.buffer.count { return }
      } else if count < 0, errno == EAGAIN {
        return
      } else {
        return fail()
      }
    }
  }

  private func accept(_ bytes: UnsafeRawBufferPointer) {
    if !hasHead {
      hasHead = true
      isGood = bytes.starts(with: "HTTP/1.1 200".utf8)
    }
    let before = eventCount
    var previous = UInt8(truncatingIfNeeded: tail)
    for byte in bytes {
      if byte == UInt8(ascii: "\n"), previous == byte { eventCount += 1 }
      previous = byte
    }
    for byte in bytes.suffix(8) { tail = tail << 8 | UInt64(byte) }
    load.count(events: eventCount - before)
    // The first event has the role, the second the first text.
    if before < 2, eventCount >= 2 {
      load.firstToken(sentAt: sentAt, isFirstStream: isFirstStream)
      isFirstStream = false
    }
    guard tail & Self.bodyEndMask == Self.bodyEnd else { return }
    load.ended(isGood: isGood && eventCount == load.eventCount)
    ask()
  }

  /// A stream that did not come to its end: counted, and begun anew on another connection.
  private func fail() {
    load.ended(isGood: false)
    load.loop.deregister(descriptor)
    close(descriptor)
    let again = LoopTimer { [unowned self] in connect() }
    retry = again
    load.loop.set(again, to: .now() + .milliseconds(100))
  }

  private var retry: LoopTimer?
}
