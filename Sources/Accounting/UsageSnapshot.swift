import GatewayTypes

/// The totals at one moment, as `GET /stats` shows them.
package struct UsageSnapshot: Sendable {
  /// The same requests, sorted in five ways.
  package struct Groups: Sendable {
    package var byProvider: UsageGroups
    package var byModel: UsageGroups
    package var byUser: UsageGroups
    package var byIntent: UsageGroups
    package var byKey: UsageGroups

    init(limit: Int) {
      let empty = UsageGroups(limit: limit)
      (byProvider, byModel, byUser, byIntent, byKey) = (empty, empty, empty, empty, empty)
    }

    mutating func add(_ other: Groups) {
      byProvider.add(other.byProvider)
      byModel.add(other.byModel)
      byUser.add(other.byUser)
      byIntent.add(other.byIntent)
      byKey.add(other.byKey)
    }
  }

  /// When counting began.
  package var since: Timestamp
  package var total = UsageSum()
  package var lastMinute = UsageSum()
  package var lastHour = UsageSum()
  package var groups: Groups

  init(since: Timestamp, groupLimit: Int) {
    self.since = since
    groups = Groups(limit: groupLimit)
  }
}

extension UsageSnapshot {
  /// Appends the body of `GET /stats`: one object. Amounts are JSON numbers with every digit they need.
  package func appendJSON(to json: inout [UInt8]) {
    json.append(literal: #"{"total_requests":"#)
    json.append(integer: total.requests)
    json.append(literal: #","total_success":"#)
    json.append(integer: total.successes)
    json.append(literal: #","total_failures":"#)
    json.append(integer: total.failures)
    json.append(literal: #","total_tokens":"#)
    json.append(integer: total.totalTokens)
    json.append(literal: #","prompt_tokens":"#)
    json.append(integer: total.promptTokens)
    json.append(literal: #","completion_tokens":"#)
    json.append(integer: total.completionTokens)
    json.append(literal: #","total_cost":"#)
    total.cost.appendDecimal(to: &json)
    json.append(literal: #","success_rate":"#)
    json.append(integer: total.successRateMillionths, scaledDownBy: 6)
    json.append(literal: #","saved_cost":"#)
    total.saved.appendDecimal(to: &json)
    json.append(literal: #","avg_latency_ms":"#)
    json.append(integer: total.averageLatencyMicroseconds, scaledDownBy: 3)
    json.append(literal: #","since":""#)
    since.appendRFC3339(to: &json)
    json.append(literal: #"","last_minute":"#)
    lastMinute.appendJSON(to: &json)
    json.append(literal: #","last_hour":"#)
    lastHour.appendJSON(to: &json)
    json.append(literal: #","by_provider":"#)
    groups.byProvider.appendJSON(to: &json)
    json.append(literal: #","by_model":"#)
    groups.byModel.appendJSON(to: &json)
    json.append(literal: #","by_user":"#)
    groups.byUser.appendJSON(to: &json)
    json.append(literal: #","by_intent":"#)
    groups.byIntent.appendJSON(to: &json)
    json.append(literal: #","by_key":"#)
    groups.byKey.appendJSON(to: &json)
    json.append(UInt8(ascii: "}"))
  }
}

extension UsageSum {
  /// Appends what a group or a window shows.
  func appendJSON(to json: inout [UInt8]) {
    json.append(literal: #"{"requests":"#)
    json.append(integer: requests)
    json.append(literal: #","tokens":"#)
    json.append(integer: totalTokens)
    json.append(literal: #","cost":"#)
    cost.appendDecimal(to: &json)
    json.append(literal: #","failures":"#)
    json.append(integer: failures)
    json.append(literal: #","success":"#)
    json.append(integer: successes)
    json.append(literal: #","success_rate":"#)
    json.append(integer: successRateMillionths, scaledDownBy: 6)
    json.append(literal: #","prompt_tokens":"#)
    json.append(integer: promptTokens)
    json.append(literal: #","completion_tokens":"#)
    json.append(integer: completionTokens)
    json.append(literal: #","avg_latency_ms":"#)
    json.append(integer: averageLatencyMicroseconds, scaledDownBy: 3)
    json.append(UInt8(ascii: "}"))
  }
}
