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
  private let upstream: Upstream
  private let loop: EventLoop
  private let budgets: Budgets
  private let inFlight: InFlightPartition
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
    var reservation: Reservation
    do throws(BudgetRefusal) {
      reservation = try budgets.reserve(.zero, for: parties, now: .now())
    } catch {
      result.ending = .failed(APIError(error, call: call))
      return result
    }

    result.ending = await tryAll(plan, call, parties, &reservation, &result)
    reservation.settle(cost: result.cost, at: .now())
    result.endedAt = .now()
    return result
  }

  /// What has gone wrong so far.
  private struct Troubles {
    var failures: [ProviderFailure] = []
    var budget: BudgetRefusal?
    var untranslatable: RequestError?
  }

  /// Asks one provider of the plan after the other, as `Walk` says, until the call has ended.
  private func tryAll(
    _ plan: RoutePlan, _ call: ChatCall, _ parties: BudgetParties, _ reservation: inout Reservation,
    _ result: inout DispatchResult
  ) async -> DispatchResult.Ending {
    var walk = Walk(plan, roster: call.snapshot.roster, deadline: call.deadline)
    var troubles = Troubles()
    while true {
      switch walk.next(now: .now()) {
      case .attempt(let index):
        let provider = call.snapshot.providers[index]
        switch await attempt(provider, call, parties, &reservation, &result, &troubles) {
        case .answered(let answer):
          result.saved = saving(of: answer.usage, plan: plan, cost: provider.configuration.prices, in: call)
          return .answered(answer)
        case .ended(let ending): return ending
        case .setback(let setback): walk.note(setback, now: .now(), random: identity.nextRandom())
        }
      case .wait(let time):
        await wait(until: time, call)
        if call.cancellation.isCancelled { return .cancelled }
      case .refused: return .failed(refusal(troubles, result))
      case .outOfTime: return .failed(APIError(outOfTimeFor: call, result.attempts))
      case .exhausted: return .failed(exhaustion(troubles, plan, call, result))
      }
    }
  }

  /// What became of one provider's turn.
  private enum Turn {
    case answered(ChatAnswer)
    /// Nobody else is to be asked.
    case ended(DispatchResult.Ending)
    case setback(Walk.Setback)
  }

  /// One attempt at `provider`: reservation, permit, in-flight note, call, and all answered.
  private func attempt(
    _ provider: ConfiguredProvider, _ call: ChatCall, _ parties: BudgetParties,
    _ reservation: inout Reservation, _ result: inout DispatchResult, _ troubles: inout Troubles
  ) async -> Turn {
    let started = MonotonicTime.now()
    let bound: CostBound
    do throws(BudgetRefusal) {
      bound = try reserve(for: provider, call, parties, &reservation, spent: result.cost)
    } catch {
      troubles.budget = error
      return .setback(.notAsked)
    }
    guard let permit = provider.health.acquire(tokens: call.estimatedInputTokens, now: started) else {
      return .setback(.notAsked)
    }
    result.provider = provider
    do throws(UsageLogError) {
      try note(call, &result, bound: reservation.amount)
    } catch {
      // No call is made that a crash would hide. Dropped unanswered, the permit is given back.
      guard call.snapshot.configuration.ledger.onError == .serve else {
        return .ended(.failed(GatewayState.ledgerError))
      }
    }
    let attempt = await upstream.attempt(
      Attempting(
        call: call, provider: provider, maxTokens: bound.maxTokens, number: result.attempts.count + 1,
        outputLimit: bound.outputLimit))
    let ended = MonotonicTime.now()
    permit.answer(attempt.healthOutcome(latency: ended - started, isStream: call.sink != nil), now: ended)
    result.note(attempt, of: provider, latency: ended - started)

    switch attempt {
    case .answered(let answer, _): return .answered(answer)
    case .broken(let failure, _, _):
      return .ended(.broken(APIError(brokenBy: provider, failure, result.attempts)))
    case .cancelled: return .ended(.cancelled)
    case .untranslatable(let error):
      troubles.untranslatable = error
      return .setback(.notAsked)
    case .failed(let failure):
      troubles.failures.append(failure)
      return .setback(.failed(failure.failureClass, retryAfter: failure.retryAfter))
    }
  }

  /// The last provider asked has rightly refused the request.
  private func refusal(_ troubles: Troubles, _ result: DispatchResult) -> APIError {
    guard let provider = result.provider, let failure = troubles.failures.last else {
      preconditionFailure("a refusal is what an asked provider has failed with")
    }
    return APIError(refusedBy: provider, failure, result.attempts)
  }

  /// Nobody is left to ask.
  private func exhaustion(
    _ troubles: Troubles, _ plan: RoutePlan, _ call: ChatCall, _ result: DispatchResult
  ) -> APIError {
    if troubles.failures.isEmpty, let refusal = troubles.budget { return APIError(refusal, call: call) }
    if troubles.failures.isEmpty, let error = troubles.untranslatable {
      return APIError(untranslatable: error)
    }
    return APIError(nobodyAnswered: troubles.failures, result.attempts, plan: plan, now: .now())
  }

  /// Reserves the worst cost of one more attempt on top of what the call has `spent`, with the answer's
  /// bound lowered to what the budgets still pay for.
  @inline(never)
  private func reserve(
    for provider: ConfiguredProvider, _ call: ChatCall, _ parties: BudgetParties,
    _ reservation: inout Reservation,
    spent: Money
  ) throws(BudgetRefusal) -> CostBound {
    // Somebody may reserve between the look and the reservation: then there is less, and it is looked again.
    for _ in 0..<3 {
      let now = Timestamp.now()
      // What the call itself has set aside is there for it.
      let left = budgets.left(for: parties, now: now).map { $0 + reservation.amount - spent }
      guard let bound = CostBound(of: call.request, at: provider.configuration, left: left) else { break }
      do throws(BudgetRefusal) {
        try reservation.change(to: spent + bound.worstCost, now: now)
        return bound
      } catch {
        continue
      }
    }
    // Not even the least answer fits: the refusal says which budget it is.
    let least = CostBound.least(of: call.request, at: provider.configuration)
    try reservation.change(to: spent + least, now: .now())
    return CostBound(worstCost: least, maxTokens: 1, outputLimit: call.request.choiceCount)
  }

  /// Writes down what the call will be charged should the gateway die before its ledger line is written.
  @inline(never)
  private func note(_ call: ChatCall, _ result: inout DispatchResult, bound: Money) throws(UsageLogError) {
    let record = UsageRecord(inFlight: call, result, bound: bound)
    if var slot = result.slot {
      try inFlight.replace(&slot, with: record)
      result.slot = slot
    } else {
      result.slot = try inFlight.begin(record)
    }
  }

  /// Waits, or less where the caller hangs up.
  private func wait(until time: MonotonicTime, _ call: ChatCall) async {
    let pause = Pause(on: loop)
    call.cancellation.onCancel { pause.end() }
    await pause.wait(until: time)
    call.cancellation.onCancel(nil)
  }

  /// What the same tokens would have cost more at the dearest provider of the plan.
  @inline(never)
  private func saving(of usage: TokenUsage, plan: RoutePlan, cost prices: Prices, in call: ChatCall) -> Money
  {
    let cost = prices.cost(of: usage)
    let dearest = plan.order.reduce(cost) { dearest, choice in
      max(dearest, call.snapshot.roster.candidates[choice.index].prices.cost(of: usage))
    }
    return dearest - cost
  }
}

extension DispatchResult {
  /// Notes an attempt and what it used.
  @inline(never)
  fileprivate mutating func note(_ attempt: AttemptResult, of provider: ConfiguredProvider, latency: Duration)
  {
    attempts.append(
      Attempt(provider: provider.id, outcome: attempt.name, reason: attempt.failure?.reason, latency: latency)
    )
    if let used = attempt.usage { charge(used, prices: provider.configuration.prices) }
    timeToFirstToken = attempt.timeToFirstToken
  }
}
