package import GatewayTypes

/// The way of one request through its plan: whom to ask next after what came of the last try.
///
/// The rules alone, without a clock, a network or a lock. The dispatcher walks real providers with it, and
/// the simulator scripted ones:
/// ```
/// switch walk.next(now: now) {
/// case .attempt(let index): … ask; an answer ends the way, anything else is noted: walk.note(setback, …)
/// case .wait(let time): … wait, then go on
/// case .refused, .outOfTime, .exhausted: … tell the caller
/// }
/// ```
package struct Walk: Sendable {
  /// What is to be done now.
  package enum Step: Hashable, Sendable {
    /// The provider with this index in the roster is to be asked.
    case attempt(index: Int)
    /// Nobody is asked before this time: the same provider gets another chance then.
    case wait(until: MonotonicTime)
    /// The request itself is at fault, as a provider has said: nobody else is asked.
    case refused
    /// The deadline has passed.
    case outOfTime
    /// Nobody is left.
    case exhausted
  }

  /// Why a try brought no answer.
  package enum Setback: Hashable, Sendable {
    /// The provider was not asked after all: it was taken meanwhile, no budget pays for it, or its protocol
    /// has no words for the request.
    case notAsked
    /// It was asked and failed; `retryAfter` is the wait that it named, if it did.
    case failed(FailureClass, retryAfter: Duration?)
  }

  private let order: RankedOrder
  private let roster: Roster
  private let deadline: MonotonicTime
  private let backoff: Backoff
  /// The place in `order` of the provider whose turn it is.
  private var position = 0
  /// How many retries it has had.
  private var retry = 0
  private var waitEnd: MonotonicTime?
  private var isRefused = false
  /// The largest context window that the request did not fit.
  private var tooSmallWindow: Int?

  package init(
    _ plan: RoutePlan, roster: Roster, deadline: MonotonicTime, backoff: Backoff = Backoff()
  ) {
    order = plan.order
    self.roster = roster
    self.deadline = deadline
    self.backoff = backoff
  }

  /// The next step. The same until a setback is noted, but for a wait, which is told once.
  package mutating func next(now: MonotonicTime) -> Step {
    guard !isRefused else { return .refused }
    guard now < deadline else { return .outOfTime }
    if let end = waitEnd {
      waitEnd = nil
      return .wait(until: end)
    }
    while position < order.count {
      let index = order[position].index
      if mayFit(index) { return .attempt(index: index) }
      advance()
    }
    return .exhausted
  }

  /// Notes what came of the last `attempt`. `random` is 64 evenly spread bits, for the jitter of a wait.
  package mutating func note(_ setback: Setback, now: MonotonicTime, random: UInt64) {
    precondition(position < order.count, "a setback follows an attempt")
    switch setback {
    case .notAsked:
      advance()
    case .failed(.invalidRequest, _):
      isRefused = true
    case .failed(let failure, let retryAfter):
      let candidate = roster.candidates[order[position].index]
      if failure == .contextTooLong, let window = candidate.contextWindow {
        tooSmallWindow = max(window, tooSmallWindow ?? 0)
      }
      guard retry < candidate.retries, failure.mayPassOnRetry(retryAfter: retryAfter),
        let delay = backoff.delay(
          retry: retry, random: random, retryAfter: retryAfter, remaining: deadline - now)
      else {
        return advance()
      }
      retry += 1
      waitEnd = now + delay
    }
  }

  private mutating func advance() {
    position += 1
    retry = 0
  }

  /// A request that was too long for one provider's context goes to a larger one only.
  private func mayFit(_ index: Int) -> Bool {
    guard let tooSmallWindow else { return true }
    return roster.facts[index].contextWindow > tooSmallWindow
  }
}

extension FailureClass {
  /// Whether the same provider may do better the next time.
  fileprivate func mayPassOnRetry(retryAfter: Duration?) -> Bool {
    switch self {
    case .transient, .timeout, .malformedResponse: true
    // Without a word from the provider another one is the better choice.
    case .rateLimited: retryAfter != nil
    case .quotaExceeded, .credential, .modelNotFound, .invalidRequest, .contextTooLong: false
    }
  }
}
