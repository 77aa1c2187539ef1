internal import GatewayTypes
internal import JSON

/// One try at one provider, as answers and the ledger tell it.
struct Attempt: Sendable {
  var provider: ProviderID
  /// `success`, `cancelled`, or the failure's class.
  var outcome: String
  /// Why it failed, in the gateway's words; nil for one that did not.
  var reason: String?
  var latency: Duration
  /// One of two at once: the one that was asked second, or that was given up because the other answered.
  var isHedge = false
  /// It was given up because the other answered: no failure.
  var isOutraced = false
}

extension JSONWriter {
  /// `"attempts":[{"provider","outcome","reason","latency"}]`, latency in seconds; `"hedge":true` where it
  /// is one of two at once.
  mutating func attempts(_ attempts: [Attempt]) {
    key("attempts")
    beginArray()
    for attempt in attempts {
      beginObject()
      member("provider", attempt.provider.text)
      member("outcome", attempt.outcome)
      if let reason = attempt.reason { member("reason", reason) }
      member("latency", seconds: attempt.latency)
      if attempt.isHedge { member("hedge", true) }
      endObject()
    }
    endArray()
  }

  /// A duration in seconds with microseconds.
  mutating func member(_ name: StaticString, seconds duration: Duration) {
    let microseconds = max(0, duration.wholeNanoseconds / 1_000)
    member(name, Money(picodollars: 1_000_000) * Int(microseconds))
  }

  /// An exact amount as a JSON number with every digit it needs.
  mutating func member(_ name: StaticString, _ money: Money) {
    key(name)
    number(capacity: Money.maximumDecimalSize) { money.appendDecimal(to: &$0) }
  }

  /// A string, or null.
  mutating func optionalMember(_ name: StaticString, _ text: String?) {
    key(name)
    if let text { value(text) } else { null() }
  }

  /// A number, or null.
  mutating func optionalMember(_ name: StaticString, _ number: Int?) {
    key(name)
    if let number { value(number) } else { null() }
  }
}
