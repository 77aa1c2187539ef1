import GatewayTypes

extension ProviderBehavior {
  /// `duration` is the script's: what an event without a `for` lasts.
  init(reading section: inout SectionReader, duration: Duration) {
    self.init(
      latency: section.distribution("latency", of: .time) ?? .logNormal(median: 500e6, p95: 1000e6))
    tokensPerSecond = section.number("tokens_per_second", in: 0.1...1_000_000) ?? tokensPerSecond
    requestsPerMinute = section.integer("requests_per_minute", in: 1...1_000_000_000)
    events = section.sections("events", each: "event") { ProviderEvent(reading: &$0, duration: duration) }
      .compactMap { $0 }
  }
}

/// The kinds of events, as a script names them.
private enum EventName: String, CaseIterable {
  case fail, stall, cut
  case rateLimit = "rate_limit"
  case slow, price, down
}

extension ProviderEvent {
  /// Nil when it is none, which has been reported.
  fileprivate init?(reading section: inout SectionReader, duration: Duration) {
    let range = Duration.zero...ScriptDraft.longest
    let at = section.duration("at", in: range) ?? .zero
    let length = section.duration("for", in: .milliseconds(1)...ScriptDraft.longest)
    guard section.entry("kind") != nil else {
      section.report(
        "the event has no kind; add 'kind: fail', stall, cut, rate_limit, slow, price or down",
        at: section.mark)
      return nil
    }
    guard let name = section.choice("kind", of: EventName.self) else { return nil }
    guard let kind = Self.kind(name, &section) else { return nil }
    self.init(kind, at: at, for: length ?? max(duration - at, .milliseconds(1)))
    // The file has one price at a time.
    guard name != .price else { return }
    share = section.number("share", in: 0...1) ?? share
  }

  private static func kind(_ name: EventName, _ section: inout SectionReader) -> Kind? {
    switch name {
    case .fail: return .fail
    case .stall: return .stall
    case .cut: return .cut
    case .down: return .down
    case .rateLimit: return .rateLimit(retryAfter: section.duration("retry_after"))
    case .slow:
      guard section.entry("factor") != nil else {
        section.report("a slow event needs 'factor: 3', how many times as long", at: section.mark)
        return nil
      }
      return section.number("factor", in: 0.01...10_000).map { .slow(factor: $0) }
    case .price:
      return PriceReader.read(&section).map { .price($0) }
    }
  }
}
