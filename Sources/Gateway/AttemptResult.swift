internal import GatewayTypes
internal import Health
internal import Providers

/// What one attempt at a provider brought.
enum AttemptResult {
  case answered(ChatAnswer, timeToFirstByte: Duration)
  case failed(ProviderFailure)
  /// The caller hung up; what the provider had used by then, as far as it can be told.
  case cancelled(TokenUsage)

  /// The word of `attempts` in answers.
  var name: String {
    switch self {
    case .answered: "success"
    case .failed(let failure): failure.failureClass.rawValue
    case .cancelled: "cancelled"
    }
  }

  var failure: ProviderFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }

  /// What is to be paid for.
  var usage: TokenUsage? {
    switch self {
    case .answered(let answer, _): answer.usage
    case .failed(let failure): failure.usage
    case .cancelled(let usage): usage
    }
  }

  /// What the provider's health is told.
  func healthOutcome(latency: Duration) -> AttemptOutcome {
    switch self {
    case .answered(let answer, _):
      .success(latency: latency, timeToFirstToken: nil, usage: answer.usage)
    case .failed(let failure):
      .failure(failure.failureClass, retryAfter: failure.retryAfter)
    case .cancelled(let usage):
      .cancelled(usage: usage)
    }
  }
}
