package import GatewayTypes
package import JSON

/// One request for an answer in the form that every provider's body is built from.
///
/// It keeps the caller's document: prompt and messages go on as the bytes that came, never decoded. What
/// the gateway does not need to know is read only when it must be said in another provider's words.
package struct ChatRequest: Sendable {
  /// What the caller asks to be answered.
  package enum Input: Hashable, Sendable {
    /// One text: a string of the document.
    case prompt(JSONNode)
    /// A conversation: a non-empty array of messages of the document.
    case messages(JSONNode)
    /// A conversation as a non-empty array of OpenAI's response items.
    case items(JSONNode)
    /// Texts, or arrays of token numbers, each to be worked on by itself: a non-empty array.
    case batch(JSONNode)
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

  package let surface: Surface
  /// The caller's body; every node here is one of its values.
  package let document: JSONDocument
  package let input: Input
  /// The model, provider or alias asked for; `auto` when the caller leaves it open.
  package let model: String

  /// The system text that goes before the messages: a string, or Anthropic's array of text blocks.
  package internal(set) var system: JSONNode?
  /// The most tokens one answer may have; positive.
  package internal(set) var maxTokens: Int?
  /// How many answers are asked for, each of `maxTokens`; 1 as a rule.
  package internal(set) var choiceCount = 1
  /// A number from 0 to 2, as written; read on the native surfaces only.
  package internal(set) var temperature: JSONNode?
  package internal(set) var priority: Priority?
  /// What the request may cost at most; not negative.
  package internal(set) var maxCost: Money?
  /// The time for the whole request; positive.
  package internal(set) var timeout: Duration?
  /// Who asks, at most 256 bytes; never empty.
  package internal(set) var userID: String?
  /// In the order written, each name once.
  package internal(set) var tags: [Tag] = []
  package internal(set) var isStreaming = false
  /// Whether the caller of a stream asked for the event that holds the usage.
  package internal(set) var wantsUsageInStream = false
  /// Whether the caller wants a long prompt trimmed.
  package internal(set) var optimizesPrompt = false
  /// What a provider must be able to do.
  package internal(set) var needs: RequestNeeds = []
  /// How much there is to read for the model: system text, tools and schemas included.
  package internal(set) var inputSize = InputSize()

  package static let anyModel = "auto"

  init(surface: Surface, document: JSONDocument, input: Input, model: String?) {
    self.surface = surface
    self.document = document
    self.input = input
    self.model = model ?? ChatRequest.anyModel
  }
}
