import Accounting
package import GatewayTypes
package import Health
package import Routing

/// A plan in words: every candidate, why it is where it is, and what would have chosen it.
package struct Explanation: Sendable {
  /// One candidate, in the order of the plan and then those left out.
  package struct Row: Sendable {
    package var candidate: Candidate
    /// From 1; nil for one that is left out.
    package var rank: Int?
    package var expectedCost: Money
    package var expectedNanoseconds: Int64?
    /// Of the answers together.
    package var expectedOutputTokens: Int
    /// The chance of coming first, in millionths; nil where chance decides nothing.
    package var sharePerMillion: Int?
    package var isBoosted = false
    package var isPenalized: Bool
    /// As the plan knew it: nil for one whose health was not asked.
    package var circuit: CircuitStatus?
    /// When it may be tried again, as text.
    package var retryAt: String?
    package var reasons: [String]
    package var limits: CallLimits
    /// What puts it first; empty for the first itself, nil when nothing known does.
    package var changes: [RoutingChange]?
    /// The same in words.
    package var changeText: String?
  }

  package var strategy: RankingStrategy
  package var intent: Intent
  package var rows: [Row] = []

  /// Changes are worked out for so many of `count` candidates: each asks the router several times anew, and an
  /// answer is not to hold up its loop.
  static func changedCount(of count: Int) -> Int {
    min(DecisionLine.maximumCandidateCount, max(8, 6_400 / max(1, count)))
  }

  /// Explains `plan`, made at `now` of the situation that `counterfactual` is; `time` gives a moment as text, and
  /// `user` is whose request it is.
  package init(
    _ request: RoutingRequest, _ plan: RoutePlan, roster: Roster, limits: [CallLimits],
    counterfactual: Counterfactual, user: String?, now: MonotonicTime, time: (MonotonicTime) -> String
  ) {
    strategy = request.strategy
    intent = request.intent
    for (place, choice) in plan.order.enumerated() {
      rows.append(
        Row(
          candidate: roster.candidates[choice.index], rank: place + 1, expectedCost: choice.expectedCost,
          expectedNanoseconds: choice.expectedNanoseconds,
          expectedOutputTokens: choice.expected.outputTokens, sharePerMillion: choice.sharePerMillion,
          isBoosted: choice.isBoosted,
          isPenalized: choice.isPenalized, circuit: choice.isOnTrial ? .halfOpen : .closed,
          reasons: choice.reasons(strategy: request.strategy, intent: request.intent, user: user),
          limits: limits[choice.index]))
    }
    for left in plan.leftOut {
      rows.append(
        Row(
          candidate: roster.candidates[left.index], expectedCost: left.expectedCost,
          expectedNanoseconds: left.expectedNanoseconds,
          expectedOutputTokens: left.expected.outputTokens, isPenalized: left.isPenalized,
          circuit: left.reason.circuit, retryAt: left.retryAt.map(time),
          reasons: [left.reason.sentence(retryAt: left.retryAt, now: now)], limits: limits[left.index]))
    }
    let indices = plan.order.map(\.index) + plan.leftOut.map(\.index)
    compare(indices, counterfactual, time: time)
  }

  /// Explains a decision of the past.
  package init(_ decision: Decision) {
    strategy = decision.request.strategy
    intent = decision.request.intent
    for (place, candidate) in decision.candidates.enumerated() {
      rows.append(
        Row(
          candidate: decision.roster.candidates[candidate.index],
          rank: candidate.reason == nil ? place + 1 : nil, expectedCost: candidate.expectedCost,
          expectedNanoseconds: candidate.expectedNanoseconds,
          expectedOutputTokens: candidate.expected.outputTokens,
          sharePerMillion: candidate.sharePerMillion, isBoosted: candidate.isBoosted,
          isPenalized: candidate.isPenalized,
          circuit: candidate.reason.map(\.circuit) ?? (candidate.isOnTrial ? .halfOpen : .closed),
          retryAt: candidate.retryAt?.textSince1970,
          reasons: candidate.reasons(in: decision.request, at: decision.plannedAt),
          limits: decision.limits[candidate.index]))
    }
    compare(decision.candidates.map(\.index), decision.counterfactual, time: \.textSince1970)
  }

  /// Says of each row whom it stood behind, and what would have put it first; `indices` are the rows' in the
  /// roster.
  private mutating func compare(
    _ indices: [Int], _ counterfactual: Counterfactual, time: (MonotonicTime) -> String
  ) {
    let first = rows.first?.rank == nil ? nil : indices.first
    if let chosen {
      for row in rows.indices.dropFirst() where rows[row].rank != nil {
        rows[row].reasons.append("behind \(chosen)")
      }
    }
    // Where the rules are not those that it was planned by, nothing can be said.
    guard counterfactual.plan().order.first?.index == first else { return }
    for row in rows.indices.prefix(Self.changedCount(of: rows.count)) {
      rows[row].changes = counterfactual.changes(choosing: indices[row])
      guard let changes = rows[row].changes, !changes.isEmpty else { continue }
      rows[row].changeText = changes.map { $0.sentence(time: time) }.joined(separator: ", and ")
    }
  }

  /// Of all changes the one that had the least to change: that of the next in order, or, where nobody was
  /// ranked behind the first, of the first that was left out and has one.
  package var nearest: Row? {
    rows.dropFirst(rows.first?.rank == nil ? 0 : 1).first { $0.changeText != nil }
  }

  /// Who comes first.
  package var chosen: ProviderID? {
    rows.first.flatMap { $0.rank == nil ? nil : $0.candidate.id }
  }
}

extension LeftOutReason {
  /// What the breaker was, as far as the reason tells: it is asked before the limits.
  fileprivate var circuit: CircuitStatus? {
    switch self {
    case .unavailable(.circuitOpen): .open
    case .unavailable(.trialsTaken): .halfOpen
    case .unavailable(.setDown): nil
    case .unavailable: .closed
    // Its health may have been asked, but the reason does not tell.
    case .aboveMaxCost, .unbounded: nil
    case .disabled, .notAllowedForKey, .lacks, .contextTooSmall, .overBudget: nil
    }
  }
}

extension MonotonicTime {
  /// RFC 3339, of a time that is nanoseconds since 1970; rounded up to milliseconds.
  package var textSince1970: String {
    let milliseconds = (nanoseconds + 999_999) / 1_000_000
    var bytes: [UInt8] = []
    Timestamp(millisecondsSince1970: max(0, milliseconds)).appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
