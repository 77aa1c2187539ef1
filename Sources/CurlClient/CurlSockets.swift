internal import CLibcurl
internal import Glibc
internal import Reactor

/// libcurl's sockets in the loop's epoll set, with as few calls into the kernel as can be.
///
/// libcurl says REMOVE after every answer and asks for the same again with the next call on that
/// connection. So a socket stays in the set until it is closed; only when it becomes ready while nobody
/// wants it is it taken out and ended.
final class CurlSockets {
  private struct Watch {
    /// What epoll was asked for; empty while the socket is not in the set.
    var registered: PollEvents = []
    /// What libcurl wants now.
    var wanted: PollEvents = []
    /// Whether it is a connection, or is to become one; not so the pair that libcurl wakes itself with after a
    /// name was looked up.
    var isConnection = false
    /// Whether libcurl tells when it closes the socket. Of a connection it does once it reads from it: those that
    /// are given up while they are being made it closes without a word (7.88 does).
    var tellsClose = false
    /// Whether bytes that nobody wants now are to wait, rather than a sign that the connection is spoilt.
    var mayHaveMore = false
    var handler: SocketEvents?
  }

  private unowned let loop: EventLoop
  private var watches: [Watch] = []
  /// Called with a descriptor and `CURL_CSELECT_…` bits.
  var onReady: ((Int32, Int32) -> Void)?

  init(loop: EventLoop) {
    self.loop = loop
  }

  func setCallbacks(of handle: UnsafeMutableRawPointer) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = shim_setopt_pointer(handle, CURLOPT_OPENSOCKETDATA, me)
    _ = shim_setopt_opensocket(handle) { context, _, address in
      guard let context, let address else { return CURL_SOCKET_BAD }
      let descriptor = socket(
        address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
        address.pointee.protocol)
      guard descriptor >= 0 else { return CURL_SOCKET_BAD }
      Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().opened(descriptor)
      return descriptor
    }
    _ = shim_setopt_pointer(handle, CURLOPT_CLOSESOCKETDATA, me)
    _ = shim_setopt_closesocket(handle) { context, descriptor in
      if let context { Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().closing(descriptor) }
      return close(descriptor)
    }
  }

  private func makeRoom(for descriptor: Int32) {
    while watches.count <= Int(descriptor) { watches.append(Watch()) }
  }

  private func opened(_ descriptor: Int32) {
    makeRoom(for: descriptor)
    let wanted = watches[Int(descriptor)].wanted
    forget(descriptor)
    watches[Int(descriptor)] = Watch(isConnection: true)
    // One before it had this number, was closed without a word, and is not known to be gone: libcurl will not say
    // that it wants the same of this one.
    if !wanted.isEmpty { watch(descriptor, for: wanted) }
  }

  private func closing(_ descriptor: Int32) {
    makeRoom(for: descriptor)
    forget(descriptor)
    watches[Int(descriptor)] = Watch()
  }

  private func forget(_ descriptor: Int32) {
    guard !watches[Int(descriptor)].registered.isEmpty else { return }
    // Outside a turn only when the loop has stopped and libcurl is cleaned up: nothing to forget then.
    if loop.isCurrent { loop.deregister(descriptor) }
    watches[Int(descriptor)].registered = []
  }

  /// Notes what libcurl wants of a socket: one of `CURL_POLL_…`. When it wants nothing, `mayHaveMore` tells
  /// whether bytes that come then belong to a call that is held back.
  func watch(_ descriptor: Int32, for wish: Int32, mayHaveMore: Bool) {
    makeRoom(for: descriptor)
    let wanted: PollEvents =
      switch wish {
      case CURL_POLL_IN: .readable
      case CURL_POLL_OUT: .writable
      case CURL_POLL_INOUT: [.readable, .writable]
      default: []
      }
    watches[Int(descriptor)].mayHaveMore = mayHaveMore
    watch(descriptor, for: wanted)
  }

  private func watch(_ descriptor: Int32, for wanted: PollEvents) {
    let index = Int(descriptor)
    watches[index].wanted = wanted
    if watches[index].isConnection, wanted.hasAny(of: .readable) { watches[index].tellsClose = true }
    if wanted.isEmpty {
      if !watches[index].tellsClose { forget(descriptor) }
      return
    }
    guard wanted != watches[index].registered else { return }
    register(descriptor, for: wanted)
  }

  private func register(_ descriptor: Int32, for events: PollEvents) {
    let index = Int(descriptor)
    do {
      if watches[index].registered.isEmpty {
        let handler = watches[index].handler ?? SocketEvents(descriptor: descriptor, sockets: self)
        watches[index].handler = handler
        try loop.register(descriptor, for: events, handler: handler)
      } else {
        try loop.change(descriptor, to: events)
      }
      watches[index].registered = events
    } catch {
      // No memory for epoll: the call ends by its timeout.
      watches[index].registered = []
    }
  }

  /// Ends a kept connection that became ready while no call is on it.
  ///
  /// Either the peer has closed it, or it has said something that nobody asked for, such as the 408 that
  /// many servers send before they close. libcurl (7.88 does) would use such a connection again and take
  /// those bytes for the next call's answer. Once it is shut down and empty, libcurl finds it dead and
  /// connects anew.
  private func end(_ descriptor: Int32) {
    forget(descriptor)
    guard watches[Int(descriptor)].tellsClose else { return }
    shutdown(descriptor, Int32(SHUT_RDWR))
    // What has arrived stays readable after that. Bounded, so that no peer can hold the loop.
    var scratch = [UInt8](repeating: 0, count: 4_096)
    for _ in 0..<64 {
      guard recv(descriptor, &scratch, scratch.count, Int32(MSG_DONTWAIT)) > 0 else { return }
    }
  }

  fileprivate func ready(_ descriptor: Int32, _ events: PollEvents) {
    let wanted = watches[Int(descriptor)].wanted
    guard !wanted.isEmpty else {
      // A socket that is merely writable is as it should be. What waits there for a reader that is slow
      // would be announced over and over.
      let isSound = events == .writable || watches[Int(descriptor)].mayHaveMore
      return isSound ? forget(descriptor) : end(descriptor)
    }
    var bits: Int32 = 0
    if events.hasAny(of: .worthReading) { bits |= CURL_CSELECT_IN }
    if events.hasAny(of: .writable) { bits |= CURL_CSELECT_OUT }
    if events.hasAny(of: .error) { bits |= CURL_CSELECT_ERR }
    onReady?(descriptor, bits)
  }
}

/// Passes one socket's events on.
private final class SocketEvents: PollHandler {
  private let descriptor: Int32
  private unowned let sockets: CurlSockets

  init(descriptor: Int32, sockets: CurlSockets) {
    self.descriptor = descriptor
    self.sockets = sockets
  }

  func handle(_ events: PollEvents) {
    sockets.ready(descriptor, events)
  }
}
