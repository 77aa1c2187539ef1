internal import GatewayTypes
internal import Glibc
internal import HTTP
internal import Reactor

/// One kept connection to a provider that carries one call after another, HTTP/1.1 by our own hands over
/// the socket that libcurl has connected. Touched on its loop only.
final class ChannelConnection: PollHandler {
  let origin: String
  private let socket: ConnectedSocket
  private unowned let channel: CurlChannel
  private let clock: TransferClock

  private(set) var call: ChannelCall?
  /// What is still to be sent of the request.
  private var unsent: [UInt8] = []
  private var sentCount = 0
  /// Bytes of the answer's head, until it is whole.
  private var received: [UInt8] = []
  private var parser = ResponseParser(maxHeadSize: 0)
  private var head: Transfer.Head?
  private var framing = ResponseFraming.untilClose
  private var keepsAlive = false
  private var decoder = ChunkedDecoder()
  private var remaining = 0
  private var isChunkedBodyComplete = false
  /// Body bytes that a slow reader has no room for.
  private var heldBack: [UInt8] = []
  /// Whether they come in the next turn.
  private var isResuming = false
  private var mayRead = true
  /// Whether the provider has ended its side.
  private var isPeerClosing = false
  /// Whether a byte of the answer has come: until then a kept connection that ends was simply too old.
  private var hasAnswer = false
  /// Calls that this connection has answered.
  private var answeredCount = 0
  private var isClosed = false

  /// Bytes of an answer's header lines.
  private static let maxHeadSize = 65_536

  init(origin: String, socket: ConnectedSocket, channel: CurlChannel) throws(SystemError) {
    self.origin = origin
    self.socket = socket
    self.channel = channel
    clock = TransferClock(loop: channel.loop)
    // Edge-triggered for everything at once, so the kernel is told once a connection, not once a call.
    try channel.loop.register(
      socket.descriptor, for: [.readable, .writable, .peerClosed, .edgeTriggered], handler: self)
    clock.onExpiry = { [unowned self] in end(.failure(.timedOut($0))) }
  }

  var isIdle: Bool { call == nil && !isClosed }

  // MARK: One call

  /// Sends a request. The clock has run since `call.startedAt`.
  func begin(_ call: ChannelCall) {
    self.call = call
    clock.start(call.request.timeouts, now: call.startedAt)
    parser = ResponseParser(maxHeadSize: Self.maxHeadSize)
    head = nil
    hasAnswer = false
    heldBack = []
    received.removeAll(keepingCapacity: true)
    unsent.removeAll(keepingCapacity: true)
    unsent += call.address.head
    unsent.appendDecimal(call.request.body.count)
    unsent.appendStatic("\r\n\r\n")
    unsent += call.request.body
    sentCount = 0
    send()
  }

  private func send() {
    while sentCount < unsent.count {
      let count = unsent.withUnsafeBytes { bytes in
        retryingOnInterrupt {
          Glibc.send(
            socket.descriptor, bytes.baseAddress! + sentCount, bytes.count - sentCount, Int32(MSG_NOSIGNAL))
        }
      }
      if count >= 0 {
        sentCount += count
        continue
      }
      guard errno != EAGAIN else { return }
      // A server may refuse a large request and close before it is all sent: the refusal is read first.
      return receive(afterFailedSend: true)
    }
    // A buffer of a large request is not kept for the next.
    if unsent.capacity > CurlChannel.maxKeptBufferSize { (unsent, sentCount) = ([], 0) }
  }

  func handle(_ events: PollEvents) {
    if events.hasAny(of: .worthReading) || events.hasAny(of: .error) { mayRead = true }
    if events.hasAny(of: .ended) { isPeerClosing = true }
    guard call != nil else {
      // A kept connection that ends, or says something that nobody asked for.
      if mayRead { close() }
      return
    }
    if events.hasAny(of: .writable), sentCount < unsent.count { send() }
    if call != nil, mayRead, heldBack.isEmpty { receive() }
  }

