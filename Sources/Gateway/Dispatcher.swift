internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import Health
internal import Providers
internal import Reactor
internal import Routing

/// Takes a call to a provider that answers it: the one gate that every surface goes through.
///
/// One on each loop. The way is: plan, then for each provider of the plan a reservation of its worst cost,
/// a permit of its health, a note in the in-flight table, an attempt, and all answered with what came of
/// it; until one answers, the caller is at fault or gone, or nobody is left.
final class Dispatcher {
  let upstream: Upstream
  let loop: EventLoop
  let budgets: Budgets
  let inFlight: InFlightPartition
  private var identity: RequestIdentity

  init(
    loop: EventLoop, upstream: Upstream, budgets: Budgets, inFlight: InFlightPartition,
    identity: RequestIdentity
  ) {
    self.loop = loop
    self.upstream = upstream
    self.budgets = budgets
    self.inFlight = inFlight
    self.identity = identity
  }

  func dispatch(_ call: ChatCall) async -> DispatchResult {
    let started = MonotonicTime.now()
    let parties = call.parties
    let routing = call.routingRequest(budgetLeft: budgets.left(for: parties, now: .now()), now: started)
    let plan = call.plan(routing, now: started)
    let routed = MonotonicTime.now()
    var result = DispatchResult(
      ending: .cancelled, routing: routing, plan: plan, plannedAt: started, routedAt: routed,
      endedAt: routed)
    if case .overBudget(let left) = plan.refusal, let refusal = budgets.refusal(beyond: left, for: parties) {
      result.ending = .failed(APIError(refusal, call: call))
      return result
    }
    if let refusal = plan.refusal {
      result.ending = .failed(APIError(refusal, call: call, now: routed))
      return result
    }
    let reservation: Reservation
    do throws(BudgetRefusal) {
      reservation = try budgets.reserve(.zero, for: parties, now: .now())
    } catch {
      result.ending = .failed(APIError(error, call: call))
      return result
    }

    var progress = CallProgress(
      parties: parties, walk: Walk(plan, roster: call.snapshot.roster, deadline: call.deadline),
      reservation: reservation, result: result)
    progress.result.ending = await tryAll(plan, call, &progress)
    return progress.end()
  }

  /// Asks one provider of the plan after the other, as `Walk` says, until the call has ended.
  private func tryAll(
    _ plan: RoutePlan, _ call: ChatCall, _ progress: inout CallProgress
  ) async -> DispatchResult.Ending {
    while true {
      let turn: Turn
      switch progress.walk.next(now: .now()) {
      case .attempt(let index):
        turn = await attempt(call.snapshot.providers[index], nil, call, &progress)
      case .queue(let index):
        let provider = call.snapshot.providers[index]
        if let ticket = await place(at: provider, call) {
          turn = await attempt(provider, ticket, call, &progress)
        } else {
          turn = call.cancellation.isCancelled ? .ended(.cancelled) : .setback(.notAsked)
        }
      case .wait(let time):
        await wait(until: time, call)
        if call.cancellation.isCancelled { return .cancelled }
        continue
      case .refused: return .failed(progress.refusal())
      case .outOfTime: return .failed(APIError(outOfTimeFor: call, progress.result.attempts))
      case .exhausted: return .failed(progress.exhaustion(plan, call))
      }
      switch turn {
      case .answered(let answer):
        progress.result.saved = saving(of: answer.usage, by: progress.result.provider, plan: plan, in: call)
        return .answered(answer)
      case .ended(let ending): return ending
      case .setback(let setback): progress.walk.note(setback, now: .now(), random: identity.nextRandom())
      }
    }
  }

  /// What became of one provider's turn.
  enum Turn {
    case answered(ChatAnswer)
    /// Nobody else is to be asked.
    case ended(DispatchResult.Ending)
    case setback(Walk.Setback)
  }

  /// One attempt at `provider`: reservation, permit, in-flight note, call, and all answered. `ticket` is the
  /// place that was waited for, if one was.
  private func attempt(
    _ provider: ConfiguredProvider, _ ticket: consuming QueueTicket?, _ call: ChatCall,
    _ progress: inout CallProgress
  ) async -> Turn {
    let started = MonotonicTime.now()
    let bound: CostBound
    do throws(BudgetRefusal) {
      bound = try reserve(for: provider, call, &progress)
    } catch {
      progress.troubles.budget = error
      return .setback(.notAsked)
    }
    let tokens = call.estimatedInputTokens
    guard let permit = provider.health.acquire(tokens: tokens, now: started, with: ticket) else {
      return .setback(provider.health.isBusy(tokens: tokens, now: started) ? .busy : .notAsked)
    }
    progress.result.provider = provider
    do throws(UsageLogError) {
      try note(call, &progress)
    } catch {
      // No call is made that a crash would hide. Dropped unanswered, the permit is given back.
      guard call.snapshot.configuration.ledger.onError == .serve else {
        return .ended(.failed(GatewayState.ledgerError))
      }
    }
    let key = provider.nextKey(now: started)
    if let wait = hedgeWait(for: provider, call, progress.walk) {
      return await race(provider, permit, bound: bound, key: key, after: wait, call, &progress)
    }
    let attempt = await upstream.attempt(
      Attempting(
        call: call, provider: provider, maxTokens: bound.maxTokens,
        number: progress.result.attempts.count + 1, key: key,
        outputLimit: bound.outputLimit))
    let ended = MonotonicTime.now()
    let outcome = provider.judge(
      attempt.healthOutcome(latency: ended - started, isStream: call.sink != nil), key: key, now: ended)
    permit.answer(outcome, now: ended)
    progress.result.note(attempt, of: provider, latency: ended - started)
    return turn(after: attempt, outcome, of: provider, &progress)
  }

  /// What follows from an attempt that has ended.
  func turn(
    after attempt: AttemptResult, _ outcome: AttemptOutcome, of provider: ConfiguredProvider,
    _ progress: inout CallProgress
  ) -> Turn {
    switch attempt {
    case .answered(let answer, _): return .answered(answer)
    case .broken(let failure, _, _):
      return .ended(.broken(APIError(brokenBy: provider, failure, progress.result.attempts)))
    case .cancelled: return .ended(.cancelled)
    case .untranslatable(let error):
      progress.troubles.untranslatable = error
      return .setback(.notAsked)
    case .failed(let failure):
      progress.troubles.failures.append(failure)
      if failure.failureClass == .invalidRequest { progress.troubles.refusal = (provider, failure) }
      if case .keySetAside = outcome { return .setback(.keySetAside(failure.failureClass)) }
      return .setback(.failed(failure.failureClass, retryAfter: failure.retryAfter))
    }
  }

  /// What the same tokens would have cost more at the dearest provider of the plan.
  @inline(never)
  private func saving(
    of usage: TokenUsage, by provider: ConfiguredProvider?, plan: RoutePlan, in call: ChatCall
  ) -> Money {
    guard let cost = provider?.configuration.prices.cost(of: usage) else { return .zero }
    let dearest = plan.order.reduce(cost) { dearest, choice in
      max(dearest, call.snapshot.roster.candidates[choice.index].prices.cost(of: usage))
    }
    return dearest - cost
  }
}
