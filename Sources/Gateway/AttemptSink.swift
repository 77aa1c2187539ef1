internal import Providers

/// The caller's stream, as one attempt writes to it.
///
/// Of two attempts at once the first to have a token takes the stream; the other one's never begins, and
/// what it still writes goes nowhere.
struct AttemptSink {
  private let sink: StreamSink
  private let race: HedgeRace?
  private let number: Int

  init(_ sink: StreamSink, race: HedgeRace?, number: Int) {
    self.sink = sink
    self.race = race
    self.number = number
  }

  /// Whether the caller has the head of this attempt's answer.
  var hasBegun: Bool { isOurs && sink.hasBegun }

  private var isOurs: Bool { race.map { $0.winner == number } ?? true }

  /// Sends the head. `attempts` counts this one.
  func begin(_ provider: ConfiguredProvider, format: UpstreamFormat, attempts: Int) async {
    guard let race else { return await sink.begin(provider, format: format, attempts: attempts) }
    guard race.win(number) else { return }
    await sink.begin(provider, format: format, attempts: race.latestNumber)
  }

  /// Passes events on, all in one write. Waits while the caller reads slowly.
  func write(_ new: [StreamEvent]) async {
    if isOurs { await sink.write(new) }
  }

  /// Shows a caller that waits for a slow provider that somebody is there.
  func keepAlive() async {
    if isOurs { await sink.keepAlive() }
  }
}
