internal import GatewayTypes
internal import Health
internal import Reactor

/// Times at which a call does nothing.
extension Dispatcher {
  /// Waits, or less where the caller hangs up.
  func wait(until time: MonotonicTime, _ call: ChatCall) async {
    let pause = Pause(on: loop)
    call.cancellation.onCancel { pause.end() }
    await pause.wait(until: time)
    call.cancellation.onCancel(nil)
  }

  /// Waits in the queue of a provider that is at its limit. Nil when the queue is full, the time is over or
  /// the caller gone: then the place in the queue is free again.
  func place(at provider: ConfiguredProvider, _ call: ChatCall) async -> QueueTicket? {
    let pause = Pause(on: loop)
    // Safe: touched on this loop only, wherever the place became free.
    nonisolated(unsafe) let waiting = pause
    let loop = loop
    guard let ticket = provider.health.joinQueue(wake: { loop.execute { waiting.end() } }) else {
      return nil
    }
    if !ticket.hasPlace {
      call.cancellation.onCancel { pause.end() }
      await pause.wait(until: call.deadline)
      call.cancellation.onCancel(nil)
    }
    guard ticket.hasPlace, !call.cancellation.isCancelled else { return nil }
    return ticket
  }
}
