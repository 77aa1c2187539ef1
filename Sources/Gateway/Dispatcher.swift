internal import Configuration
internal import GatewayTypes
internal import Health
internal import Providers
internal import Reactor
internal import Routing

/// Takes a call to a provider that answers it: the one gate that every surface goes through.
///
/// One on each loop. The way is: plan, then for each provider of the plan a permit of its health, an
/// attempt, and the permit answered with what came of it; until one answers, the caller is at fault or
/// gone, or nobody is left.
final class Dispatcher {
  private let upstream: Upstream
  private let loop: EventLoop
  private var identity: RequestIdentity
  private let backoff = Backoff()

  init(loop: EventLoop, upstream: Upstream, identity: RequestIdentity) {
    self.loop = loop
    self.upstream = upstream
    self.identity = identity
  }

  func dispatch(_ call: ChatCall) async -> DispatchResult {
    let started = MonotonicTime.now()
    let plan = call.plan(now: started)
    let routed = MonotonicTime.now()
    var result = DispatchResult(ending: .cancelled, routedAt: routed, endedAt: routed)
    if let refusal = plan.refusal {
      result.ending = .failed(APIError(refusal, call: call, now: routed))
      return result
    }

    var failures: [ProviderFailure] = []
    for choice in plan.order {
      let provider = call.snapshot.providers[choice.index]
      guard provider.mayMend(failures.last, of: result.provider) else { continue }
      switch await tryProvider(provider, call, result: &result, failures: &failures) {
      case .answered(let answer):
        result.ending = .answered(answer)
        result.saved = saving(of: answer.usage, plan: plan, cost: provider.configuration.prices, in: call)
      case .cancelled: result.ending = .cancelled
      case .refused(let failure):
        result.ending = .failed(APIError(refusedBy: provider, failure, result.attempts))
      case .outOfTime: result.ending = .failed(APIError(outOfTimeFor: call, result.attempts))
      case .next: continue
      }
      result.endedAt = .now()
      return result
    }
    result.endedAt = .now()
    result.ending = .failed(
      APIError(nobodyAnswered: failures, result.attempts, plan: plan, now: result.endedAt))
    return result
  }

  /// What became of one provider's turn.
  private enum Turn {
    case answered(ChatAnswer)
    /// The request itself is at fault: nobody else is asked.
    case refused(ProviderFailure)
    case cancelled
    case outOfTime
    /// It failed, or could not be called after all: the next one's turn.
    case next
  }

  /// One attempt at `provider`, and the retries that its configuration allows.
  private func tryProvider(
    _ provider: ConfiguredProvider, _ call: ChatCall, result: inout DispatchResult,
    failures: inout [ProviderFailure]
  ) async -> Turn {
    var retry = 0
    while true {
      let started = MonotonicTime.now()
      guard started < call.deadline else { return .outOfTime }
      guard let permit = provider.health.acquire(tokens: call.estimatedInputTokens, now: started) else {
        return .next
      }
      result.provider = provider
      let attempt = await upstream.attempt(call, at: provider)
      let ended = MonotonicTime.now()
      permit.answer(attempt.healthOutcome(latency: ended - started), now: ended)
      result.note(attempt, of: provider, latency: ended - started)

      switch attempt {
      case .answered(let answer, _): return .answered(answer)
      case .cancelled: return .cancelled
      case .failed(let failure):
        failures.append(failure)
        guard !failure.isCallersFault else { return .refused(failure) }
        guard ended < call.deadline else { return .outOfTime }
        guard retry < provider.configuration.retries, failure.mayPassOnRetry else { return .next }
        guard await waitBeforeRetry(retry, after: failure, call: call) else { return .next }
        guard !call.cancellation.isCancelled else { return .cancelled }
        retry += 1
      }
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
    if case .answered(_, let timeToFirstByte) = attempt { self.timeToFirstByte = timeToFirstByte }
  }
}
