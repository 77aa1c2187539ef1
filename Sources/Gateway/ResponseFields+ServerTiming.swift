internal import GatewayTypes
internal import HTTP
internal import Reactor

extension ResponseFields {
  /// Adds `Server-Timing`: where the time went, in milliseconds.
  ///
  /// `endedAt` is when the provider's answer was there: the whole of it, or the first token of a stream.
  mutating func addTiming(
    receivedAt: MonotonicTime, parsedAt: MonotonicTime, routedAt: MonotonicTime, endedAt: MonotonicTime
  ) {
    add("Server-Timing", capacity: 4 * (Money.maximumDecimalSize + 16)) { timing in
      timing.appendTiming("parse;dur=", parsedAt - receivedAt)
      timing.appendTiming(", route;dur=", routedAt - parsedAt)
      timing.appendTiming(", upstream;dur=", endedAt - routedAt)
      timing.appendTiming(", total;dur=", endedAt - receivedAt)
    }
  }
}

extension OutputSpan<UInt8> {
  /// One entry of `Server-Timing`, in milliseconds with microseconds.
  fileprivate mutating func appendTiming(_ name: StaticString, _ duration: Duration) {
    append(literal: name)
    let microseconds = Int(Swift.max(0, duration.wholeNanoseconds / 1_000))
    (Money(picodollars: 1_000_000_000) * microseconds).appendDecimal(to: &self)
  }
}
