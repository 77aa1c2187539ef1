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

  /// The answer that is expected while nothing is known of such requests: chat answers have some hundred tokens.
  static let usualOutputTokens = 400

  /// What an answer to a request of `kind` probably is, whoever gives it.
  func usualAnswer(_ kind: RequestKind, now: MonotonicTime) -> ExpectedAnswer {
    answers.withLock { $0[kind].expectation(now: now) }
  }

  /// Counts an answer. One that is `cut` would have been longer.
  func learn(answerTokens: Int, isCut: Bool, kind: RequestKind, now: MonotonicTime) {
    answers.withLock { $0[kind].record(tokens: answerTokens, isCut: isCut, now: now) }
  }
}
