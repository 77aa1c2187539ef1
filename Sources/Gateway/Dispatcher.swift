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
    let result = plan(call)
    call.sink?.routedAt = result.routedAt
    do throws(APIError) {
      let progress = try begin(call, result)
      return progress.end(await tryAll(call, progress))
    } catch {
      result.ending = .failed(error)
      return result
    }
  }

  /// Decides who would answer. By itself, as `begin` is, so that what it needs on the way is on the thread's
  /// stack and not in a frame of the task that waits for the provider.
  @inline(never)
  private func plan(_ call: ChatCall) -> DispatchResult {
    let started = MonotonicTime.now()
    let left = budgets.left(for: call.parties, now: .now())
    let routing = call.routingRequest(budgetLeft: left, now: started)
    let plan = call.plan(routing, now: started)
    return DispatchResult(routing: routing, plan: plan, plannedAt: started, routedAt: .now())
  }

  /// Opens the call's reservation; throws when there is nobody to ask.
  @inline(never)
  private func begin(_ call: ChatCall, _ result: DispatchResult) throws(APIError) -> CallProgress {
    let parties = call.parties
    let refusal = result.plan.refusal
    if case .overBudget(let left) = refusal, let refusal = budgets.refusal(beyond: left, for: parties) {
      throw APIError(refusal, call: call)
    }
    if let refusal { throw APIError(refusal, call: call, now: result.routedAt) }
    do throws(BudgetRefusal) {
      return CallProgress(
        parties: parties, walk: Walk(result.plan, roster: call.snapshot.roster, deadline: call.deadline),
        reservation: try budgets.reserve(.zero, for: parties, now: .now()), result: result)
    } catch {
      throw APIError(error, call: call)
    }
  }

  /// Asks one provider of the plan after the other, as `Walk` says, until the call has ended.
  private func tryAll(
    _ call: ChatCall, _ progress: CallProgress
  ) async -> DispatchResult.Ending {
    while true {
      let turn: Turn
      switch progress.walk.next(now: .now()) {
      case .attempt(let index):
        turn = await attempt(call.snapshot.providers[index], nil, call, progress)
      case .queue(let index):
        let provider = call.snapshot.providers[index]
        if let ticket = await place(at: provider, call) {
          turn = await attempt(provider, ticket, call, progress)
        } else {
          turn = call.cancellation.isCancelled ? .ended(.cancelled) : .setback(.notAsked)
        }
      case .wait(let time):
        await wait(until: time, call)
        if call.cancellation.isCancelled { return .cancelled }
        continue
      case .refused: return .failed(progress.refusal())
      case .outOfTime: return .failed(APIError(outOfTimeFor: call, progress.result.attempts))
      case .exhausted: return .failed(progress.exhaustion(call))
      }
      switch turn {
      case .answered(let answer):
        progress.result.saved = saving(
          of: answer.usage, by: progress.result.provider, plan: progress.result.plan, in: call)
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
    _ progress: CallProgress
  ) async -> Turn {
    let prepared: PreparedAttempt
    switch prepare(provider, ticket, call, progress) {
    case .ready(let ready): prepared = ready
    case .not(let turn): return turn
    }
    if let wait = hedgeWait(for: provider, call, progress.walk) {
      return await race(prepared, after: wait, call, progress)
    }
    return conclude(await upstream.attempt(prepared.attempting), of: prepared, progress)
  }

  private enum Preparation {
    case ready(PreparedAttempt)
    /// It is not to be made, and this is what follows.
    case not(Turn)
  }

  /// All that an attempt needs before its provider is asked.
  @inline(never)
  private func prepare(
    _ provider: ConfiguredProvider, _ ticket: consuming QueueTicket?, _ call: ChatCall,
    _ progress: CallProgress
  ) -> Preparation {
    let started = MonotonicTime.now()
    let bound: CostBound
    do throws(BudgetRefusal) {
      bound = try reserve(for: provider, call, progress)
    } catch {
      progress.troubles.budget = error
      return .not(.setback(.notAsked))
    }
    let tokens = call.estimatedInputTokens
    guard let permit = provider.health.acquire(tokens: tokens, now: started, with: ticket) else {
      return .not(.setback(provider.health.isBusy(tokens: tokens, now: started) ? .busy : .notAsked))
    }
    progress.result.provider = provider
    do throws(UsageLogError) {
      try note(call, progress)
    } catch {
      // No call is made that a crash would hide. Dropped unanswered, the permit is given back.
      guard call.snapshot.configuration.ledger.onError == .serve else {
        return .not(.ended(.failed(GatewayState.ledgerError)))
      }
    }
    return .ready(
      PreparedAttempt(
        Attempting(
          call: call, provider: provider, maxTokens: bound.maxTokens,
          number: progress.result.attempts.count + 1, key: provider.nextKey(now: started),
          outputLimit: bound.outputLimit),
        permit: permit, started: started))
  }

  /// Answers everything with what came of an attempt.
  @inline(never)
  private func conclude(
    _ attempt: AttemptResult, of prepared: PreparedAttempt, _ progress: CallProgress
  ) -> Turn {
    let attempting = prepared.attempting
    let provider = attempting.provider
    let ended = MonotonicTime.now()
    let latency = ended - prepared.started
    let outcome = provider.judge(
      attempt.healthOutcome(of: attempting, started: prepared.started, now: ended), key: attempting.key,
      now: ended)
    prepared.takePermit().answer(outcome, now: ended)
    progress.result.note(attempt, of: provider, latency: latency)
    return turn(after: attempt, outcome, of: provider, progress)
  }

  /// What follows from an attempt that has ended.
  func turn(
    after attempt: AttemptResult, _ outcome: AttemptOutcome, of provider: ConfiguredProvider,
    _ progress: CallProgress
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
