internal import Configuration
internal import GatewayTypes
internal import Health
internal import Providers
internal import Routing

/// What an answered call teaches for the next ones.
extension ChatCall {
  /// Which answers are alike in length.
  var kind: RequestKind { RequestKind(intent: intent) }

  /// Notes how long the answer is that `provider` gave, and that the user's prompt is warm there now.
  func learn(from answer: ChatAnswer, by provider: ConfiguredProvider, now: MonotonicTime) {
    if !request.needs.contains(.embeddings) {
      let tokens = answer.usage.output / max(1, request.choiceCount)
      let isCut = answer.finishReason == "length"
      // Among all first: what is known of one is held against what is known of all.
      snapshot.memory.learn(answerTokens: tokens, isCut: isCut, kind: kind, now: now)
      provider.health.learn(answerTokens: tokens, isCut: isCut, kind: kind, now: now)
    }
    if snapshot.configuration.routing.sticky != nil, let key = warmKey {
      snapshot.memory.warmProviders.note(provider.id, for: key, now: now)
    }
  }

  /// The index of the provider that the user's prompts are warm at, if `routing.sticky` says to look.
  func warmProvider(now: MonotonicTime) -> Int? {
    guard let span = snapshot.configuration.routing.sticky, let key = warmKey,
      let id = snapshot.memory.warmProviders.provider(for: key, within: span, now: now)
    else { return nil }
    return snapshot.index(of: id)
  }

  private var warmKey: WarmProviders.Key? {
    request.userID.map {
      WarmProviders.Key(user: $0, model: AskedModel(request.model), strategy: strategy)
    }
  }
}

extension RequestKind {
  /// The place of the intent among all.
  fileprivate init(intent: Intent) {
    self.init(IntentSet(intent).rawValue.trailingZeroBitCount)
  }
}
