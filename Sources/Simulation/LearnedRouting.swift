internal import Configuration
internal import GatewayTypes
internal import Health
internal import Routing

/// What routing learns on a simulated day that belongs to no single provider, as the gateway learns it.
struct LearnedRouting {
  private let ids: [ProviderID]
  private let sticky: Duration?
  private let warmProviders = WarmProviders()
  private var answers = AnswerLengths()

  init(_ configuration: GatewayConfiguration) {
    ids = configuration.providers.map(\.id)
    sticky = configuration.routing.sticky
  }

  /// What an answer to such a request probably is, whoever gives it.
  func usualAnswer(to request: SimulatedRequest, now: MonotonicTime) -> ExpectedAnswer {
    answers[request.kind].expectation(now: now)
  }

  /// The index of the provider that the user's prompts are warm at, if `routing.sticky` says to look.
  func warmProvider(for request: SimulatedRequest, now: MonotonicTime) -> Int? {
    guard let sticky, let id = warmProviders.provider(for: request.warmKey, within: sticky, now: now) else {
      return nil
    }
    return ids.firstIndex(of: id)
  }

  /// Notes an answer of `tokens` by a provider; one that is cut would have been longer.
  mutating func learn(
    tokens: Int, isCut: Bool, to request: SimulatedRequest, by provider: Int, health: ProviderHealth,
    now: MonotonicTime
  ) {
    health.learn(answerTokens: tokens, isCut: isCut, kind: request.kind, now: now)
    answers[request.kind].record(tokens: tokens, isCut: isCut, now: now)
    if sticky != nil { warmProviders.note(ids[provider], for: request.warmKey, now: now) }
  }
}

extension SimulatedRequest {
  /// Which answers are alike in length.
  var kind: RequestKind { RequestKind(IntentSet(intent).rawValue.trailingZeroBitCount) }

  fileprivate var warmKey: WarmProviders.Key {
    WarmProviders.Key(user: String(user), model: model, strategy: strategy)
  }
}
