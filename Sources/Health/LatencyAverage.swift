import GatewayTypes

/// How fast a provider has been lately: averages in which each new answer counts a fifth, so ten of them
/// replace nine tenths of what was known.
///
/// What is known fades with time as well: after ten minutes without an answer it counts for half, and a new
/// answer so much the more. Whole numbers throughout: the same answers give the same averages on every
/// machine.
package struct LatencyAverage: Hashable, Sendable {
  /// How much of the distance to a new answer the average moves: one part of this many.
  package static let decay: Int64 = 5

  /// The time without news after which what is known counts for half.
  package static let fadingNanoseconds: Int64 = 600_000_000_000

  /// From the request's first byte out to the first token; streamed answers only.
  package private(set) var nanosecondsToFirstToken: Int64?
  /// Between one output token and the next; streamed answers only.
  package private(set) var nanosecondsPerToken: Int64?
  /// The whole attempt, streamed or not.
  package private(set) var nanoseconds: Int64?

  package init() {}

  /// Counts one answer that comes `age` nanoseconds after the one before. `timeToFirstToken` is nil when it
  /// came in one piece: its first byte then says nothing about when the first token was ready.
  package mutating func record(
    latency: Duration, timeToFirstToken: Duration?, outputTokens: Int, age: Int64 = 0
  ) {
    let whole = max(0, latency.wholeNanoseconds)
    LatencyAverage.move(&nanoseconds, towards: whole, age: age)
    guard let timeToFirstToken else { return }
    let first = min(max(0, timeToFirstToken.wholeNanoseconds), whole)
    LatencyAverage.move(&nanosecondsToFirstToken, towards: first, age: age)
    // The first token is there at the end of its time, so the rest of the time is that of the others.
    guard outputTokens > 1 else { return }
    LatencyAverage.move(&nanosecondsPerToken, towards: (whole - first) / Int64(outputTokens - 1), age: age)
  }

  /// What an answer of `outputTokens` would take; nil while nothing is known.
  ///
  /// From the time to the first token and the pace after it; where answers were never streamed, what
  /// whole answers took.
  package func expectedNanoseconds(outputTokens: Int) -> Int64? {
    guard let nanosecondsToFirstToken, let nanosecondsPerToken else {
      return nanoseconds ?? nanosecondsToFirstToken
    }
    let (generation, tooLong) = nanosecondsPerToken.multipliedReportingOverflow(
      by: Int64(max(0, outputTokens - 1)))
    let (sum, tooLongStill) = generation.addingReportingOverflow(nanosecondsToFirstToken)
    return tooLong || tooLongStill ? .max : sum
  }

  private static func move(_ average: inout Int64?, towards sample: Int64, age: Int64) {
    guard let old = average else {
      average = sample
      return
    }
    // What is known keeps (1 − 1 ÷ decay) × fading ÷ (fading + age) of its weight.
    let kept = Int128(old - sample) * Int128((decay - 1) * fadingNanoseconds)
    average = sample + Int64(kept / (Int128(fadingNanoseconds) + Int128(max(0, age))) / Int128(decay))
  }
}
