package import Accounting
package import GatewayTypes
package import Health
import JSON
package import Routing

/// A decision that was read back: what was asked, who could have answered, and what came of it.
///
/// Its roster has only those providers that were candidates, in the file's order, and its indices are places
/// there. Its monotonic times are nanoseconds since 1970.
package struct Decision: Sendable {
  package var id: String
  /// When the request ended, as in the ledger.
  package var time: Timestamp
  package var plannedAt: MonotonicTime
  /// From the decision on.
  package var deadline: Duration
  package var isStrategyAsked: Bool
  package var model: AskedModel
  /// Asks for any model, and for a key that may use those that the caller's key could.
  package var request: RoutingRequest
  package var roster: Roster
  package var limits: [CallLimits]
  package var policy: RoutingPolicy
  /// Those ranked, the first in front, then those left out.
  package var candidates: [DecidedCandidate] = []
  package var attempts: [DecisionAttempt]
  /// Candidates beyond those that a line has room for.
  package var omittedCount: Int

  /// In 2255: nanoseconds since 1970 fit 64 bits until 2262.
  private static let latestMilliseconds = 9_000_000_000_000
  private static let largestCount = 1_000_000_000_000
  private static let largestChoiceCount = 1_000_000

  /// The key of the heading that a line names; nil for a line that is no decision.
  static func headingKey(_ document: JSONDocument) -> UInt64? {
    document.text("r", of: document.root).flatMap { UInt64($0, radix: 16) }
  }

  /// Reads `line` with the heading that it names; nil when it is no decision.
  package init?(line: [UInt8], heading: DecisionHeading) {
    guard let document = try? JSONDocument(parsing: line) else { return nil }
    self.init(document, heading)
  }

  init?(_ document: JSONDocument, _ heading: DecisionHeading) {
    let root = document.root
    guard let milliseconds = document.number("t", of: root),
      (0...Self.latestMilliseconds).contains(milliseconds),
      let id = document.text("i", of: root), let waited = document.number("w", of: root),
      (0...milliseconds).contains(waited),
      let strategy = document.text("s", of: root).flatMap({ RankingStrategy(rawValue: $0) }),
      let intent = document.text("n", of: root).flatMap({ Intent(rawValue: $0) }),
      let inputTokens = document.number("in", of: root), let bound = document.number("ib", of: root),
      let outputTokens = document.number("o", of: root), let needs = document.number("k", of: root),
      let ranked = document.member("c", of: root), let leftOut = document.member("x", of: root)
    else { return nil }
    // Beyond any request; sums of such numbers do not overflow.
    let maxOutputTokens = document.number("mo", of: root)
    let choiceCount = document.number("ch", of: root) ?? 1
    guard
      [inputTokens, bound, outputTokens, maxOutputTokens ?? 0].allSatisfy((0...Self.largestCount).contains),
      (0...Self.largestChoiceCount).contains(choiceCount)
    else { return nil }
    self.id = id
    time = Timestamp(millisecondsSince1970: Int64(milliseconds))
    plannedAt = MonotonicTime(nanoseconds: Int64(milliseconds - waited) * 1_000_000)
    deadline = .milliseconds(document.number("d", of: root) ?? 0)
    isStrategyAsked = (document.number("f", of: root) ?? 0) & 1 == 1
    model = AskedModel(document.text("m", of: root))
    omittedCount =
      document.member("z", of: root).flatMap { document.numbers($0)?.first } ?? 0
    request = RoutingRequest(
      strategy: strategy, intent: intent, inputTokens: inputTokens, inputTokenBound: bound,
      outputTokens: outputTokens, maxOutputTokens: maxOutputTokens, choiceCount: choiceCount,
      needs: CapabilitySet(rawValue: UInt8(truncatingIfNeeded: needs)),
      maxCost: document.number("mc", of: root).map { Money(picodollars: Int128($0)) },
      budgetLeft: document.number("bl", of: root).map { Money(picodollars: Int128($0)) },
      random: document.text("q", of: root).flatMap { UInt64($0, radix: 16) } ?? 0)

    var rows: [(numbers: [Int], isRanked: Bool)] = []
    for (array, isRanked) in [(ranked, true), (leftOut, false)] {
      for element in document.elements(of: array) {
        guard let numbers = document.numbers(element), numbers.count >= Self.numberCount(isRanked, strategy),
          heading.candidates.indices.contains(numbers[0])
        else { return nil }
        rows.append((numbers, isRanked))
      }
    }
    let indices = rows.map(\.numbers[0]).sorted()
    var places: [Int: Int] = [:]
    for (place, index) in indices.enumerated() { places[index] = place }
    guard places.count == rows.count else { return nil }
    let hasAll = indices.count == heading.candidates.count
    roster =
      hasAll
      ? heading.roster : Roster(candidates: indices.map { heading.candidates[$0] }, drawIndices: indices)
    limits = hasAll ? heading.limits : indices.map { heading.limits[$0] }
    policy = heading.policy
    request.warmProvider = document.number("u", of: root).flatMap { places[$0] }

    let usual = request.usualTokens(guess: outputTokens)
    for (numbers, isRanked) in rows {
      let count = Self.numberCount(isRanked, strategy)
      let tokens = numbers.count > count ? numbers[count] : usual
      guard let place = places[numbers[0]], tokens >= 0 else { return nil }
      var candidate = DecidedCandidate(
        index: place,
        expected: Expectation(
          outputTokens: tokens, cost: Money(picodollars: Int128(numbers[1])),
          nanoseconds: numbers[2] < 0 ? nil : Int64(numbers[2])),
        isBoosted: numbers[3] & 1 != 0, isPenalized: numbers[3] & 2 != 0, isOnTrial: numbers[3] & 4 != 0)
      if strategy == .speed { candidate.idleNanoseconds = Int64(max(0, numbers[count - 1])) }
      if isRanked {
        candidate.isWarm = place == request.warmProvider && !candidate.isPenalized
        if strategy == .weighted, numbers[4] >= 0 { candidate.sharePerMillion = min(numbers[4], 1_000_000) }
      } else {
        let code = ReasonCode(code: numbers[4], first: numbers[5], second: numbers[6])
        guard let reason = code.reason(cost: candidate.expectedCost, request: request) else { return nil }
        candidate.reason = reason
        candidate.retryAt = numbers[7] < 0 ? nil : plannedAt + .milliseconds(numbers[7])
      }
      candidates.append(candidate)
    }
    attempts =
      document.member("a", of: root).map { array in
        document.elements(of: array).compactMap { document.attempt($0, heading) }
      } ?? []
    let forbidden = Set(candidates.filter { $0.reason == .notAllowedForKey }.map(\.index))
    if !forbidden.isEmpty {
      request.allowedModels = roster.candidates.enumerated().filter { !forbidden.contains($0.offset) }
        .map(\.element.id.text)
    }
  }

  /// How many numbers a candidate's row has at least.
  private static func numberCount(_ isRanked: Bool, _ strategy: RankingStrategy) -> Int {
    switch strategy {
    case .cost, .quality: isRanked ? 4 : 8
    case .speed: isRanked ? 5 : 9
    case .weighted: isRanked ? 5 : 8
    }
  }

  /// How each candidate stood, as far as the decision depended on it.
  package var standings: [ProviderStanding?] {
    var standings: [ProviderStanding?] = Array(repeating: nil, count: roster.candidates.count)
    func latency(_ nanoseconds: Int64?, _ index: Int) -> LatencyAverage {
      guard let nanoseconds, nanoseconds != roster.candidates[index].latency?.wholeNanoseconds else {
        return LatencyAverage()
      }
      return LatencyAverage(nanoseconds: nanoseconds)
    }
    for candidate in candidates {
      var standing = ProviderStanding(
        retryAt: candidate.retryAt, isPenalized: candidate.isPenalized, isOnTrial: candidate.isOnTrial,
        latency: latency(candidate.expectedNanoseconds, candidate.index),
        // What was expected is of all answers together.
        answer: ExpectedAnswer(exactly: candidate.expected.outputTokens / max(1, request.choiceCount)),
        idleNanoseconds: candidate.idleNanoseconds)
      switch candidate.reason {
      // Its health was asked for what it is expected to take; what it said of calling it is not kept.
      case nil, .aboveMaxCost, .unbounded: break
      case .unavailable(let reason): standing.unavailability = reason
      // Its health was not asked.
      case .disabled, .notAllowedForKey, .lacks, .contextTooSmall, .overBudget: continue
      }
      standings[candidate.index] = standing
    }
    return standings
  }

  /// What one answer usually has, within the caller's bound.
  var usualOutputTokens: Int { min(request.outputTokens, request.maxOutputTokens ?? .max) }

  /// The decision as it would be taken again; to be asked for what would have changed it.
  package var counterfactual: Counterfactual {
    var unbounded: [Int: UnboundedCost] = [:]
    for candidate in candidates {
      if case .unbounded(let cause) = candidate.reason { unbounded[candidate.index] = cause }
    }
    return Counterfactual(
      request: request, roster: roster, policy: policy, limits: limits, standings: standings,
      unbounded: unbounded)
  }
}

extension JSONDocument {
  fileprivate func attempt(_ node: JSONNode, _ heading: DecisionHeading) -> DecisionAttempt? {
    let parts = Array(elements(of: node))
    guard parts.count >= 3, let index = int(parts[0]), heading.candidates.indices.contains(index),
      let outcome = string(parts[1]), let milliseconds = int(parts[2])
    else { return nil }
    return DecisionAttempt(
      provider: heading.candidates[index].id, outcome: outcome, latencyMilliseconds: milliseconds)
  }
}
