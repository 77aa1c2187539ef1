internal import Configuration
internal import GatewayTypes
internal import Health
internal import Routing

/// What routing learns on the virtual clock that belongs to no single provider, as the gateway learns it.
struct LearnedRouting {
  private let ids: [ProviderID]
  private let sticky: Duration?
  private let warmProviders = WarmProviders()
  private var answers = AnswerLengths()

  init(_ configuration: GatewayConfiguration) {
    ids = configuration.providers.map(\.id)
    sticky = configuration.routing.sticky
  }

  /// What an answer to a request of that kind probably is, whoever gives it.
  func usualAnswer(_ kind: RequestKind, now: MonotonicTime) -> ExpectedAnswer {
    answers[kind].expectation(now: now)
  }

  /// The index of the provider that the user's prompts are warm at, if `routing.sticky` says to look.
  func warmProvider(for key: WarmProviders.Key?, now: MonotonicTime) -> Int? {
    guard let sticky, let key, let id = warmProviders.provider(for: key, within: sticky, now: now) else {
      return nil
    }
    return ids.firstIndex(of: id)
  }

  /// Notes an answer of `tokens` by a provider; one that is cut would have been longer.
  mutating func learn(
    tokens: Int, isCut: Bool, _ kind: RequestKind, by health: ProviderHealth, now: MonotonicTime
  ) {
    health.learn(answerTokens: tokens, isCut: isCut, kind: kind, now: now)
    answers[kind].record(tokens: tokens, isCut: isCut, now: now)
  }

  /// Notes that the user's prompt is warm at a provider now.
  func noteWarm(_ provider: Int, for key: WarmProviders.Key?, now: MonotonicTime) {
    if sticky != nil, let key { warmProviders.note(ids[provider], for: key, now: now) }
  }
}

extension RequestKind {
  /// Which answers are alike in length: the place of the intent among all.
  init(_ intent: Intent) {
    self.init(IntentSet(intent).rawValue.trailingZeroBitCount)
  }
}

extension SimulatedRequest {
  var kind: RequestKind { RequestKind(intent) }

  var warmKey: WarmProviders.Key {
    WarmProviders.Key(user: String(user), model: model, strategy: strategy)
  }
}
