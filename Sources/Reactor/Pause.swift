package import GatewayTypes

/// One wait for a time on a loop, that somebody else on the loop may cut short.
package final class Pause {
  private let loop: EventLoop
  private var timer: LoopTimer?
  private var continuation: UnsafeContinuation<Void, Never>?
  private var isOver = false

  package init(on loop: EventLoop) {
    self.loop = loop
  }

  /// Returns at `time`, or when `end` is called. Call it once, on the loop.
  package func wait(until time: MonotonicTime) async {
    guard !isOver, time > .now() else { return }
    await withUnsafeContinuation { continuation in
      self.continuation = continuation
      let timer = LoopTimer { [weak self] in self?.end() }
      self.timer = timer
      loop.set(timer, to: time)
    }
  }

  /// Ends the wait now. On the loop.
  package func end() {
    isOver = true
    if let timer { loop.discard(timer) }
    timer = nil
    let waiting = continuation
    continuation = nil
    waiting?.resume()
  }
}
