import GatewayTypes

/// How fast a provider has been lately: averages in which each new answer counts a fifth, so ten of them
/// replace nine tenths of what was known.
///
/// What is known fades with time as well: after ten minutes without an answer it counts for half, and a new
/// answer so much the more. Whole numbers throughout: the same answers give the same averages on every
/// machine.
@usableFromInline package struct LatencyAverage: Hashable, Sendable {
  /// How much of the distance to a new answer the average moves: one part of this many.
  package static let decay: Int64 = 5

  /// The time without news after which what is known counts for half.
  @inlinable package static var fadingNanoseconds: Int64 { 600_000_000_000 }

  // Each is -1 while nothing is known: three optionals would double the size of what is copied for every
  // provider and request.
  @usableFromInline private(set) var toFirstToken: Int64 = -1
  @usableFromInline private(set) var perToken: Int64 = -1
  @usableFromInline private(set) var whole: Int64 = -1

  /// From the request's first byte out to the first token; streamed answers only.
  @inlinable package var nanosecondsToFirstToken: Int64? { toFirstToken < 0 ? nil : toFirstToken }
  /// Between one output token and the next; streamed answers only.
  package var nanosecondsPerToken: Int64? { perToken < 0 ? nil : perToken }
  /// The whole attempt, streamed or not.
  @inlinable package var nanoseconds: Int64? { whole < 0 ? nil : whole }

  package init() {}

  init(toFirstToken: Int64, perToken: Int64, whole: Int64) {
    self.toFirstToken = toFirstToken
    self.perToken = perToken
    self.whole = whole
  }

  /// Counts one answer that comes `age` nanoseconds after the one before. `timeToFirstToken` is nil when it
  /// came in one piece: its first byte then says nothing about when the first token was ready.
  package mutating func record(
    latency: Duration, timeToFirstToken: Duration?, outputTokens: Int, age: Int64 = 0
  ) {
    let all = max(0, latency.wholeNanoseconds)
    LatencyAverage.move(&whole, towards: all, age: age)
    guard let timeToFirstToken else { return }
    let first = min(max(0, timeToFirstToken.wholeNanoseconds), all)
    LatencyAverage.move(&toFirstToken, towards: first, age: age)
    // The first token is there at the end of its time, so the rest of the time is that of the others.
    guard outputTokens > 1 else { return }
    LatencyAverage.move(&perToken, towards: (all - first) / Int64(outputTokens - 1), age: age)
  }

  /// What an answer of `outputTokens` would take; nil while nothing is known.
  ///
  /// From the time to the first token and the pace after it; where answers were never streamed, what
  /// whole answers took.
  @inlinable package func expectedNanoseconds(outputTokens: Int) -> Int64? {
    guard toFirstToken >= 0, perToken >= 0 else {
      return nanoseconds ?? nanosecondsToFirstToken
    }
    let (generation, tooLong) = perToken.multipliedReportingOverflow(
      by: Int64(max(0, outputTokens - 1)))
    let (sum, tooLongStill) = generation.addingReportingOverflow(toFirstToken)
    return tooLong || tooLongStill ? .max : sum
  }

  private static func move(_ average: inout Int64, towards sample: Int64, age: Int64) {
    guard average >= 0 else {
      average = sample
      return
    }
    // What is known keeps (1 − 1 ÷ decay) × fading ÷ (fading + age) of its weight.
    let kept = Int128(average - sample) * Int128((decay - 1) * fadingNanoseconds)
    average = sample + Int64(kept / (Int128(fadingNanoseconds) + Int128(max(0, age))) / Int128(decay))
  }
}
