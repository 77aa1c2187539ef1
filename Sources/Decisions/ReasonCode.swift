import GatewayTypes
import Health
import Routing

/// A reason for leaving a provider out, as the three numbers that a line has for it. The codes are written to
/// disk: a new reason takes a new one.
struct ReasonCode {
  var code: Int
  var first = 0
  var second = 0

  init(code: Int, first: Int = 0, second: Int = 0) {
    self.code = code
    self.first = first
    self.second = second
  }

  init(_ reason: LeftOutReason) {
    switch reason {
    case .disabled: self.init(code: 0)
    case .notAllowedForKey: self.init(code: 1)
    case .lacks(let missing): self.init(code: 2, first: Int(missing.rawValue))
    case .contextTooSmall(let tokens, let window): self.init(code: 3, first: tokens, second: window)
    case .aboveMaxCost: self.init(code: 4)
    case .overBudget(let inputCost, _): self.init(code: 5, first: Int(clamping: inputCost.picodollars))
    case .unbounded(let cause): self.init(code: 6, first: cause.rawValue)
    case .unavailable(.setDown): self.init(code: 10)
    case .unavailable(.circuitOpen(let failure)): self.init(code: 11, first: failure?.decisionCode ?? 0)
    case .unavailable(.trialsTaken): self.init(code: 12)
    case .unavailable(.heldAfterRateLimit): self.init(code: 13)
    case .unavailable(.coolingDown): self.init(code: 14)
    case .unavailable(.requestLimitReached): self.init(code: 15)
    case .unavailable(.tokenLimitReached): self.init(code: 16)
    case .unavailable(.aboveTokenLimit): self.init(code: 17)
    case .unavailable(.concurrencyLimitReached): self.init(code: 18)
    }
  }

  /// The reason; nil for a code that is none of ours. What it shares with the request comes from there.
  func reason(cost: Money, request: RoutingRequest) -> LeftOutReason? {
    switch code {
    case 0: .disabled
    case 1: .notAllowedForKey
    case 2: .lacks(CapabilitySet(rawValue: UInt8(truncatingIfNeeded: first)))
    case 3: .contextTooSmall(inputTokens: first, contextWindow: second)
    case 4: .aboveMaxCost(expected: cost, maximum: request.maxCost ?? .zero)
    case 5: .overBudget(inputCost: Money(picodollars: Int128(first)), left: request.budgetLeft ?? .zero)
    case 6: UnboundedCost(rawValue: first).map { .unbounded($0) }
    case 10: .unavailable(.setDown)
    case 11: .unavailable(.circuitOpen(FailureClass(decisionCode: first)))
    case 12: .unavailable(.trialsTaken)
    case 13: .unavailable(.heldAfterRateLimit)
    case 14: .unavailable(.coolingDown)
    case 15: .unavailable(.requestLimitReached)
    case 16: .unavailable(.tokenLimitReached)
    case 17: .unavailable(.aboveTokenLimit)
    case 18: .unavailable(.concurrencyLimitReached)
    default: nil
    }
  }
}

extension FailureClass {
  fileprivate var decisionCode: Int {
    switch self {
    case .transient: 1
    case .timeout: 2
    case .rateLimited: 3
    case .quotaExceeded: 4
    case .credential: 5
    case .modelNotFound: 6
    case .invalidRequest: 7
    case .contextTooLong: 8
    case .malformedResponse: 9
    }
  }

  fileprivate init?(decisionCode code: Int) {
    guard let known = Self.allCases.first(where: { $0.decisionCode == code }) else { return nil }
    self = known
  }
}
