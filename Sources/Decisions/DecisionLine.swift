package import Accounting
package import GatewayTypes
import Health
package import Routing

/// What is written down of one decision: borrowed for the time that it takes.
///
/// A line of JSON with short keys. `t` when the request ended (milliseconds since 1970), `i` its id, `r` the
/// heading's key, `w` the milliseconds from the decision to `t`, `d` those from it to the deadline, `m` the
/// model (none: `auto`), `s` the strategy, `f` flags (1: the request asked for the strategy), `n` the intent,
/// `in` and `ib` the tokens of the input and its bound, `o` those that an answer to such requests usually has,
/// `mo` the most that the caller lets it have, `ch` how many answers were asked for (none: 1), `k` what was
/// needed (bits of `CapabilitySet`), `mc` and `bl` the request's bound and what the budgets had left (10⁻¹² USD),
/// `u` the index of the provider that the user's prompts were warm at, `q` the bits of chance (`weighted` only).
/// `c`: those ranked, the first in front: index, expected cost, expected nanoseconds (-1: unknown), flags
/// (1 boosted, 2 penalized, 4 on trial); under `speed` the idle nanoseconds, under `weighted` the chance of coming
/// first in millionths (-1: behind a penalty); and where another length is expected than of such requests in
/// general, the tokens of the answers together. `x`: those left out: the first four, `ReasonCode`'s three numbers,
/// the milliseconds until it may be tried (-1: unknown), then the same but for the chance. `z` how many more there were. `a` the attempts: index,
/// outcome, milliseconds. A reader passes over keys that it does not know.
package struct DecisionLine: ~Copyable {
  /// More candidates than a person looks through; of more there is the number.
  package static let maximumCandidateCount = 32
  private static let maximumAttemptCount = 32

  private let request: RoutingRequest
  private let plan: RoutePlan
  private let isStrategyAsked: Bool
  private let plannedAt: MonotonicTime
  private let deadline: MonotonicTime

  package init(
    _ request: RoutingRequest, _ plan: RoutePlan, isStrategyAsked: Bool, plannedAt: MonotonicTime,
    deadline: MonotonicTime
  ) {
    self.request = request
    self.plan = plan
    self.isStrategyAsked = isStrategyAsked
    self.plannedAt = plannedAt
    self.deadline = deadline
  }

  /// Appends the line of the request `id` that ended at `time`, which is `endedAt` on the monotonic clock.
  ///
  /// `attempts` are so many, and `attempt` gives each: its provider's index, how it ended, how long it took.
  package func append(
    to bytes: inout [UInt8], id: String, heading: UInt64, time: Timestamp, endedAt: MonotonicTime,
    attemptCount: Int, attempt: (Int) -> (index: Int, outcome: String, latency: Duration)
  ) {
    let model: String? = if case .named(let name) = request.model { name } else { nil }
    let limit = UsageRecord.maximumTextSize
    let number = OutputSpan<UInt8>.largestNumberSize
    let shown = min(plan.order.count + plan.leftOut.count, Self.maximumCandidateCount)
    let attempts = min(attemptCount, Self.maximumAttemptCount)
    // Keys, brackets and the strategy's and the intent's names are shorter than 256 bytes.
    let capacity =
      256 + OutputSpan<UInt8>.largestSize(id, limit: limit)
      + (model.map { OutputSpan<UInt8>.largestSize($0, limit: limit) } ?? 0)
      + number * (18 + 10 * shown) + 2 * shown + attempts * (2 * number + 6 * 32 + 6)
    bytes.append(addingCapacity: capacity) { line in
      line.put(#"{"t":"#)
      line.put(Int(time.millisecondsSince1970))
      line.put(#","i":"#)
      line.put(string: id, limit: limit)
      line.put(#","r":"#)
      line.put(key: heading)
      line.put(#","w":"#)
      line.put((endedAt - plannedAt).wholeMilliseconds)
      line.put(#","d":"#)
      line.put((deadline - plannedAt).wholeMilliseconds)
      if let model {
        line.put(#","m":"#)
        line.put(string: model, limit: limit)
      }
      putRequest(&line)
      putCandidates(&line, limit: shown)
      line.put(#"],"a":["#)
      for number in 0..<attempts {
        let (index, outcome, latency) = attempt(number)
        line.put(number == 0 ? "[" : ",[")
        line.put(index)
        line.put(",")
        line.put(string: outcome, limit: 32)
        line.put(",")
        line.put(latency.wholeMilliseconds)
        line.put("]")
      }
      line.put("]}\n")
    }
  }

  /// What one answer to such requests has, whichever model gives it.
  private var guess: Int { request.usualAnswer.tokens(guess: request.outputTokens) }

  private func putRequest(_ line: inout OutputSpan<UInt8>) {
    line.put(#","s":""#)
    line.put(request.strategy.literal)
    line.put(isStrategyAsked ? #"","f":1,"n":""# : #"","f":0,"n":""#)
    line.put(request.intent.literal)
    line.put(#"","in":"#)
    line.put(request.inputTokens)
    line.put(#","ib":"#)
    line.put(request.inputTokenBound)
    line.put(#","o":"#)
    line.put(guess)
    if let most = request.maxOutputTokens {
      line.put(#","mo":"#)
      line.put(most)
    }
    if request.choiceCount != 1 {
      line.put(#","ch":"#)
      line.put(request.choiceCount)
    }
    line.put(#","k":"#)
    line.put(Int(request.needs.rawValue))
    if let maxCost = request.maxCost {
      line.put(#","mc":"#)
      line.put(Int(clamping: maxCost.picodollars))
    }
    if let left = request.budgetLeft {
      line.put(#","bl":"#)
      line.put(Int(clamping: left.picodollars))
    }
    if let warm = request.warmProvider {
      line.put(#","u":"#)
      line.put(warm)
    }
    if request.strategy == .weighted {
      line.put(#","q":"#)
      line.put(key: request.random)
    }
  }

  private func putCandidates(_ line: inout OutputSpan<UInt8>, limit: Int) {
    line.put(#","c":["#)
    let ranked = min(plan.order.count, limit)
    let usual = request.usualTokens(guess: guess)
    for place in 0..<ranked {
      let candidate = plan.order[place]
      line.put(place == 0 ? "[" : ",[")
      line.put(candidate.index, candidate.expectedCost, candidate.expectedNanoseconds)
      line.put(
        (candidate.isBoosted ? 1 : 0) | (candidate.isPenalized ? 2 : 0) | (candidate.isOnTrial ? 4 : 0))
      switch request.strategy {
      case .speed: line.put(further: Int(candidate.idleNanoseconds))
      case .weighted: line.put(further: candidate.sharePerMillion ?? -1)
      case .cost, .quality: break
      }
      let tokens = candidate.expected.outputTokens
      if tokens != usual { line.put(further: tokens) }
      line.put("]")
    }
    line.put(#"],"x":["#)
    let leftOut = limit - ranked
    for place in 0..<leftOut {
      let candidate = plan.leftOut[place]
      line.put(place == 0 ? "[" : ",[")
      line.put(candidate.index, candidate.expectedCost, candidate.expectedNanoseconds)
      line.put(candidate.isPenalized ? 2 : 0)
      let reason = ReasonCode(candidate.reason)
      line.put(",")
      line.put(reason.code)
      line.put(",")
      line.put(reason.first)
      line.put(",")
      line.put(reason.second)
      line.put(",")
      // Rounded up: a moment too early would be too early.
      line.put(candidate.retryAt.map { ($0 - plannedAt + .nanoseconds(999_999)).wholeMilliseconds } ?? -1)
      if request.strategy == .speed { line.put(further: Int(candidate.idleNanoseconds)) }
      let tokens = candidate.expected.outputTokens
      if tokens != usual { line.put(further: tokens) }
      line.put("]")
    }
    let more = plan.order.count + plan.leftOut.count - limit
    if more > 0 {
      line.put(#"],"z":["#)
      line.put(more)
    }
  }
}

extension RoutingRequest {
  /// What the answers have together where `guess` is what such a request's answer has.
  func usualTokens(guess: Int) -> Int {
    let (tokens, overflow) = min(guess, maxOutputTokens ?? .max).multipliedReportingOverflow(
      by: max(1, choiceCount))
    return overflow ? .max : tokens
  }
}

extension OutputSpan<UInt8> {
  /// What every candidate has, with a comma behind each.
  fileprivate mutating func put(_ index: Int, _ cost: Money, _ nanoseconds: Int64?) {
    put(index)
    put(",")
    put(Int(clamping: cost.picodollars))
    put(",")
    put(Int(nanoseconds ?? -1))
    put(",")
  }

  fileprivate mutating func put(further number: Int) {
    put(",")
    put(number)
  }
}

extension RankingStrategy {
  /// The raw value, which would build a String for every line.
  fileprivate var literal: StaticString {
    switch self {
    case .cost: "cost"
    case .speed: "speed"
    case .quality: "quality"
    case .weighted: "weighted"
    }
  }
}

extension Intent {
  fileprivate var literal: StaticString {
    switch self {
    case .codeGeneration: "code_generation"
    case .education: "education"
    case .writing: "writing"
    case .translation: "translation"
    case .summarization: "summarization"
    case .analysis: "analysis"
    case .general: "general"
    }
  }
}
