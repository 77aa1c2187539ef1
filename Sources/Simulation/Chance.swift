/// Chance without a state: what is drawn follows from the seed and from what it is drawn for.
///
/// So one draw more here moves none elsewhere, and the same call of the same provider meets the same luck
/// whoever makes it: only that makes two ways of choosing comparable.
struct Chance: Sendable {
  let seed: UInt64

  /// What something is drawn for.
  enum Purpose: UInt64 {
    case arrival = 1
    case sort, promptTokens, answerTokens, streaming, user, strategy
    case latency, fate, position, backoff, choice
  }

  /// The draws for one purpose, told apart from all others of it by three numbers.
  func draws(_ purpose: Purpose, _ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) -> Draws {
    var state = Draws.mix(seed &+ Draws.step &+ purpose.rawValue)
    state = Draws.mix(state &+ Draws.step &+ first)
    state = Draws.mix(state &+ Draws.step &+ second)
    return Draws(state: Draws.mix(state &+ Draws.step &+ third))
  }
}

/// A row of draws: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct Draws: RandomNumberGenerator, Sendable {
  fileprivate static let step: UInt64 = 0x9e37_79b9_7f4a_7c15
  fileprivate var state: UInt64

  mutating func next() -> UInt64 {
    state &+= Draws.step
    return Draws.mix(state)
  }

  fileprivate static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Evenly from 0 up to but without 1.
  mutating func share() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Evenly from 0 up to but without `count`.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// The time between two things that happen once in a unit of time, independently of each other.
  mutating func waitingTime() -> Double {
    // Never the logarithm of 0.
    -(1 - share()).naturalLogarithm
  }

  /// Nearly normal, mean 0 and variance 1: the sum of twelve even draws (Irwin-Hall). It needs whole numbers
  /// only, so it is the same on every machine; it never leaves ±6.
  mutating func normal() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      var bits = next()
      for _ in 0..<4 {
        sum += bits & 0xffff
        bits >>= 16
      }
    }
    // Twelve draws of 0 … 65535 have the mean 12 × 32767.5.
    return (Double(sum) - 393_210) / 65_536
  }
}

extension FixedWidthInteger where Self == UInt64 {
  /// A number for a name: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/).
  init(hashing text: String) {
    self = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
