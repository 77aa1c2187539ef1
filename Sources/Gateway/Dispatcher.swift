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
  private let backoff = Backoff()

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
    let routing = call.routingRequest(budgetLeft: budgets.left(for: parties, now: .now()))
    let plan = call.plan(routing, now: started)
    let routed = MonotonicTime.now()
    var result = DispatchResult(
      ending: .cancelled, routing: routing, plan: plan, plannedAt: started, routedAt: routed,
      endedAt: routed)
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

  private func tryAll(
    _ plan: RoutePlan, _ call: ChatCall, _ parties: BudgetParties, _ reservation: inout Reservation,
    _ result: inout DispatchResult
  ) async -> DispatchResult.Ending {
    var troubles = Troubles()
    for choice in plan.order {
      let provider = call.snapshot.providers[choice.index]
      guard provider.mayMend(troubles.failures.last, of: result.provider) else { continue }
      switch await tryProvider(provider, call, parties, &reservation, &result, &troubles) {
      case .answered(let answer):
        result.saved = saving(of: answer.usage, plan: plan, cost: provider.configuration.prices, in: call)
        return .answered(answer)
      case .broken(let failure): return .broken(APIError(brokenBy: provider, failure, result.attempts))
      case .cancelled: return .cancelled
      case .refused(let failure): return .failed(APIError(refusedBy: provider, failure, result.attempts))
      case .outOfTime: return .failed(APIError(outOfTimeFor: call, result.attempts))
      case .unrecordable: return .failed(GatewayState.ledgerError)
      case .next: continue
      }
    }
    if troubles.failures.isEmpty, let refusal = troubles.budget {
      return .failed(APIError(refusal, call: call))
    }
    if troubles.failures.isEmpty, let error = troubles.untranslatable {
      return .failed(APIError(untranslatable: error))
    }
    return .failed(APIError(nobodyAnswered: troubles.failures, result.attempts, plan: plan, now: .now()))
  }

  /// What became of one provider's turn.
  private enum Turn {
    case answered(ChatAnswer)
    case broken(ProviderFailure)
    /// The request itself is at fault: nobody else is asked.
    case refused(ProviderFailure)
    case cancelled
    case outOfTime
    /// The in-flight table cannot be written, and no call is made that a crash would hide.
    case unrecordable
    /// It failed, or could not be called after all: the next one's turn.
    case next
  }

  /// One attempt at `provider`, and the retries that its configuration allows.
  private func tryProvider(
    _ provider: ConfiguredProvider, _ call: ChatCall, _ parties: BudgetParties,
    _ reservation: inout Reservation,
    _ result: inout DispatchResult, _ troubles: inout Troubles
  ) async -> Turn {
    var retry = 0
    while true {
      let started = MonotonicTime.now()
      guard started < call.deadline else { return .outOfTime }
      let bound: CostBound
      do throws(BudgetRefusal) {
        bound = try reserve(for: provider, call, parties, &reservation, spent: result.cost)
      } catch {
        troubles.budget = error
        return .next
      }
      guard let permit = provider.health.acquire(tokens: call.estimatedInputTokens, now: started) else {
        return .next
      }
      result.provider = provider
      do throws(UsageLogError) {
        try note(call, &result, bound: reservation.amount)
      } catch {
        // Dropped unanswered, the permit is given back.
        guard call.snapshot.configuration.ledger.onError == .serve else { return .unrecordable }
      }
      let attempt = await upstream.attempt(
        Attempting(
          call: call, provider: provider, maxTokens: bound.maxTokens, number: result.attempts.count + 1))
      let ended = MonotonicTime.now()
      permit.answer(attempt.healthOutcome(latency: ended - started, isStream: call.sink != nil), now: ended)
      result.note(attempt, of: provider, latency: ended - started)

      switch attempt {
      case .answered(let answer, _): return .answered(answer)
      case .broken(let failure, _, _): return .broken(failure)
      case .cancelled: return .cancelled
      case .untranslatable(let error):
        troubles.untranslatable = error
        return .next
      case .failed(let failure):
        troubles.failures.append(failure)
        guard !failure.isCallersFault else { return .refused(failure) }
        guard ended < call.deadline else { return .outOfTime }
        guard retry < provider.configuration.retries, failure.mayPassOnRetry else { return .next }
        guard await waitBeforeRetry(retry, after: failure, call: call) else { return .next }
        guard !call.cancellation.isCancelled else { return .cancelled }
        retry += 1
      }
    }
  }

  /// Reserves the worst cost of one more attempt on top of what the call has `spent`, with the answer's
  /// bound lowered to what the budgets still pay for.
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
    return CostBound(worstCost: least, maxTokens: 1)
  }

  /// Writes down what the call will be charged should the gateway die before its ledger line is written.
  private func note(_ call: ChatCall, _ result: inout DispatchResult, bound: Money) throws(UsageLogError) {
    let record = UsageRecord(inFlight: call, result, bound: bound)
    if var slot = result.slot {
      try inFlight.replace(&slot, with: record)
      result.slot = slot
    } else {
      result.slot = try inFlight.begin(record)
    }
  }

  /// Waits as long as is decent. False when the wait would not end in time.
  private func waitBeforeRetry(_ retry: Int, after failure: ProviderFailure, call: ChatCall) async -> Bool {
    let now = MonotonicTime.now()
    guard
      let delay = backoff.delay(
        retry: retry, random: identity.nextRandom(), retryAfter: failure.retryAfter,
        remaining: call.deadline - now)
    else { return false }
    let pause = Pause(on: loop)
    call.cancellation.onCancel { pause.end() }
    await pause.wait(until: now + delay)
    call.cancellation.onCancel(nil)
    return true
  }

  /// What the same tokens would have cost more at the dearest provider of the plan.
  private func saving(of usage: TokenUsage, plan: RoutePlan, cost prices: Prices, in call: ChatCall) -> Money
  {
    let cost = prices.cost(of: usage)
    let dearest = plan.order.reduce(cost) { dearest, choice in
      max(dearest, call.snapshot.roster.candidates[choice.index].prices.cost(of: usage))
    }
    return dearest - cost
  }
}

extension ConfiguredProvider {
  /// Whether asking this one can bring more than the last failure: a request that was too long for one
  /// provider's context goes to a larger one only.
  fileprivate func mayMend(_ failure: ProviderFailure?, of failed: ConfiguredProvider?) -> Bool {
    guard failure?.failureClass == .contextTooLong, let failedWindow = failed?.configuration.contextWindow
    else {
      return true
    }
    return configuration.contextWindow.map { $0 > failedWindow } ?? true
  }
}

extension ProviderFailure {
  /// Whether the provider rightly refused what the caller asked.
  fileprivate var isCallersFault: Bool { failureClass == .invalidRequest }

  /// Whether the same provider may do better the next time.
  fileprivate var mayPassOnRetry: Bool {
    switch failureClass {
    case .transient, .timeout, .malformedResponse: true
    // Without a word from the provider another one is the better choice.
    case .rateLimited: retryAfter != nil
    case .quotaExceeded, .credential, .modelNotFound, .invalidRequest, .contextTooLong: false
    }
  }
}

extension DispatchResult {
  /// Notes an attempt and what it used.
  fileprivate mutating func note(_ attempt: AttemptResult, of provider: ConfiguredProvider, latency: Duration)
  {
    attempts.append(
      Attempt(provider: provider.id, outcome: attempt.name, reason: attempt.failure?.reason, latency: latency)
    )
    if let used = attempt.usage { charge(used, prices: provider.configuration.prices) }
    timeToFirstToken = attempt.timeToFirstToken
  }
}
