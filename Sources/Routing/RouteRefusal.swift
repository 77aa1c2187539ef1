package import GatewayTypes
import Health

/// Why a request cannot be routed: one case for each answer that a caller may get.
package enum RouteRefusal: Hashable, Sendable {
  /// 404 `model_not_found`.
  case modelNotFound
  /// 403: the client's key may use none of those that serve the model.
  case notAllowed
  /// 400: none of those allowed can do all of these.
  case unsupported(CapabilitySet)
  /// 400: the input fits none; the largest context window among those it was held against.
  case contextTooLong(largest: Int)
  /// 402: all are expected to cost more than `max_cost_per_request`; the least that would do.
  case aboveMaxCost(cheapest: Money)
  /// 402: the budget has no more than this left.
  case overBudget(left: Money)
  /// 402: there is a budget, and nothing bounds what the request may cost; the first one's sentence.
  case unbounded(UnboundedCost)
  /// 429: only rate limits stand in the way.
  case rateLimited(retryAt: MonotonicTime?)
  /// 503: those that could answer may not be called now.
  case unavailable(retryAt: MonotonicTime?)
}

extension RouteRefusal {
  /// Sums up why nobody is left. What waiting mends goes before what the caller would have to change,
  /// and that before what no change of the request mends.
  init(modelIsKnown: Bool, leftOut: [LeftOutCandidate]) {
    guard modelIsKnown else {
      self = .modelNotFound
      return
    }
    var isForbidden = false
    var missing: CapabilitySet = []
    var largestWindow: Int?
    var cheapest: Money?
    var budgetLeft: Money?
    var unbounded: UnboundedCost?
    var onlyRateLimits: Bool?
    for candidate in leftOut {
      switch candidate.reason {
      case .disabled: break
      case .notAllowedForKey: isForbidden = true
      case .lacks(let capabilities): missing.formUnion(capabilities)
      case .contextTooSmall(_, let window): largestWindow = max(window, largestWindow ?? 0)
      case .aboveMaxCost(let expected, _): cheapest = min(expected, cheapest ?? expected)
      case .overBudget(_, let left): budgetLeft = left
      case .unbounded(let cause): unbounded = unbounded ?? cause
      case .unavailable(let reason): onlyRateLimits = (onlyRateLimits ?? true) && reason.isRateLimit
      }
    }
    let retryAt = leftOut.lazy.compactMap(\.retryAt).min()
    if let onlyRateLimits {
      self = onlyRateLimits ? .rateLimited(retryAt: retryAt) : .unavailable(retryAt: retryAt)
    } else if let cheapest {
      self = .aboveMaxCost(cheapest: cheapest)
    } else if let budgetLeft {
      self = .overBudget(left: budgetLeft)
    } else if let unbounded {
      self = .unbounded(unbounded)
    } else if let largestWindow {
      self = .contextTooLong(largest: largestWindow)
    } else if !missing.isEmpty {
      self = .unsupported(missing)
    } else {
      self = isForbidden ? .notAllowed : .unavailable(retryAt: nil)
    }
  }
}
