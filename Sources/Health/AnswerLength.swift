package import GatewayTypes

/// Which of a few kinds a request is of, for what is learned of each kind apart: the router's intents.
package struct RequestKind: Hashable, Sendable {
  /// How many kinds are told apart.
  package static let count = 8
  /// For whoever does not care.
  package static let unknown = RequestKind(0)
  /// For whom nothing is to count that was learned: no request is of this kind.
  package static let unlearned = RequestKind(7)

  /// Every kind.
  static var all: some Sequence<RequestKind> { (0..<count).lazy.map(RequestKind.init) }

  let index: Int

  /// The kind of that number, from 0; numbers past the last kind are shared out among all.
  package init(_ number: Int) {
    index = number & (RequestKind.count - 1)
  }
}

/// How long the answer to a request is expected to be, as far as experience tells.
@usableFromInline package struct ExpectedAnswer: Hashable, Sendable {
  /// All of the weight: nothing but experience counts.
  @usableFromInline static let fullWeight = 1024
  /// Parts of a token that the mean is counted in: whole ones would be too coarse to compare short answers.
  @usableFromInline static let scale = 256
  /// Models whose answers differ by less than one part in so many are taken to say as much as each other:
  /// that much is chance, and would put providers of one price in another order every day.
  @usableFromInline static let noise = 8

  /// The mean of what came, in parts of a token.
  @usableFromInline let scaledMean: Int
  /// How much it counts against a general guess, in 1/1,024; `exactWeight` where nothing else counts.
  @usableFromInline let weight: Int
  private static let exactWeight = -1

  package init() {
    scaledMean = 0
    weight = 0
  }

  init(scaledMean: Int, weight: Int) {
    self.scaledMean = scaledMean
    self.weight = weight
  }

  /// Just so many tokens, whatever is usual: what was expected when a decision of the past was taken.
  package init(exactly tokens: Int) {
    scaledMean = min(max(0, tokens), Int.max / ExpectedAnswer.scale) * ExpectedAnswer.scale
    weight = ExpectedAnswer.exactWeight
  }

  /// Whether there is any experience.
  package var isKnown: Bool { weight > 0 }

  /// The mean of what came, in whole tokens.
  @inlinable package var tokens: Int { scaledMean / ExpectedAnswer.scale }

  /// The tokens that are expected where `guess` would be without any experience.
  package func tokens(guess: Int) -> Int {
    guard weight > 0 else { return weight == 0 ? guess : tokens }
    return guess + (tokens - guess) * weight / ExpectedAnswer.fullWeight
  }

  /// The tokens that are expected of one model: as many times as much as is `usual` as its answers are longer
  /// than those of all. So models that nothing sets apart are expected to say the same, whichever of them was
  /// asked.
  @inlinable @inline(__always)
  package func tokens(usual: UsualAnswer) -> Int {
    guard weight > 0 else { return weight == 0 ? usual.guess : tokens }
    let difference = scaledMean - usual.scaledMean
    guard abs(difference) * ExpectedAnswer.noise > usual.scaledMean else { return usual.guess }
    let ratio = usual.ratio(of: difference)
    return usual.guess + ((((usual.guess * ratio) >> 10) * weight) >> 10)
  }

  /// The mean of what came, in parts of a token, for a `UsualAnswer` to be made of; nil when nothing came.
  fileprivate var knownScaledMean: Int? { weight > 0 ? scaledMean : nil }
}

/// What answers to requests of one kind are like, whichever model gives them: what a model's own are held
/// against. Made once for a plan, so that no division is left for each of a thousand providers.
@usableFromInline package struct UsualAnswer: Sendable {
  /// More than a thousand times as long as others' counts as a thousand times.
  @usableFromInline static let largestRatio = 1024

  /// The tokens that are expected of a model that nothing is known of.
  @usableFromInline package let guess: Int
  @usableFromInline let scaledMean: Int
  /// 2⁴⁴ divided by `scaledMean`, which has up to 35 bits.
  @usableFromInline let inverse: Int

  /// From what came, and the tokens of `prior` as long as that is little.
  package init(_ answer: ExpectedAnswer, prior: Int) {
    // More than any answer has would only take the products below past 64 bits.
    guess = answer.tokens(guess: min(max(0, prior), AnswerLength.longest))
    scaledMean = max(ExpectedAnswer.scale, answer.knownScaledMean ?? guess * ExpectedAnswer.scale)
    inverse = (1 << 44) / scaledMean
  }

  /// A difference from the mean as a part of it, in 1/1,024.
  @inlinable func ratio(of difference: Int) -> Int {
    (min(difference, scaledMean * UsualAnswer.largestRatio) * inverse) >> 34
  }
}

/// How long answers of one kind have been: a mean in which the first eight count alike and each later one
/// an eighth.
///
/// What is known counts the more the more answers there were (half after one, three quarters after two,
/// and so on), and loses half of its weight with every hour in which none came. So one very long answer
/// does not make a cheap provider look dear for ever. Whole numbers throughout.
package struct AnswerLength: Hashable, Sendable {
  /// The last so many answers matter.
  private static let memory: Int32 = 8
  /// The time in which knowledge loses half of its weight.
  package static let halfLife: Duration = .seconds(3_600)
  private static let halfLifeNanoseconds: Int64 = 3_600_000_000_000
  /// Longer answers than this count as this long; no model gives one.
  fileprivate static let longest = 100_000_000
  /// Finer than tokens, or steps below eight would be lost.
  private static let scale = Int64(ExpectedAnswer.scale)

  private(set) var scaledMean: Int64 = 0
  private(set) var lastNanoseconds: Int64 = 0
  /// How many came, up to the point where more make no difference.
  private(set) var count: Int32 = 0

  package init() {}

  init(scaledMean: Int64, lastNanoseconds: Int64, count: Int32) {
    self.scaledMean = scaledMean
    self.lastNanoseconds = lastNanoseconds
    self.count = count
  }

  /// Counts one answer. One that was `cut` at a bound would have been longer: it counts where that says more
  /// than is known.
  package mutating func record(tokens: Int, isCut: Bool, now: MonotonicTime) {
    let sample = Int64(min(max(0, tokens), AnswerLength.longest)) * AnswerLength.scale
    guard !isCut || (count > 0 && sample > scaledMean) else { return }
    if count < 10 { count += 1 }
    scaledMean += (sample - scaledMean) / Int64(min(count, AnswerLength.memory))
    lastNanoseconds = now.nanoseconds
  }

  /// What the next answer is expected to be.
  @inline(__always)
  package func expectation(now: MonotonicTime) -> ExpectedAnswer {
    guard count > 0 else { return ExpectedAnswer() }
    let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(lastNanoseconds)
    let isFresh = !overflow && age < AnswerLength.halfLifeNanoseconds
    let halvings = isFresh ? 0 : overflow ? 64 : age / AnswerLength.halfLifeNanoseconds
    let weight = (ExpectedAnswer.fullWeight - ExpectedAnswer.fullWeight >> Int(count)) >> Int(halvings)
    return ExpectedAnswer(scaledMean: Int(scaledMean), weight: weight)
  }
}

/// The answers of one provider, or of all, by kind of request.
package struct AnswerLengths: Sendable {
  private var lengths = InlineArray<8, AnswerLength>(repeating: AnswerLength())

  package init() {}

  package subscript(kind: RequestKind) -> AnswerLength {
    get { lengths[kind.index] }
    set { lengths[kind.index] = newValue }
  }
}
