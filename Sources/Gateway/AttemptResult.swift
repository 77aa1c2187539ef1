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

  /// What the health of the provider is told of an attempt that ended so at `now`.
  func healthOutcome(of attempting: Attempting, started: MonotonicTime, now: MonotonicTime) -> AttemptOutcome
  {
    let isStream = attempting.call.sink != nil
    let latency = now - started
    let isOutOfTime = failure?.failureClass == .timeout && now >= attempting.call.deadline
    switch self {
    case .answered(let answer, let timeToFirstToken):
      return .success(
        latency: latency, timeToFirstToken: isStream ? timeToFirstToken : nil, usage: answer.usage)
    case .failed(let failure) where isOutOfTime:
      return attempting.provider.health.outcome(
        ofDeadlineAfter: latency, isStream: isStream, usage: failure.usage)
    // The provider was at it; without a deadline of the caller's own a stream may last as long as it is.
    case .broken(_, let usage, _) where isOutOfTime && attempting.call.request.timeout != nil:
      return .cancelled(usage: usage)
    case .failed(let failure):
      return .failure(failure.failureClass, retryAfter: failure.retryAfter, usage: failure.usage)
    case .broken(let failure, let usage, _):
      return .failure(failure.failureClass, retryAfter: failure.retryAfter, usage: usage)
    case .cancelled(let usage): return .cancelled(usage: usage)
    case .untranslatable: return .callerFault
    }
  }
}
