internal import GatewayTypes
internal import Health
internal import Reactor

/// One of two attempts at once, which ends in a task of its own on the same loop. Belongs to the loop.
final class HedgedAttempt {
  private let attempting: Attempting
  private let race: HedgeRace
  private var permit: AttemptPermit?
  /// The index in the roster of one that joined a slow first; nil for the first.
  let secondIndex: Int?
  private let started: MonotonicTime
  /// What came of it; nil while it runs.
  private(set) var end: (result: AttemptResult, outcome: AttemptOutcome, latency: Duration)?

  init(
    _ attempting: Attempting, in race: HedgeRace, permit: consuming AttemptPermit,
    started: MonotonicTime, secondIndex: Int? = nil
  ) {
    self.attempting = attempting
    self.race = race
    self.permit = consume permit
    self.secondIndex = secondIndex
    self.started = started
  }

  var provider: ConfiguredProvider { attempting.provider }
  var hasWon: Bool { race.winner == attempting.number }
  private var hasLost: Bool { race.winner != nil && !hasWon }

  /// Makes the attempt and answers its permit.
  func run(_ upstream: Upstream) async {
    upstream.loop.preconditionOnLoop()
    let result = await upstream.attempt(attempting)
    upstream.loop.preconditionOnLoop()
    if case .answered = result { _ = race.win(attempting.number) }
    let now = MonotonicTime.now()
    let outcome = provider.judge(outcome(of: result, now: now), key: attempting.key, now: now)
    guard let permit = permit.take() else { preconditionFailure("an attempt is made once") }
    permit.answer(outcome, now: now)
    end = (result, outcome, now - started)
    race.noteEnd()
  }

  private func outcome(of result: AttemptResult, now: MonotonicTime) -> AttemptOutcome {
    // How long the second had says nothing: it was given up soon after it began.
    if hasLost, secondIndex == nil, case .cancelled(let usage) = result {
      return .outraced(after: now - started, isStream: attempting.call.sink != nil, usage: usage)
    }
    return result.healthOutcome(of: attempting, started: started, now: now)
  }

  /// Adds it to what is told of the call's way, once it has ended.
  func note(in result: DispatchResult) {
    guard let end else { preconditionFailure("what has not ended cannot be told") }
    let isOutraced = hasLost && end.result.failure == nil
    result.note(
      end.result, of: provider, latency: end.latency, isOutraced: isOutraced,
      isHedge: secondIndex != nil || isOutraced)
  }
}
