import GatewayTypes
import Synchronization

/// How a provider stands while nothing is in its way, published for every plan to read without a lock.
///
/// Most providers can be called most of the time, and a plan looks at up to a thousand. A lock would cost each
/// of those looks more than all else that it does; here a look is loads only. Where something is in the way, or
/// may be by now, nothing is said, and the lock is taken after all.
///
/// A sequence lock (Boehm, "Can seqlocks get along with programming language memory models?", 2012): the
/// version is odd while somebody writes, and who reads one version before and another after has read nothing.
struct PublishedStanding: ~Copyable, Sendable {
  private let version = Atomic<UInt>(0)
  private let clearFrom = Atomic(MonotonicTime.distantFuture.nanoseconds)
  private let clearUntil = Atomic(Int64.min)
  private let mostTokens = Atomic(0)
  private let lastTriedAt = Atomic(Int64(0))
  private let latency = PublishedLatency()
  private let isPenalized = Atomic(false)
  private let answers = InlineArray<8, PublishedAnswerLength> { _ in PublishedAnswerLength() }

  init() {}

  /// What the state would say under its lock; nil when it has to be asked.
  @inline(__always)
  func standing(tokens: Int, kind: RequestKind, now: MonotonicTime) -> ProviderStanding? {
    let before = version.load(ordering: .acquiring)
    guard before.isMultiple(of: 2), now.nanoseconds >= clearFrom.load(ordering: .relaxed),
      now.nanoseconds < clearUntil.load(ordering: .relaxed),
      max(0, tokens) <= mostTokens.load(ordering: .relaxed)
    else { return nil }
    let standing = ProviderStanding(
      isPenalized: isPenalized.load(ordering: .relaxed), latency: latency.load(),
      answer: answers[kind.index].load().expectation(now: now),
      idleNanoseconds: ClearStanding.idleNanoseconds(
        since: MonotonicTime(nanoseconds: lastTriedAt.load(ordering: .relaxed)), now: now))
    // Nothing loaded above may have been loaded after the version below.
    atomicMemoryFence(ordering: .acquiring)
    return version.load(ordering: .relaxed) == before ? standing : nil
  }

  /// Says this from now on; nil is that something is in the way. Only under the lock of the state, so that one
  /// at a time writes.
  func publish(_ standing: ClearStanding?) {
    write {
      guard let standing else {
        clearFrom.store(MonotonicTime.distantFuture.nanoseconds, ordering: .relaxed)
        return
      }
      clearFrom.store(standing.from.nanoseconds, ordering: .relaxed)
      clearUntil.store(standing.until.nanoseconds, ordering: .relaxed)
      mostTokens.store(standing.mostTokens, ordering: .relaxed)
      lastTriedAt.store(standing.lastTriedAt.nanoseconds, ordering: .relaxed)
      latency.store(standing.latency)
      isPenalized.store(standing.isPenalized, ordering: .relaxed)
    }
  }

  /// Says this of the answers to requests of `kind` from now on. Only under the lock of the state.
  func publish(_ length: AnswerLength, of kind: RequestKind) {
    write { answers[kind.index].store(length) }
  }

  /// Whoever reads meanwhile reads nothing.
  @inline(__always)
  func write(_ store: () -> Void) {
    let before = version.load(ordering: .relaxed)
    version.store(before &+ 1, ordering: .relaxed)
    // Nothing stored below may be seen with the version from before.
    atomicMemoryFence(ordering: .releasing)
    store()
    version.store(before &+ 2, ordering: .releasing)
  }
}

/// A `LatencyAverage` to be loaded and stored number by number.
private struct PublishedLatency: ~Copyable, Sendable {
  private let toFirstToken = Atomic(Int64(0))
  private let perToken = Atomic(Int64(0))
  private let whole = Atomic(Int64(0))

  @inline(__always)
  func load() -> LatencyAverage {
    LatencyAverage(
      toFirstToken: toFirstToken.load(ordering: .relaxed), perToken: perToken.load(ordering: .relaxed),
      whole: whole.load(ordering: .relaxed))
  }

  func store(_ latency: LatencyAverage) {
    toFirstToken.store(latency.toFirstToken, ordering: .relaxed)
    perToken.store(latency.perToken, ordering: .relaxed)
    whole.store(latency.whole, ordering: .relaxed)
  }
}

/// An `AnswerLength` to be loaded and stored number by number.
private struct PublishedAnswerLength: ~Copyable, Sendable {
  private let scaledMean = Atomic(Int64(0))
  private let lastNanoseconds = Atomic(Int64(0))
  private let count = Atomic(Int32(0))

  @inline(__always)
  func load() -> AnswerLength {
    AnswerLength(
      scaledMean: scaledMean.load(ordering: .relaxed),
      lastNanoseconds: lastNanoseconds.load(ordering: .relaxed),
      count: count.load(ordering: .relaxed))
  }

  func store(_ length: AnswerLength) {
    scaledMean.store(length.scaledMean, ordering: .relaxed)
    lastNanoseconds.store(length.lastNanoseconds, ordering: .relaxed)
    count.store(length.count, ordering: .relaxed)
  }
}
