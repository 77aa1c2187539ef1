import GatewayTypes

/// The part of a `Candidate` that every plan looks at: numbers only, so that copying one counts no
/// references.
struct CandidateFacts: Sendable {
  let prices: Prices
  let contextWindow: Int?
  let maxOutputTokens: Int?
  /// The configured latency.
  let nanoseconds: Int64?
  /// The quality score in millionths, 0 … 10¹⁵.
  let qualityMillionths: Int64
  let intents: IntentSet
  let capabilities: CapabilitySet
  let isEnabled: Bool

  init(_ candidate: Candidate) {
    prices = candidate.prices
    contextWindow = candidate.contextWindow
    maxOutputTokens = candidate.maxOutputTokens
    nanoseconds = candidate.latency?.wholeNanoseconds
    qualityMillionths = Int64((min(max(candidate.qualityScore, 0), 1e9) * 1e6).rounded())
    intents = candidate.intents
    capabilities = candidate.capabilities
    isEnabled = candidate.isEnabled
  }
}
