internal import GatewayTypes
internal import Health
internal import Providers

/// What one attempt at a provider brought.
enum AttemptResult {
  case answered(ChatAnswer, timeToFirstToken: Duration)
  /// Nothing reached the caller: another provider may do better.
  case failed(ProviderFailure)
  /// A stream broke off after the caller had some of it: there is no way back.
  case broken(ProviderFailure, TokenUsage, timeToFirstToken: Duration)
  /// The caller hung up; what the provider had used by then, as far as it can be told.
  case cancelled(TokenUsage)
  /// The provider's protocol has no words for something in the request; nothing was sent.
  case untranslatable(RequestError)

  /// The word of `attempts` in answers.
  var name: String {
    switch self {
    case .answered: "success"
    case .failed(let failure), .broken(let failure, _, _): failure.failureClass.rawValue
    case .cancelled: "cancelled"
    case .untranslatable: "unsupported"
    }
  }

  var failure: ProviderFailure? {
    switch self {
    case .failed(let failure), .broken(let failure, _, _): failure
    case .answered, .cancelled, .untranslatable: nil
    }
  }

  /// What is to be paid for.
  var usage: TokenUsage? {
    switch self {
    case .answered(let answer, _): answer.usage
    case .failed(let failure): failure.usage
    case .broken(_, let usage, _), .cancelled(let usage): usage
    case .untranslatable: nil
    }
  }

  /// Nil when the caller got nothing.
  var timeToFirstToken: Duration? {
    switch self {
    case .answered(_, let time), .broken(_, _, let time): time
    case .failed, .cancelled, .untranslatable: nil
    }
  }

  /// What the provider's health is told. `isStream` says whether there was a first token to wait for.
  func healthOutcome(latency: Duration, isStream: Bool) -> AttemptOutcome {
    switch self {
    case .answered(let answer, let timeToFirstToken):
      .success(latency: latency, timeToFirstToken: isStream ? timeToFirstToken : nil, usage: answer.usage)
    case .failed(let failure):
      .failure(failure.failureClass, retryAfter: failure.retryAfter, usage: failure.usage)
    case .broken(let failure, let usage, _):
      .failure(failure.failureClass, retryAfter: failure.retryAfter, usage: usage)
    case .cancelled(let usage): .cancelled(usage: usage)
    case .untranslatable: .callerFault
    }
  }
}
