package import GatewayTypes
package import Routing

/// One request of a simulated day.
package struct SimulatedRequest: Sendable {
  /// From 0, in order of arrival.
  package let number: Int
  package let arrivedAt: MonotonicTime
  package let deadline: MonotonicTime
  /// Whether the deadline is the caller's own: then it ends a stream as well.
  package let hasOwnDeadline: Bool
  package let model: AskedModel
  package let strategy: RankingStrategy
  package let intent: Intent
  package let promptTokens: Int
  /// What the answer has where nothing bounds it.
  package let answerTokens: Int
  package let maxTokens: Int?
  package let isStreaming: Bool
  /// From 0.
  package let user: Int

  /// What a provider's answer has that gives at most `limit` tokens.
  func answerTokens(limit: Int?) -> Int {
    min(answerTokens, maxTokens ?? .max, limit ?? .max)
  }
}
