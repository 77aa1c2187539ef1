internal import GatewayTypes
internal import Reactor

/// Two attempts at one answer: the first to have something to give wins, and the other is ended at once.
/// Belongs to the loop.
final class HedgeRace {
  /// The number of the attempt that has won.
  private(set) var winner: Int?
  /// The number of the attempt that began last.
  private(set) var latestNumber = 0
  private var entered: [(number: Int, cancellation: Cancellation)] = []
  private let pause: Pause

  init(on loop: EventLoop) {
    pause = Pause(on: loop)
  }

  /// Takes part as attempt `number`; returns what ends that one.
  func enter(_ number: Int) -> Cancellation {
    let cancellation = Cancellation()
    entered.append((number, cancellation))
    latestNumber = number
    return cancellation
  }

  /// Waits for `time`, or less where it is decided before that.
  func wait(until time: MonotonicTime) async {
    await pause.wait(until: time)
  }

  /// Whether `number` has won, now or before. The first to ask does.
  func win(_ number: Int) -> Bool {
    if winner == nil {
      winner = number
      for other in entered where other.number != number { other.cancellation.cancel() }
      pause.end()
    }
    return winner == number
  }

  /// An attempt has ended, be it well or not.
  func noteEnd() {
    pause.end()
  }

  /// The caller has hung up.
  func cancel() {
    for one in entered { one.cancellation.cancel() }
    pause.end()
  }
}
