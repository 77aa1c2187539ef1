package import GatewayTypes

/// What the ledger says about one request: one value, one line.
package struct UsageRecord: Sendable {
  /// How the request ended.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case success, error
    /// The caller hung up; what was delivered is charged.
    case cancelled
    /// The provider's stream was cut after the first token.
    case partial
    /// In flight when the gateway died; charged at its reserved bound.
    case unknown
    /// Answered without a provider.
    case cached
  }

  /// The texts of a request, kept only where `ledger.content` asks for it.
  package struct Content: Hashable, Sendable {
    package var prompt: String
    package var response: String

    package init(prompt: String, response: String) {
      self.prompt = prompt
      self.response = response
    }
  }

  /// When the request ended.
  package var time: Timestamp
  package var id: String
  /// The API it came in by, such as `generate` or `chat.completions`.
  package var surface: String
  package var user: String?
  /// The client key's name, never the key.
  package var key: String?
  /// The provider that answered, or was asked last; nil when none was asked.
  package var provider: ProviderID?
  package var model: String?
  package var status: Status
  /// What the caller was answered; nil when no answer was sent.
  package var httpStatus: Int?
  /// The tokens of all attempts together.
  package var usage = TokenUsage()
  /// The cost of all attempts together.
  package var cost = Money.zero
  /// What the same tokens would have cost at the dearest eligible provider, less `cost`;
  /// never negative.
  package var saved = Money.zero
  /// From the request's arrival to the answer's end; nil when a crash cut the request short.
  package var latency: Duration?
  /// From the request's arrival to the first token; nil when there was none, or no stream.
  package var timeToFirstToken: Duration?
  package var attempts = 0
  /// The providers that failed before the one that answered, in the order tried.
  package var fallbacks: [ProviderID] = []
  package var intent: String?
  package var isStream = false
  /// In the order the caller gave them; names are distinct.
  package var tags: [(name: String, value: String)] = []
  package var content: Content?

  /// The rest starts out empty and is filled in as the request goes on.
  package init(time: Timestamp, id: String, surface: String, status: Status) {
    self.time = time
    self.id = id
    self.surface = surface
    self.status = status
  }
}

extension UsageRecord {
  /// The longest name, user, model or tag in bytes of UTF-8. Callers refuse or cut longer ones; the
  /// line's writer cuts what still comes.
  package static let maximumTextSize = 256
  /// The most fallbacks in a line; further ones are left out.
  package static let maximumFallbackCount = 16
  /// The most tags in a line; further ones are left out. As many as a request may have: budgets are
  /// rebuilt from them.
  package static let maximumTagCount = 32
  /// The longest prompt or response in a line, in bytes of UTF-8; longer ones are cut.
  package static let maximumContentSize = 65_536
  /// No line is longer. The limits above keep every line below it, even when each byte of text turns
  /// into six (`\u0000`): 7 texts, 16 fallbacks, 32 tags of two texts, and the content.
  package static let maximumLineSize = 1_048_576
}
