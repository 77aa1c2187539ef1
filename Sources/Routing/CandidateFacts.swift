import GatewayTypes

/// The part of a `Candidate` that every plan looks at: numbers only, so that copying one counts no
/// references.
struct CandidateFacts: Sendable {
  /// Per uncached input token, for requests that no context tier is for.
  let input: Money
  /// Per output token, for the same requests.
  let output: Money
  /// The most that an input token can cost in those.
  let dearestInput: Money
  let requestFee: Money
  /// Whether long requests have prices of their own, which are in the candidate.
  let hasTiers: Bool
  let isFree: Bool
  let contextWindow: Int?
  let maxOutputTokens: Int?
  /// The configured latency.
  let nanoseconds: Int64?
  /// The quality score in millionths, 0 … 10¹⁵.
  let qualityMillionths: Int64
  let weightThousandths: Int
  let intents: IntentSet
  let capabilities: CapabilitySet
  let isEnabled: Bool

  init(_ candidate: Candidate) {
    input = candidate.prices.input
    output = candidate.prices.output
    dearestInput = candidate.prices.tokens.dearestInput
    requestFee = candidate.prices.requestFee
    hasTiers = !candidate.prices.tiers.isEmpty
    isFree = candidate.prices == .free
    contextWindow = candidate.contextWindow
    maxOutputTokens = candidate.maxOutputTokens
    nanoseconds = candidate.latency?.wholeNanoseconds
    qualityMillionths = Int64((min(max(candidate.qualityScore, 0), 1e9) * 1e6).rounded())
    weightThousandths = candidate.weightThousandths
    intents = candidate.intents
    capabilities = candidate.capabilities
    isEnabled = candidate.isEnabled
  }
}
