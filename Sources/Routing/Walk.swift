package import GatewayTypes

/// The way of one request through its plan: whom to ask next after what came of the last try.
///
/// The rules alone, without a clock, a network or a lock. The dispatcher walks real providers with it, and
/// the simulator scripted ones:
/// ```
/// switch walk.next(now: now) {
/// case .attempt(let index): … ask; an answer ends the way, anything else is noted: walk.note(setback, …)
/// case .queue(let index): … wait for a place there, then ask as above; .notAsked when there is none
/// case .wait(let time): … wait, then go on
/// case .refused, .outOfTime, .exhausted: … tell the caller
/// }
/// ```
package struct Walk: Sendable {
  /// What is to be done now.
  package enum Step: Hashable, Sendable {
    /// The provider with this index in the roster is to be asked.
    case attempt(index: Int)
    /// As `attempt`, once there is a place among those that it serves at a time: nobody else can answer, so
    /// the request waits for one in its queue.
    case queue(index: Int)
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
    /// It was not asked, as it serves as many requests as it may: it is waited for when nobody else answers.
    case busy
    /// It refused the API key that it was asked with, which is now set aside, and has another one.
    case keySetAside(FailureClass)
    /// It was asked and failed; `retryAfter` is the wait that it named, if it did.
    case failed(FailureClass, retryAfter: Duration?)
  }

  private let order: RankedOrder
  /// Those to wait for at the end, by their indices.
  private var busy: [Int]
  /// Whether the turn is now that of the busy ones.
  private var isQueueing = false
  /// Those that have had their turn beside another.
  private var taken: [Int] = []
  private let roster: Roster
  private let deadline: MonotonicTime
  private let backoff: Backoff
  /// The place in `order` of the provider whose turn it is.
  private var position = 0
  /// How many retries it has had.
  private var retry = 0
  /// How many of its keys it has refused.
  private var keyChange = 0
  private var waitEnd: MonotonicTime?
  private var isRefused = false
  /// The largest context window that the request did not fit.
  private var tooSmallWindow: Int?

  package init(
    _ plan: RoutePlan, roster: Roster, deadline: MonotonicTime, backoff: Backoff = Backoff()
  ) {
    order = plan.order
    busy = plan.busy.map(\.index)
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
    while true {
      while let index = currentIndex {
        if isLeft(index) { return isQueueing ? .queue(index: index) : .attempt(index: index) }
        advance()
      }
      guard !isQueueing, !busy.isEmpty else { return .exhausted }
      isQueueing = true
      position = 0
    }
  }

  /// Notes what came of the last `attempt` or `queue`. `random` is 64 evenly spread bits, for the jitter of a wait.
  package mutating func note(_ setback: Setback, now: MonotonicTime, random: UInt64) {
    guard let index = currentIndex else { preconditionFailure("a setback follows an attempt") }
    switch setback {
    case .notAsked:
      advance()
    case .busy:
      if !isQueueing { busy.append(index) }
      advance()
    case .keySetAside:
      // Each key once: one that has come back meanwhile is for the next request.
      keyChange += 1
      if keyChange >= roster.candidates[index].keyCount { advance() }
    case .failed(let failure, let retryAfter):
      let candidate = roster.candidates[index]
      learn(from: failure, of: candidate)
      guard !isRefused else { return }
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

  /// What a failure says about the others.
  private mutating func learn(from failure: FailureClass, of candidate: Candidate) {
    if failure == .invalidRequest { isRefused = true }
    if failure == .contextTooLong, let window = candidate.contextWindow {
      tooSmallWindow = max(window, tooSmallWindow ?? 0)
    }
  }

  private mutating func advance() {
    position += 1
    retry = 0
    keyChange = 0
  }

  /// The index of the provider whose turn it is; nil past the last one.
  private var currentIndex: Int? {
    if isQueueing { return position < busy.count ? busy[position] : nil }
    return position < order.count ? order[position].index : nil
  }

  private func isLeft(_ index: Int) -> Bool { mayFit(index) && !taken.contains(index) }

  /// A request that was too long for one provider's context goes to a larger one only.
  private func mayFit(_ index: Int) -> Bool {
    guard let tooSmallWindow else { return true }
    return roster.facts[index].contextWindow > tooSmallWindow
  }
}

// MARK: Two at once

extension Walk {
  /// Whose turn it is.
  package var current: RankedCandidate { order[position] }

  /// Who would be asked beside the provider whose turn it is, should that one be slow; nil when nobody is
  /// left. Nobody is taken from a queue for that.
  package var second: RankedCandidate? {
    guard !isQueueing, position < order.count else { return nil }
    return order[(position + 1)...].first { isLeft($0.index) }
  }

  /// Notes that `second` is asked: this is its turn, and there is no other.
  package mutating func takeSecond() {
    guard let second else { preconditionFailure("nobody is asked whom the plan does not have") }
    taken.append(second.index)
  }

  /// Notes what came of asking the provider that `takeSecond` took, when that was no answer; before the
  /// setback of the first is noted.
  package mutating func noteSecond(_ setback: Setback, index: Int) {
    guard case .failed(let failure, _) = setback else { return }
    learn(from: failure, of: roster.candidates[index])
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
