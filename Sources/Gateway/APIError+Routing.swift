internal import Accounting
internal import GatewayTypes
internal import Health
internal import Providers
internal import Routing

/// The answers to what went wrong between routing and the providers.
extension APIError {
  /// There was nothing to try.
  init(_ refusal: RouteRefusal, call: ChatCall, now: MonotonicTime) {
    let model = call.request.model
    switch refusal {
    case .modelNotFound:
      let names = call.snapshot.roster.askableNames.prefix(20).joined(separator: ", ")
      self.init(
        404, .invalidRequest, code: "model_not_found",
        message: "No provider serves the model '\(model)'. Use 'auto', or one of: \(names).", param: "model")
    case .notAllowed:
      self.init(
        403, .invalidRequest, code: "forbidden",
        message: "This API key may not use the model '\(model)'; ask for one of those its models list names.",
        param: "model")
    case .unsupported(let missing):
      self.init(
        400, .invalidRequest, code: "unsupported",
        message: "No provider that serves '\(model)' supports \(missing.names.joined(separator: ", ")).",
        param: "model")
    case .contextTooLong(let largest):
      self.init(
        400, .invalidRequest, code: "context_length_exceeded",
        message:
          "The request has about \(call.estimatedInputTokens) tokens and the largest context window is \(largest); shorten it.",
        param: "prompt")
    case .aboveMaxCost(let cheapest):
      self.init(
        402, .insufficientQuota, code: "max_cost_exceeded",
        message:
          "The cheapest provider is expected to cost \(cheapest) USD, over max_cost_per_request; raise it, or shorten the request.",
        param: "max_cost_per_request")
    case .overBudget(let left):
      self.init(
        402, .insufficientQuota, code: "budget_exceeded",
        message: "The budget has \(left) USD left, less than the request may cost.")
    case .unbounded(let cause):
      self.init(
        402, .insufficientQuota, code: "cost_unbounded",
        message: "The request's cost has no bound to hold against the budget: \(cause.sentence).")
    case .rateLimited(let retryAt):
      self.init(
        429, .rateLimit, code: "rate_limit_exceeded",
        message: "Every provider that could answer is rate limited; try again later.",
        retryAfterSeconds: Self.seconds(until: retryAt, now: now) ?? 1)
    case .unavailable(let retryAt):
      self.init(
        503, .serviceUnavailable, code: "no_provider_available",
        message:
          "No provider may be called now: all are disabled, set down, cooling down, or their circuits are open. GET /providers says why.",
        retryAfterSeconds: Self.seconds(until: retryAt, now: now) ?? 60)
    }
  }

  private static func seconds(until time: MonotonicTime?, now: MonotonicTime) -> Int? {
    time.map { max(1, Int(($0 - now).inSeconds.rounded(.up))) }
  }

  /// The provider refused the request itself: 400, with its own words.
  init(refusedBy provider: ConfiguredProvider, _ failure: ProviderFailure, _ attempts: [Attempt]) {
    self = .invalidRequest(
      "The provider '\(provider.id)' refused the request: \(failure.callerMessage ?? "it gave no reason")")
    self.attempts = attempts
    shouldRetry = false
  }

  /// The provider's stream broke off after the caller had some of it.
  init(brokenBy provider: ConfiguredProvider, _ failure: ProviderFailure, _ attempts: [Attempt]) {
    self.init(
      502, .serverError, code: "stream_interrupted",
      message:
        "The provider '\(provider.id)' broke off in the middle of the answer (\(failure.reason)); ask again.")
    self.attempts = attempts
  }

  /// No provider of the plan has words for what was asked.
  init(untranslatable error: Providers.RequestError) {
    self = .invalidRequest(error.message, param: error.param)
  }

  /// The budget has no room for any provider of the plan.
  init(_ refusal: BudgetRefusal, call: ChatCall) {
    self.init(
      402, .insufficientQuota, code: "budget_exceeded",
      message:
        "The request may cost more than is left: \(refusal). Shorten it, lower max_tokens, or have the budget raised."
    )
  }

  /// The deadline of the whole request passed.
  init(outOfTimeFor call: ChatCall, _ attempts: [Attempt]) {
    let milliseconds = (call.deadline - call.receivedAt).wholeMilliseconds
    self.init(
      504, .serverError, code: "timeout",
      message:
        "No provider answered within \(milliseconds) ms; allow more with preferences.timeout_ms or routing.timeout."
    )
    self.attempts = attempts
    shouldRetry = attempts.isEmpty ? nil : false
  }

  /// Every provider of the plan was tried, or could not be called any more when its turn came.
  init(nobodyAnswered failures: [ProviderFailure], _ attempts: [Attempt], plan: RoutePlan, now: MonotonicTime)
  {
    guard let last = failures.last else {
      self.init(
        503, .serviceUnavailable, code: "no_provider_available",
        message: "The providers that could answer were taken by other requests; try again.",
        retryAfterSeconds: 1)
      return
    }
    switch last.failureClass {
    case .modelNotFound:
      self.init(
        404, .invalidRequest, code: "model_not_found",
        message: "The last provider tried does not know its configured model; the operator must correct it.")
    case .contextTooLong:
      self.init(
        400, .invalidRequest, code: "context_length_exceeded",
        message: last.callerMessage ?? "The request is longer than the model's context; shorten it.",
        param: "prompt")
    case .rateLimited where failures.allSatisfy({ $0.failureClass == .rateLimited }):
      let wait = failures.compactMap(\.retryAfter).min()
      self.init(
        429, .rateLimit, code: "rate_limit_exceeded",
        message: "Every provider that could answer is rate limited; try again later.",
        retryAfterSeconds: max(1, Int((wait?.inSeconds ?? 1).rounded(.up))))
    case .transient, .timeout, .rateLimited, .quotaExceeded, .credential, .invalidRequest, .malformedResponse:
      let tries = attempts.map { "\($0.provider): \($0.outcome)" }.joined(separator: "; ")
      self.init(
        502, .serverError, code: "all_providers_failed",
        message: "Every provider that could answer failed (\(tries)).")
    }
    self.attempts = attempts
    shouldRetry = false
  }
}
