internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import Health
internal import Providers
internal import Reactor
internal import Routing

/// A second provider beside a slow one: whoever answers first wins, and both are paid for.
extension Dispatcher {
  /// How long `provider`, whose turn it is, has for itself before the next one is asked as well; nil when
  /// nobody is to be.
  func hedgeWait(for provider: ConfiguredProvider, _ call: ChatCall, _ walk: borrowing Walk) -> Duration? {
    guard let hedge = call.snapshot.configuration.routing.hedge, let second = walk.second else { return nil }
    if let most = call.request.maxCost, walk.current.expectedCost + second.expectedCost > most { return nil }
    switch hedge.after {
    case .fixed(let wait): return wait
    case .quantile(let perThousand):
      return provider.health.quantile(
        perThousand: perThousand, ofFirstToken: call.sink != nil, minSamples: hedge.minSamples)
    }
  }

  /// An attempt that another one joins after `wait`, if there is no answer yet and the budget
  /// pays for both. Both have ended when it returns.
  ///
  /// Each has a child task, which stays on this loop as its parent does.
  func race(
    _ prepared: PreparedAttempt, after wait: Duration, _ call: ChatCall, _ progress: CallProgress
  ) async -> Turn {
    let race = HedgeRace(on: loop)
    let started = MonotonicTime.now()
    let first = HedgedAttempt(
      prepared.attempting.joining(race), in: race, permit: prepared.takePermit(), started: started)
    call.cancellation.onCancel { race.cancel() }
    var second: HedgedAttempt?

    // Safe: child tasks run where their parent does, on the loop that all of this belongs to.
    nonisolated(unsafe) let (upstream, runner) = (upstream, first)
    async let firstRun: Void = runner.run(upstream)
    await race.wait(until: started + wait)
    if first.end == nil, race.winner == nil, !call.cancellation.isCancelled {
      second = joinRace(race, call, progress)
    }
    if let second {
      // Safe as above.
      nonisolated(unsafe) let runner = second
      async let secondRun: Void = runner.run(upstream)
      await secondRun
    }
    await firstRun
    call.cancellation.onCancel(nil)
    return conclude(first, second, call, progress)
  }

  /// Starts a second attempt, at the provider that the walk would ask next; nil when the budget does not
  /// pay for both, or that one may not be called.
  private func joinRace(
    _ race: HedgeRace, _ call: ChatCall, _ progress: CallProgress
  ) -> HedgedAttempt? {
    guard let next = progress.walk.second else { return nil }
    let provider = call.snapshot.providers[next.index]
    let started = MonotonicTime.now()
    let before = progress.reserved
    guard let bound = reserveSecond(for: provider, call, progress) else { return nil }
    guard let permit = provider.health.acquire(tokens: call.estimatedInputTokens, now: started) else {
      // Less than before is never refused.
      try? progress.reserve(before, now: .now())
      return nil
    }
    let first = progress.result.provider
    progress.result.provider = provider
    guard
      (try? note(call, progress, running: 2)) != nil || call.snapshot.configuration.ledger.onError == .serve
    else {
      progress.result.provider = first
      try? progress.reserve(before, now: .now())
      return nil
    }
    progress.walk.takeSecond()
    let attempting = Attempting(
      call: call, provider: provider, maxTokens: bound.maxTokens, number: progress.result.attempts.count + 2,
      key: provider.nextKey(now: started), outputLimit: bound.outputLimit, race: race)
    return HedgedAttempt(
      attempting, in: race, permit: permit, started: started, secondIndex: next.index)
  }

  /// Reserves the whole worst cost of a second attempt on top of the first one's; nil when a budget has no
  /// room for that. Nothing is lowered to make it fit: an answer cut short is no gain.
  private func reserveSecond(
    for provider: ConfiguredProvider, _ call: ChatCall, _ progress: CallProgress
  ) -> CostBound? {
    let now = Timestamp.now()
    let hasBudget = budgets.left(for: progress.parties, now: now) != nil
    let bound = CostBound(
      of: call.request, at: provider.configuration,
      left: hasBudget ? Money(picodollars: .max) : nil)
    guard let bound else { return nil }
    do throws(BudgetRefusal) {
      try progress.reserve(progress.reserved + bound.worstCost, now: now)
      return bound
    } catch {
      return nil
    }
  }

  /// What came of the two: the winner's answer, or what the first one's failure leads to.
  private func conclude(
    _ first: HedgedAttempt, _ second: HedgedAttempt?, _ call: ChatCall, _ progress: CallProgress
  ) -> Turn {
    first.note(in: progress.result)
    second?.note(in: progress.result)
    if let winner = [first, second].compactMap({ $0 }).first(where: \.hasWon) {
      progress.result.provider = winner.provider
      progress.result.timeToFirstToken = winner.end?.result.timeToFirstToken
      return turn(after: winner, call, progress)
    }
    if let second {
      guard !call.cancellation.isCancelled else { return .ended(.cancelled) }
      if case .setback(let setback) = turn(after: second, call, progress), let index = second.secondIndex {
        progress.walk.noteSecond(setback, index: index)
      }
    }
    return turn(after: first, call, progress)
  }

  private func turn(after attempt: HedgedAttempt, _ call: ChatCall, _ progress: CallProgress) -> Turn {
    guard let end = attempt.end else { preconditionFailure("both have ended") }
    return turn(after: end.result, end.outcome, of: attempt.provider, progress)
  }
}
