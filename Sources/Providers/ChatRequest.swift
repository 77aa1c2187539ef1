package import GatewayTypes
package import JSON

/// One request for a chat answer in the form that every provider's body is built from.
///
/// It keeps the caller's document: prompt and messages go on as the bytes that came, never decoded.
package struct ChatRequest: Sendable {
  /// What the caller asks to be answered.
  package enum Input: Hashable, Sendable {
    /// One text: a string of the document.
    case prompt(JSONNode)
    /// A conversation: a non-empty array of messages of the document.
    case messages(JSONNode)
  }

  /// What the caller wants the choice of provider to look at first.
  package enum Priority: String, Hashable, Sendable, CaseIterable {
    case cost, speed, quality
  }

  /// A word of the caller's for the statistics and budgets: `team` = `red`.
  package struct Tag: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The caller's body; every node here is one of its values.
  package let document: JSONDocument
  package let input: Input
  /// The model, provider or alias asked for; `auto` when the caller leaves it open.
  package let model: String
  /// The system text, a string that goes before the messages.
  package let system: JSONNode?
  /// The most tokens the answer may have; positive.
  package let maxTokens: Int?
  /// A number from 0 to 2, as written.
  package let temperature: JSONNode?
  package let priority: Priority?
  /// What the request may cost at most; not negative.
  package let maxCost: Money?
  /// The time for the whole request; positive.
  package let timeout: Duration?
  /// Who asks, at most 256 bytes; never empty.
  package let userID: String?
  /// In the order written, each name once.
  package let tags: [Tag]
  package let isStreaming: Bool
  /// Whether the caller wants a long prompt trimmed.
  package let optimizesPrompt: Bool
  /// How much there is to read for the model, system text included.
  package let inputSize: InputSize

  package static let anyModel = "auto"
}
