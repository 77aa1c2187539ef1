internal import GatewayTypes
internal import HTTP
internal import JSON
internal import Providers
internal import Routing

/// `POST /routing/explain`: what would be chosen now, and why. It calls nobody and changes nothing.
struct ExplainHandler {
  /// The plan of `call` in words.
  func response(for call: ChatCall, budgetLeft: Money?, now: MonotonicTime) -> Response {
    let plan = call.plan(budgetLeft: budgetLeft, now: now)
    let candidates = call.snapshot.roster.candidates
    var writer = JSONWriter(reserveCapacity: 2_048)
    writer.beginObject()
    writer.member("intent", call.intent.rawValue)
    writer.member("strategy", call.strategy.rawValue)
    writer.optionalMember("chosen", plan.order.first.map { candidates[$0.index].id.text })
    writer.key("candidates")
    writer.beginArray()
    for (rank, choice) in plan.order.enumerated() {
      writer.candidate(
        candidates[choice.index], rank: rank + 1, choice.expected, isPenalized: choice.isPenalized,
        share: choice.sharePerMillion,
        reasons: choice.reasons(strategy: call.strategy, intent: call.intent, user: call.request.userID))
    }
    for left in plan.leftOut {
      writer.candidate(
        candidates[left.index], rank: nil, left.expected, isPenalized: false, share: nil,
        reasons: [left.reason.sentence(retryAt: left.retryAt, now: now)])
    }
    writer.endArray()
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }
}

extension JSONWriter {
  /// `rank` counts from 1; without one the candidate is left out.
  fileprivate mutating func candidate(
    _ candidate: Candidate, rank: Int?, _ expected: Expectation, isPenalized: Bool, share: Int?,
    reasons: [String]
  ) {
    beginObject()
    member("provider", candidate.id.text)
    member("model", candidate.model)
    optionalMember("rank", rank)
    member("expected_cost", expected.cost)
    optionalMember("expected_latency_ms", expected.nanoseconds.map { Int($0 / 1_000_000) })
    member("expected_output_tokens", expected.outputTokens)
    member("quality_score", candidate.qualityScore)
    member("eligible", rank != nil)
    member("penalized", isPenalized)
    // The chance of being first, where chance decides.
    if let share { member("share", Double(share) / 1e6) }
    key("reasons")
    beginArray()
    for reason in reasons { value(reason) }
    endArray()
    endObject()
  }
}
