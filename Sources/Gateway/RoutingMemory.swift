internal import GatewayTypes
internal import Health
internal import Routing
internal import Synchronization

/// What routing has learned that belongs to no single provider. Outlives a reload; shared by all loops.
final class RoutingMemory: Sendable {
  /// Which provider each user's prompts are warm at.
  let warmProviders = WarmProviders()
  /// How long answers of each kind are, whoever gives them.
  private let answers = Mutex(AnswerLengths())

  /// The answer that is expected of a model that nothing is known of: chat answers have some hundred tokens.
  static let usualOutputTokens = 400

  /// The tokens that an answer to a request of `kind` probably has.
  func usualAnswer(_ kind: RequestKind, now: MonotonicTime) -> Int {
    answers.withLock { $0[kind].expectation(now: now) }.tokens(guess: Self.usualOutputTokens)
  }

  /// Counts an answer. One that is `cut` would have been longer.
  func learn(answerTokens: Int, isCut: Bool, kind: RequestKind, now: MonotonicTime) {
    answers.withLock { $0[kind].record(tokens: answerTokens, isCut: isCut, now: now) }
  }
}
