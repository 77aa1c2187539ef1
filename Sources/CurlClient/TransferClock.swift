internal import GatewayTypes
internal import Reactor

/// The waits of one call after another, on one timer.
final class TransferClock {
  private let loop: EventLoop
  private var timer: LoopTimer?
  private var timeouts = TransferTimeouts(total: .seconds(60))
  private var startedAt = MonotonicTime(nanoseconds: 0)
  private var hasFirstByte = false
  private var isHeldBack = false
  /// Called when a wait has run out; the clock is stopped then.
  var onExpiry: ((TransferError.Phase) -> Void)?

  init(loop: EventLoop) {
    self.loop = loop
    timer = LoopTimer { [weak self] in self?.fired() }
  }

  /// A call begins.
  func start(_ timeouts: TransferTimeouts, now: MonotonicTime) {
    self.timeouts = timeouts
    startedAt = now
    hasFirstByte = false
    isHeldBack = false
    set(lastActivity: nil)
  }

  /// Bytes of the answer have come.
  func noteActivity(now: MonotonicTime) {
    guard timeouts.idle != nil || !hasFirstByte else { return }
    hasFirstByte = true
    set(lastActivity: now)
  }

  /// The answer waits for its own reader, which is not the provider's fault.
  func holdBack() { isHeldBack = true }

  func resume() {
    isHeldBack = false
    set(lastActivity: .now())
  }

  /// The call is over.
  func stop() {
    if let timer { loop.set(timer, to: .distantFuture) }
  }

  /// No further call will begin.
  func discard() {
    onExpiry = nil
    if let timer { loop.discard(timer) }
    timer = nil
  }

  private func set(lastActivity: MonotonicTime?) {
    var deadline = startedAt + timeouts.total
    if let lastActivity {
      if let idle = timeouts.idle { deadline = min(deadline, lastActivity + idle) }
    } else if let firstByte = timeouts.firstByte {
      deadline = min(deadline, startedAt + firstByte)
    }
    if let timer { loop.set(timer, to: deadline) }
  }

  private func fired() {
    let now = MonotonicTime.now()
    let isOver = now >= startedAt + timeouts.total
    if isHeldBack, !isOver { return set(lastActivity: now) }
    onExpiry?(isOver ? .total : hasFirstByte ? .idle : .firstByte)
  }
}
