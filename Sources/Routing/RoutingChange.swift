package import GatewayTypes

/// One thing that could have been different where a provider was chosen. A bound is the last value that does.
package enum RoutingChange: Hashable, Sendable {
  /// Per input token.
  case inputPrice(atMost: Money)
  /// Per output token.
  case outputPrice(atMost: Money)
  /// Per token, in and out alike.
  case tokenPrice(atMost: Money)
  case requestFee(atMost: Money)
  case priority(atMost: Int)
  /// In millionths.
  case quality(atLeast: Int64)
  /// The `latency_ms` of the file, which counts until there is something observed.
  case configuredLatency(atMostMilliseconds: Int64)
  case observedLatency(atMostNanoseconds: Int64)
  /// Of the strategy `weighted`.
  case weight(atLeastThousandths: Int)
  /// Fewer failures lately.
  case noPenalty
  /// Nobody in front for the user's prompt cache.
  case withoutStickiness
  /// Listed in `routing.intents`, or by its specialties.
  case preferredFor(Intent)
  /// Asked later; nil when nobody knows how much.
  case wait(until: MonotonicTime?)
  /// Not set down by hand.
  case setUp
  case requestsPerMinute(atLeast: Int)
  case tokensPerMinute(atLeast: Int)
  case concurrency(atLeast: Int)
  case contextWindow(atLeast: Int)
  /// `max_cost_per_request`.
  case maxCost(atLeast: Money)
  /// What the budgets have left.
  case budgetLeft(atLeast: Money)
  case enabled
  case allowedForKey
  /// A request that does not need these.
  case without(CapabilitySet)
}

extension RoutingChange {
  /// How a field's value relates to the change's.
  package enum Relation: Hashable, Sendable {
    case atMost, atLeast, equal
  }

  /// A change for a program to read: a field, and a number that bounds it, as decimal text.
  package var bound: (field: String, relation: Relation, value: String?) {
    switch self {
    case .inputPrice(let price):
      ("input_cost_per_million_tokens", .atMost, "\(price * 1_000_000)")
    case .outputPrice(let price):
      ("output_cost_per_million_tokens", .atMost, "\(price * 1_000_000)")
    case .tokenPrice(let price): ("cost_per_token", .atMost, "\(price)")
    case .requestFee(let fee): ("cost_per_request", .atMost, "\(fee)")
    case .priority(let priority): ("priority", .atMost, "\(priority)")
    case .quality(let millionths):
      ("quality_score", .atLeast, "\(Money(picodollars: Int128(millionths) * 1_000_000))")
    case .configuredLatency(let milliseconds): ("latency_ms", .atMost, "\(milliseconds)")
    case .observedLatency(let nanoseconds):
      ("observed_latency_ms", .atMost, "\(Money(picodollars: Int128(nanoseconds) * 1_000_000))")
    case .weight(let thousandths):
      ("weight", .atLeast, "\(Money(picodollars: Int128(thousandths) * 1_000_000_000))")
    case .noPenalty: ("penalized", .equal, nil)
    case .withoutStickiness: ("routing.sticky", .equal, nil)
    case .preferredFor: ("routing.intents", .equal, nil)
    case .wait: ("time", .atLeast, nil)
    case .setUp: ("is_down", .equal, nil)
    case .requestsPerMinute(let limit): ("rate_limit_rpm", .atLeast, "\(limit)")
    case .tokensPerMinute(let limit): ("rate_limit_tpm", .atLeast, "\(limit)")
    case .concurrency(let limit): ("max_concurrency", .atLeast, "\(limit)")
    case .contextWindow(let tokens): ("context_window", .atLeast, "\(tokens)")
    case .maxCost(let cost): ("max_cost_per_request", .atLeast, "\(cost)")
    case .budgetLeft(let left): ("budget_left", .atLeast, "\(left)")
    case .enabled: ("enabled", .equal, nil)
    case .allowedForKey: ("keys.models", .equal, nil)
    case .without: ("request", .equal, nil)
    }
  }

  /// A change in words; `time` says when a moment was or will be.
  package func sentence(time: (MonotonicTime) -> String) -> String {
    switch self {
    case .inputPrice(let price):
      "input price at or below \(price * 1_000_000) USD per million tokens"
    case .outputPrice(let price):
      "output price at or below \(price * 1_000_000) USD per million tokens"
    case .tokenPrice(let price):
      "input and output price at or below \(price * 1_000_000) USD per million tokens"
    case .requestFee(let fee): "cost_per_request at or below \(fee) USD"
    case .priority(let priority): "priority below \(priority + 1)"
    case .quality: "quality_score at or above \(bound.value ?? "")"
    case .configuredLatency(let milliseconds): "latency_ms at or below \(milliseconds)"
    case .observedLatency: "an observed latency at or below \(bound.value ?? "") ms"
    case .weight: "weight at or above \(bound.value ?? "")"
    case .withoutStickiness: "routing.sticky off, or later than it says"
    case .noPenalty: "a share of failures at or below penalty.threshold"
    case .preferredFor(let intent): "listed in routing.intents.\(intent.rawValue)"
    case .wait(let until?): "wait until \(time(until))"
    case .wait(nil): "wait until nothing stands in the way; nobody knows how long"
    case .setUp: "set up again: POST /simulate/failure with down=false"
    case .requestsPerMinute(let limit): "raise rate_limit_rpm above \(limit - 1)"
    case .tokensPerMinute(let limit): "raise rate_limit_tpm above \(limit - 1)"
    case .concurrency(let limit): "raise max_concurrency above \(limit - 1)"
    case .contextWindow(let tokens): "context_window at least \(tokens)"
    case .maxCost(let cost): "max_cost_per_request at least \(cost) USD"
    case .budgetLeft(let left): "at least \(left) USD left of the budget"
    case .enabled: "enabled in the configuration"
    case .allowedForKey: "named in the client key's models"
    case .without(let needs): "a request without \(needs.names.joined(separator: ", "))"
    }
  }
}