  private func receive(afterFailedSend: Bool = false) {
    let buffer = channel.buffer
    while call != nil, heldBack.isEmpty {
      let count = retryingOnInterrupt { recv(socket.descriptor, buffer.baseAddress, buffer.count, 0) }
      if count > 0 {
        // A short read has emptied the kernel's buffer; new bytes come with a new event.
        // The end of the connection may have come with the same event as the last bytes.
        mayRead = count == buffer.count || isPeerClosing
        accept(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        guard mayRead else { return }
      } else if count < 0, errno == EAGAIN {
        mayRead = false
        if afterFailedSend { peerClosed(isProperly: false) }
        return
      } else {
        // Nothing received is the end of the connection; anything else is a broken one.
        return peerClosed(isProperly: count == 0)
      }
    }
  }

  private func peerClosed(isProperly: Bool) {
    if isProperly, head != nil, case .untilClose = framing { return end(.success(())) }
    // RFC 9112 §9.3.1: it may have closed just as the request was sent.
    if !hasAnswer, answeredCount > 0, let call, !call.isRetry {
      self.call = nil
      close()
      return channel.retry(call)
    }
    end(.failure(.cut))
  }

  // MARK: The answer

  private func accept(_ bytes: UnsafeRawBufferPointer) {
    hasAnswer = true
    guard head == nil else { return acceptBody(bytes) }
    received.append(contentsOf: bytes)
    switch parser.parse(received) {
    case .incomplete: return
    case .malformed: return end(.failure(.malformed))
    case .tooLarge: return end(.failure(.tooLarge))
    case .complete(let answer):
      takeHead(answer)
      let rest = received[answer.end...]
      if rest.isEmpty, !isBodyComplete { return }
      rest.withUnsafeBytes { acceptBody($0) }
    }
  }

  private func takeHead(_ answer: ResponseHead) {
    head = Transfer.Head(
      status: answer.status, contentType: text(answer.value("content-type", in: received)),
      retryAfter: answer.status == 200 ? nil : text(answer.value("retry-after", in: received)))
    framing = answer.framing
    keepsAlive = answer.keepsAlive
    switch framing {
    case .length(let length): remaining = length
    case .chunked: decoder = ChunkedDecoder()
    case .untilClose: break
    }
  }

  private func text(_ value: ArraySlice<UInt8>?) -> String? {
    value.map { String(decoding: $0, as: UTF8.self) }
  }

  private var isBodyComplete: Bool {
    if case .length = framing { return remaining == 0 }
    return false
  }

  /// Takes bytes that follow the head; what comes after the body ends the connection.
  private func acceptBody(_ bytes: UnsafeRawBufferPointer) {
    switch framing {
    case .untilClose: deliver(bytes)
    case .length:
      let taken = min(remaining, bytes.count)
      remaining -= taken
      if taken < bytes.count { keepsAlive = false }
      if taken > 0 { deliver(UnsafeRawBufferPointer(rebasing: bytes[..<taken])) }
      if remaining == 0, heldBack.isEmpty { end(.success(())) }
    case .chunked:
      var body: [UInt8] = []
      let progress = decoder.decode(Array(bytes), from: 0, into: &body)
      body.withUnsafeBytes { if !$0.isEmpty { deliver($0) } }
      switch progress {
      case .incomplete: return
      case .malformed: end(.failure(.malformed))
      case .complete(let next):
        if next < bytes.count { keepsAlive = false }
        isChunkedBodyComplete = true
        if heldBack.isEmpty { end(.success(())) }
      }
    }
  }

  private func deliver(_ bytes: UnsafeRawBufferPointer) {
    guard let call, let head else { return }
    let now = MonotonicTime.now()
    switch call.transfer.accept(bytes, head: { head }, now: now) {
    case .accepted: clock.noteActivity(now: now)
    case .wait:
      heldBack = Array(bytes)
      clock.holdBack()
    case .tooLarge: end(.failure(.tooLarge))
    }
  }

  /// The reader has room again.
  /// The reader has room again. What was held back comes in the next turn: a provider that writes as fast as
  /// its reader reads would else keep the loop from everybody, and from the news that the reader has left.
  func resumeReading() {
    guard !heldBack.isEmpty, !isResuming else { return }
    isResuming = true
    channel.loop.postpone { [self] in
      isResuming = false
      deliverHeldBack()
    }
  }

  private func deliverHeldBack() {
    guard call != nil, !heldBack.isEmpty else { return }
    let bytes = heldBack
    heldBack = []
    clock.resume()
    bytes.withUnsafeBytes { deliver($0) }
    guard call != nil, heldBack.isEmpty else { return }
    if isBodyComplete || isChunkedBodyComplete { return end(.success(())) }
    if mayRead { receive() }
  }

  // MARK: The end

  /// Ends the call; the connection is kept where the answer was whole and said so.
  private func end(_ result: Result<Void, TransferError>) {
    guard let call else { return }
    self.call = nil
    clock.stop()
    answeredCount += 1
    let isWhole = if case .success = result { true } else { false }
    let head = head
    isChunkedBodyComplete = false
    // Bytes that may be left in the kernel's buffer would be taken for the next call's answer.
    if isWhole, keepsAlive, !mayRead, sentCount == unsent.count, !isClosed {
      channel.keep(self)
    } else {
      close()
    }
    channel.ended(call)
    call.transfer.finish(result, head: head)
  }

  /// Ends the call because nobody wants its answer any more.
  func cancel() {
    call = nil
    close()
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    clock.discard()
    channel.loop.deregister(socket.descriptor)
    channel.closed(self)
  }
}
