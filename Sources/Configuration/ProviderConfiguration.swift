package import GatewayTypes

/// The protocol that a provider speaks.
package enum ProviderKind: String, Sendable, CaseIterable {
  case openai, anthropic, gemini, mock
}

/// What a mock provider does with every request.
package enum MockBehavior: String, Sendable, CaseIterable {
  case success, failure
  case rateLimit = "rate_limit"
  case slow, cut
}

/// One model at one address, what it costs, and how it may be used.
package struct ProviderConfiguration: Sendable {
  /// `name`, or `name/model` where the name repeats.
  package var id: ProviderID
  package var name: String
  package var model: String
  package var kind: ProviderKind = .openai
  /// Without a trailing slash. Nil for mocks and where `endpoint` is given.
  package var baseURL: String?
  /// The full URL of the chat call, in place of `baseURL`.
  package var endpoint: String?
  /// The provider's keys, used in turn. Never shown; empty when the provider needs none or none is set.
  package var apiKeys: [Secret] = []
  /// Whether the file names a key for this provider, be it set or not.
  package var needsKey = false
  /// Why this provider is not used, for example `GROQ_API_KEY is not set`; nil when it is.
  package var disabledReason: String?
  /// Serves only while no other provider is enabled.
  package var demoOnly = false
  package var prices: Prices
  /// Among equals the lower goes first.
  package var priority = 0
  /// Its share of the requests under `strategy: weighted`, in thousandths; 0 is for the last resort.
  package var weightThousandths = 1_000
  package var timeout: Duration?
  package var firstTokenTimeout: Duration?
  package var idleTimeout: Duration?
  package var retries = 0
  package var rateLimitRequestsPerMinute: Int?
  package var rateLimitTokensPerMinute: Int?
  package var maxConcurrency: Int?
  /// How many may wait for a place at that limit.
  package var maxQueue = 100
  package var contextWindow: Int?
  package var maxOutputTokens: Int?
  /// What one image is charged at most.
  package var maxImageTokens: Int?
  package var specialties: [String] = []
  package var qualityScore = 0.5
  package var latencyMilliseconds: Int?
  /// Extra request headers, in file order, names in lower case. A value may be a credential.
  package var headers: [(name: String, value: Secret)] = []
  package var mockBehavior: MockBehavior = .success
  package var mockReply: String?

  /// A provider with every default, whose id is its name.
  package init(name: String, model: String, prices: Prices) {
    self.id = ProviderID(name)
    self.name = name
    self.model = model
    self.prices = prices
  }

  package var isEnabled: Bool { disabledReason == nil }

  /// The first of its keys.
  package var apiKey: Secret? { apiKeys.first }
}
