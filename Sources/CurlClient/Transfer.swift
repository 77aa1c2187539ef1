package import GatewayTypes
internal import Reactor

/// One call to a provider under way: the request went in, the answer comes out, and `cancel` ends it.
///
/// This is all that the rest of the house sees of a transport. It belongs to the loop that started it.
/// Whoever starts one takes its answer to the end or cancels it.
package final class Transfer {
  /// Status and the few header fields that decisions hang on.
  package struct Head: Sendable, Hashable {
    package var status: Int
    package var contentType: String?
    package var retryAfter: String?
  }

  private enum Want { case bytes, end }

  /// Known from the first body byte, or the end, on.
  package private(set) var head: Head?
  /// When the first byte of the answer's body arrived.
  package private(set) var firstByteAt: MonotonicTime?
  private var received: [UInt8] = []
  private var outcome: Result<Void, TransferError>?
  private var waiter: (continuation: UnsafeContinuation<Void, Never>, want: Want)?
  /// Lives as long as its loop, and so longer than any transfer.
  private unowned let driver: any TransferDriver
  private let maxBodySize: Int
  private var isWholeWanted = false
  private var isNudged = false

  /// Bytes that may wait for a slow reader before the provider is made to wait.
  private static let maxQueuedSize = 262_144

  init(driver: any TransferDriver, maxBodySize: Int) {
    self.driver = driver
    self.maxBodySize = maxBodySize
  }

  // MARK: For the caller

  /// Waits for the end and returns the whole body, `head` with it.
  package func wholeBody() async throws(TransferError) -> [UInt8] {
    isWholeWanted = true
    await wait(for: .end)
    try outcome?.get()
    return takeReceived()
  }

  /// Waits for more of the body and returns it; nil at its end. `head` is known once there was a piece, or
  /// the end. A piece is empty only after `nudge`.
  package func nextPiece() async throws(TransferError) -> [UInt8]? {
    await wait(for: .bytes)
    if !received.isEmpty { return takeReceived() }
    if isNudged {
      isNudged = false
      return []
    }
    try outcome?.get()
    return nil
  }

  /// Whether nothing more will come but what is already here: the end, or why there is none, comes without
  /// a wait after the last piece.
  package var isOver: Bool { outcome != nil }

  /// Lets a reader that waits for a piece go on without one, to see to something else.
  package func nudge() {
    guard waiter?.want == .bytes else { return }
    isNudged = true
    wake(.bytes)
  }

  /// Ends the call now; whoever waits gets `cancelled`. Harmless when it has ended.
  @inline(never)
  package func cancel() {
    guard outcome == nil else { return }
    driver.cancel(self)
    finish(.failure(.cancelled))
  }

  private func wait(for want: Want) async {
    guard outcome == nil, want == .end || received.isEmpty else { return }
    await withUnsafeContinuation { continuation in
      precondition(waiter == nil, "a transfer has one reader")
      waiter = (continuation, want)
    }
  }

  private func takeReceived() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &received)
    if outcome == nil { driver.resumeReading(self) }
    return taken
  }

  // MARK: For the transport

  enum Acceptance { case accepted, wait, tooLarge }

  /// Takes a piece of the body, or asks the transport to hold it back.
  func accept(_ piece: UnsafeRawBufferPointer, head makeHead: () -> Head, now: MonotonicTime) -> Acceptance {
    if head == nil {
      head = makeHead()
      firstByteAt = now
    }
    if isWholeWanted {
      guard received.count + piece.count <= maxBodySize else { return .tooLarge }
    } else if !received.isEmpty, received.count + piece.count > Self.maxQueuedSize {
      return .wait
    }
    received.append(contentsOf: piece)
    wake(.bytes)
    return .accepted
  }

  /// Ends the transfer; the first end counts.
  func finish(_ result: Result<Void, TransferError>, head: Head? = nil) {
    guard outcome == nil else { return }
    outcome = result
    if self.head == nil { self.head = head }
    wake(.end)
  }

  private func wake(_ event: Want) {
    guard let waiter, waiter.want == .bytes || event == .end else { return }
    self.waiter = nil
    waiter.continuation.resume()
  }
}

/// What a transfer asks of the transport that runs it.
protocol TransferDriver: AnyObject {
  func cancel(_ transfer: Transfer)
  /// The reader has taken what there was: a held-back answer may go on.
  func resumeReading(_ transfer: Transfer)
}

/// Why a call brought no whole answer.
package enum TransferError: Error, Sendable, Hashable {
  /// No connection: refused, unreachable, name not known. With the transport's words.
  case connectionFailed(String)
  /// The TLS handshake or the certificate.
  case tlsFailed(String)
  case timedOut(Phase)
  /// The connection ended in the middle of the answer, or before it.
  case cut
  /// What came is not HTTP.
  case malformed
  /// The answer's head or body is larger than allowed.
  case tooLarge
  case cancelled

  /// Which wait ran out.
  package enum Phase: String, Sendable, Hashable {
    case connect, firstByte, idle, total
  }
}
