package import GatewayTypes

/// Sets a provider aside after it said 429, until the time it asked for. That counts as no failure.
///
/// Without a `Retry-After` the first hold is 1 s and each further 429 in a row doubles it, up to 60 s:
/// the span in which per-minute limits renew themselves. A success starts again at 1 s.
package struct RetryAfterHold: Hashable, Sendable {
  /// The hold after a first 429 that names no time.
  package static let firstHold: Duration = .seconds(1)
  /// The longest hold after a 429 that names no time.
  package static let longestUnaskedHold: Duration = .seconds(60)
  /// The longest hold that a provider may ask for: daily quotas renew within it, and a garbled header
  /// does not set a provider aside for ever.
  package static let longestAskedHold: Duration = .seconds(86_400)

  /// When the last hold ends, or has ended.
  private(set) var end: MonotonicTime?
  private var consecutive = 0

  package init() {}

  /// Notes a 429. Of two holds the later end wins.
  package mutating func hold(retryAfter: Duration?, now: MonotonicTime) {
    let unasked = min(
      RetryAfterHold.firstHold * (1 << min(consecutive, 6)), RetryAfterHold.longestUnaskedHold)
    let asked = retryAfter.map { min(max($0, .zero), RetryAfterHold.longestAskedHold) }
    consecutive += 1
    let candidate = now + (asked ?? unasked)
    end = end.map { max($0, candidate) } ?? candidate
  }

  /// Notes an answer: the next 429 without a time starts from the shortest hold. A running hold stays.
  package mutating func noteSuccess() {
    consecutive = 0
  }

  /// Takes up a hold kept on disk; nil is none.
  package mutating func restore(heldUntil time: MonotonicTime?) {
    end = time
  }

  /// When the provider may be called again; nil when it may be now.
  package func heldUntil(now: MonotonicTime) -> MonotonicTime? {
    guard let end, now < end else { return nil }
    return end
  }
}
