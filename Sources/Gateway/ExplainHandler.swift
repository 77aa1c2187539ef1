internal import GatewayTypes
internal import HTTP
internal import JSON
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
        candidates[choice.index].id, rank: rank + 1, cost: choice.expectedCost,
        nanoseconds: choice.expectedNanoseconds,
        reasons: choice.reasons(strategy: call.strategy, intent: call.intent))
    }
    for left in plan.leftOut {
      writer.candidate(
        candidates[left.index].id, rank: nil, cost: left.expectedCost, nanoseconds: left.expectedNanoseconds,
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
    _ id: ProviderID, rank: Int?, cost: Money, nanoseconds: Int64?, reasons: [String]
  ) {
    beginObject()
    member("provider", id.text)
    optionalMember("rank", rank)
    member("expected_cost", cost)
    optionalMember("expected_latency_ms", nanoseconds.map { Int($0 / 1_000_000) })
    member("eligible", rank != nil)
    key("reasons")
    beginArray()
    for reason in reasons { value(reason) }
    endArray()
    endObject()
  }
}
