package import GatewayTypes

/// The sums over some requests: all of them, those of one user, or those of the last minute.
///
/// Whole numbers only, so sums of sums are exact in any order.
package struct UsageSum: Hashable, Sendable {
  package var requests = 0
  /// Answered in full: `success` and `cached`.
  package var successes = 0
  /// `error`, `partial` and `unknown`. A caller that hung up (`cancelled`) is neither.
  package var failures = 0
  package var promptTokens = 0
  package var completionTokens = 0
  package var cost = Money.zero
  /// What the dearest eligible provider would have cost on top.
  package var saved = Money.zero
  /// The latencies of the requests that have one, added up.
  package var latencyMicroseconds = 0
  package var latencyCount = 0

  package init() {}

  /// One request that ended so, without tokens or costs.
  init(status: UsageRecord.Status) {
    requests = 1
    switch status {
    case .success, .cached: successes = 1
    case .error, .partial, .unknown: failures = 1
    case .cancelled: break
    }
  }

  /// The sums over one request.
  package init(_ record: borrowing UsageRecord) {
    self.init(status: record.status)
    promptTokens = record.usage.input
    completionTokens = record.usage.output
    cost = record.cost
    saved = record.saved
    if let latency = record.latency {
      latencyMicroseconds = Int(latency.wholeNanoseconds / 1000)
      latencyCount = 1
    }
  }

  package static func += (left: inout UsageSum, right: UsageSum) {
    left.requests += right.requests
    left.successes += right.successes
    left.failures += right.failures
    left.promptTokens += right.promptTokens
    left.completionTokens += right.completionTokens
    // By the numbers themselves: Money's `+=` is a protocol's, and costs a call through its table.
    left.cost.picodollars += right.cost.picodollars
    left.saved.picodollars += right.saved.picodollars
    left.latencyMicroseconds += right.latencyMicroseconds
    left.latencyCount += right.latencyCount
  }

  package var totalTokens: Int { promptTokens + completionTokens }

  /// The share of successes among those that succeeded or failed, in millionths; 0 when there are none.
  package var successRateMillionths: Int {
    let decided = successes + failures
    return decided == 0 ? 0 : successes * 1_000_000 / decided
  }

  /// 0 when no request has a latency.
  package var averageLatencyMicroseconds: Int {
    latencyCount == 0 ? 0 : latencyMicroseconds / latencyCount
  }
}
