import GatewayTypes

/// The part of a `Candidate` that every plan looks at: numbers only, so that copying one counts no
/// references.
struct CandidateFacts: Sendable {
  /// Picodollars per uncached input token, for requests that no context tier is for. Prices here are at most
  /// two million dollars a token, so that a product with any number of tokens fits 128 bits with room.
  let input: Int64
  /// Per output token, for the same requests.
  let output: Int64
  /// The most that an input token can cost in those.
  let dearestInput: Int64
  let requestFee: Int64
  /// Whether long requests have prices of their own, which are in the candidate.
  let hasTiers: Bool
  let isFree: Bool
  /// What `WeightedDraw` goes by: its index, or the one that it had where the draw is repeated.
  let drawIndex: Int32
  /// `Int.max` when not known.
  let contextWindow: Int
  let maxOutputTokens: Int
  /// The configured latency; -1 when there is none.
  let nanoseconds: Int64
  /// The quality score in millionths, 0 … 10¹⁵.
  let qualityMillionths: Int64
  let weightThousandths: Int
  let intents: IntentSet
  let capabilities: CapabilitySet
  let isEnabled: Bool

  init(_ candidate: Candidate, drawIndex: Int) {
    self.drawIndex = Int32(drawIndex)
    input = CandidateFacts.bounded(candidate.prices.input)
    output = CandidateFacts.bounded(candidate.prices.output)
    dearestInput = CandidateFacts.bounded(candidate.prices.tokens.dearestInput)
    requestFee = CandidateFacts.bounded(candidate.prices.requestFee)
    hasTiers = !candidate.prices.tiers.isEmpty
    isFree = candidate.prices == .free
    contextWindow = candidate.contextWindow ?? .max
    maxOutputTokens = candidate.maxOutputTokens ?? .max
    nanoseconds = candidate.latency?.wholeNanoseconds ?? -1
    qualityMillionths = Int64((min(max(candidate.qualityScore, 0), 1e9) * 1e6).rounded())
    weightThousandths = candidate.weightThousandths
    intents = candidate.intents
    capabilities = candidate.capabilities
    isEnabled = candidate.isEnabled
  }

  /// The cost of so many tokens, neither negative. Nothing passes 128 bits.
  func cost(inputTokens: Int, outputTokens: Int) -> Money {
    Money(
      picodollars: Int128(input) &* Int128(inputTokens) &+ Int128(output) &* Int128(outputTokens)
        &+ Int128(requestFee))
  }

  /// The most that so many input tokens can cost, with the fee.
  func inputBound(tokens: Int) -> Money {
    Money(picodollars: Int128(dearestInput) &* Int128(tokens) &+ Int128(requestFee))
  }

  private static func bounded(_ price: Money) -> Int64 {
    min(Int64(clamping: price.picodollars), Int64.max >> 2)
  }
}
