package import GatewayTypes

/// What the router knows of one configured provider that does not change until the file does.
package struct Candidate: Sendable {
  package var id: ProviderID
  package var name: String
  package var model: String
  package var prices: Prices
  /// Of providers that rank the same, the lower goes first.
  package var priority: Int
  /// The most tokens of a request and its answer together; nil when not known.
  package var contextWindow: Int?
  package var maxOutputTokens: Int?
  /// The intents it is preferred for: by its specialties, or by `routing.intents`.
  package var intents: IntentSet
  /// Higher is better; 0 … 1 by custom.
  package var qualityScore: Double
  /// `latency_ms` of the file: what it is taken to need until it has been observed.
  package var latency: Duration?
  /// Its share of the requests under the strategy `weighted`, in thousandths; 0 is for the last resort.
  package var weightThousandths: Int
  package var capabilities: CapabilitySet
  /// How often it is tried again before the next one is.
  package var retries: Int
  /// How many API keys it is called with in turn.
  package var keyCount: Int
  /// False for one that the configuration lists but does not use.
  package var isEnabled: Bool

  package init(
    id: ProviderID, name: String, model: String, prices: Prices, priority: Int = 0,
    contextWindow: Int? = nil, maxOutputTokens: Int? = nil, intents: IntentSet = [],
    qualityScore: Double = 0.5, latency: Duration? = nil,
    weightThousandths: Int = 1_000, capabilities: CapabilitySet = [.chat, .streaming], retries: Int = 0,
    keyCount: Int = 1,
    isEnabled: Bool = true
  ) {
    precondition(qualityScore.isFinite, "a quality score is a number")
    precondition((0...Candidate.largestWeight).contains(weightThousandths), "a weight is from 0 to a million")
    self.id = id
    self.name = name
    self.model = model
    self.prices = prices
    self.priority = priority
    self.contextWindow = contextWindow
    self.maxOutputTokens = maxOutputTokens
    self.intents = intents
    self.qualityScore = qualityScore
    self.latency = latency
    self.weightThousandths = weightThousandths
    self.capabilities = capabilities
    self.retries = retries
    self.keyCount = keyCount
    self.isEnabled = isEnabled
  }

  /// A weight of a million, in thousandths.
  package static let largestWeight = 1_000_000_000
}
