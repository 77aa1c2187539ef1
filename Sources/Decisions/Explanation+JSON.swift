import GatewayTypes
import Health
package import JSON
import Routing

extension Explanation.Row {
  /// The changes as `{"text","changes":[{"field","at_most"|"at_least"}]}`; null when there are none.
  package func writeSmallestChange(to writer: inout JSONWriter) {
    writer.key("smallest_change")
    guard let changeText, let changes else { return writer.null() }
    writer.beginObject()
    writeChange(changeText, changes, to: &writer)
    writer.endObject()
  }

  private func writeChange(_ text: String, _ changes: [RoutingChange], to writer: inout JSONWriter) {
    writer.member("text", text)
    writer.key("changes")
    writer.beginArray()
    for change in changes {
      let (field, relation, value) = change.bound
      writer.beginObject()
      writer.member("field", field)
      if let value {
        switch relation {
        case .atMost: writer.member("at_most", raw: Array(value.utf8))
        case .atLeast: writer.member("at_least", raw: Array(value.utf8))
        case .equal: writer.member("value", raw: Array(value.utf8))
        }
      }
      writer.endObject()
    }
    writer.endArray()
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("provider", candidate.id.text)
    writer.member("model", candidate.model)
    writer.optional("rank", rank)
    writer.member("eligible", rank != nil)
    writer.member("expected_cost", money: expectedCost)
    writer.optional("expected_latency_ms", expectedNanoseconds.map { Int($0 / 1_000_000) })
    writer.member("expected_output_tokens", expectedOutputTokens)
    // The chance of being first, where chance decided.
    if let sharePerMillion { writer.member("share", Double(sharePerMillion) / 1e6) }
    writer.member("boosted", isBoosted)
    writer.member("penalized", isPenalized)
    writer.optional("circuit_status", circuit?.rawValue)
    writer.optional("retry_at", retryAt)
    writer.key("prices")
    writer.beginObject()
    writer.member("input_cost_per_million_tokens", money: candidate.prices.input * 1_000_000)
    writer.member("output_cost_per_million_tokens", money: candidate.prices.output * 1_000_000)
    writer.member("cost_per_request", money: candidate.prices.requestFee)
    writer.endObject()
    writer.key("limits")
    writer.beginObject()
    writer.optional("rate_limit_rpm", limits.requestsPerMinute)
    writer.optional("rate_limit_tpm", limits.tokensPerMinute)
    writer.optional("max_concurrency", limits.concurrency)
    writer.endObject()
    writer.member("priority", candidate.priority)
    writer.member("quality_score", candidate.qualityScore)
    writer.key("reasons")
    writer.beginArray()
    for reason in reasons { writer.value(reason) }
    writer.endArray()
    writeSmallestChange(to: &writer)
    writer.endObject()
  }
}

extension Decision {
  /// Writes the decision as one JSON object: what was asked, every candidate, the attempts, and the smallest
  /// change that would have chosen another.
  package func write(to writer: inout JSONWriter) {
    let explanation = Explanation(self)
    writer.beginObject()
    writer.member("planned_at", plannedAt.textSince1970)
    writer.optional("chosen", explanation.chosen?.text)
    writeAsked(to: &writer)
    writer.key("candidates")
    writer.beginArray()
    for row in explanation.rows { row.write(to: &writer) }
    writer.endArray()
    writer.member("omitted_candidates", omittedCount)
    writer.key("attempts")
    writer.beginArray()
    for attempt in attempts {
      writer.beginObject()
      writer.member("provider", attempt.provider.text)
      writer.member("outcome", attempt.outcome)
      writer.member("latency_ms", attempt.latencyMilliseconds)
      writer.endObject()
    }
    writer.endArray()
    writer.key("smallest_change")
    if let nearest = explanation.nearest {
      writer.beginObject()
      writer.member("provider", nearest.candidate.id.text)
      writer.member("text", nearest.changeText ?? "")
      writer.endObject()
    } else {
      writer.null()
    }
    writer.endObject()
  }

  private func writeAsked(to writer: inout JSONWriter) {
    writer.key("asked")
    writer.beginObject()
    if case .named(let name) = model {
      writer.member("model", name)
    } else {
      writer.member("model", "auto" as StaticString)
    }
    writer.member("strategy", request.strategy.rawValue)
    writer.member("strategy_from", isStrategyAsked ? "request" : "configuration")
    writer.member("intent", request.intent.rawValue)
    writer.member("input_tokens", request.inputTokens)
    writer.member("input_token_bound", request.inputTokenBound)
    writer.member("output_tokens", usualOutputTokens)
    writer.optional("max_output_tokens", request.maxOutputTokens)
    writer.member("choices", request.choiceCount)
    writer.key("needs")
    writer.beginArray()
    for name in request.needs.names { writer.value(name) }
    writer.endArray()
    writer.optional("max_cost_per_request", money: request.maxCost)
    writer.optional("budget_left", money: request.budgetLeft)
    writer.member("timeout_ms", deadline.wholeMilliseconds)
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ key: StaticString, money: Money) {
    self.key(key)
    number(capacity: Money.maximumDecimalSize) { money.appendDecimal(to: &$0) }
  }

  fileprivate mutating func optional(_ key: StaticString, money: Money?) {
    guard let money else { return memberNull(key) }
    member(key, money: money)
  }

  fileprivate mutating func optional(_ key: StaticString, _ number: Int?) {
    guard let number else { return memberNull(key) }
    member(key, number)
  }

  fileprivate mutating func optional(_ key: StaticString, _ text: String?) {
    guard let text else { return memberNull(key) }
    member(key, text)
  }
}
