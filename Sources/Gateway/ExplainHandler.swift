internal import Accounting
internal import Decisions
internal import GatewayTypes
internal import HTTP
internal import Health
internal import JSON
internal import Providers
internal import Routing

/// `POST /routing/explain`: what would be chosen now, and why. It calls nobody and changes nothing.
struct ExplainHandler {
  /// The plan of `call` in words. `wallClock` is `now` on the wall.
  func response(for call: ChatCall, budgetLeft: Money?, now: MonotonicTime, wallClock: Timestamp) -> Response
  {
    let explanation = Explanation(of: call, budgetLeft: budgetLeft, now: now) { time in
      (wallClock + (time - now)).text
    }
    var writer = JSONWriter(reserveCapacity: 2_048)
    writer.beginObject()
    writer.member("intent", explanation.intent.rawValue)
    writer.member("strategy", explanation.strategy.rawValue)
    writer.optionalMember("chosen", explanation.chosen?.text)
    writer.key("candidates")
    writer.beginArray()
    for row in explanation.rows { writer.candidate(row) }
    writer.endArray()
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }
}

extension Explanation {
  /// What `call` would be answered by now; `time` gives a moment as text.
  init(of call: ChatCall, budgetLeft: Money?, now: MonotonicTime, time: (MonotonicTime) -> String) {
    let routing = call.routingRequest(budgetLeft: budgetLeft, now: now)
    let snapshot = call.snapshot
    // From one moment, so that asking again gives the same plan.
    let standings = snapshot.providers.map {
      $0.health.standing(tokens: routing.inputTokens, kind: call.comparedKind(routing), now: now)
    }
    let situation = Counterfactual(
      request: routing, roster: snapshot.roster, policy: snapshot.policy, limits: snapshot.limits,
      standings: standings,
      unbounded: budgetLeft == nil ? [:] : UnboundedCost.causes(for: call.request, in: snapshot))
    self.init(
      routing, situation.plan(), roster: snapshot.roster, limits: snapshot.limits, counterfactual: situation,
      user: call.request.userID, now: now, time: time)
  }
}

extension Timestamp {
  /// The time `duration` later, rounded up to milliseconds; within the years that have a text.
  fileprivate static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let milliseconds = (duration.wholeNanoseconds / 1_000 + 999) / 1_000
    return Timestamp(
      millisecondsSince1970: min(max(0, time.millisecondsSince1970 + milliseconds), Self.latest))
  }
}

extension JSONWriter {
  /// `rank` counts from 1; without one the candidate is left out.
  fileprivate mutating func candidate(_ row: Explanation.Row) {
    beginObject()
    member("provider", row.candidate.id.text)
    member("model", row.candidate.model)
    optionalMember("rank", row.rank)
    member("expected_cost", row.expectedCost)
    optionalMember("expected_latency_ms", row.expectedNanoseconds.map { Int($0 / 1_000_000) })
    member("expected_output_tokens", row.expectedOutputTokens)
    member("quality_score", row.candidate.qualityScore)
    member("eligible", row.rank != nil)
    member("penalized", row.isPenalized)
    // The chance of being first, where chance decides.
    if let share = row.sharePerMillion { member("share", Double(share) / 1e6) }
    key("reasons")
    beginArray()
    for reason in row.reasons { value(reason) }
    endArray()
    row.writeSmallestChange(to: &self)
    endObject()
  }
}
