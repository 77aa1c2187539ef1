internal import GatewayTypes
internal import JSON

extension SimulationReport {
  /// For people: a row for each provider, and what the day came to.
  package func table() -> String {
    var table = ReportTable(heading: [
      "provider", "requests", "successes", "failures", "429s", "cost usd", "p50", "p95", "breaker open",
      "limit hits",
    ])
    for provider in providers {
      table.add(
        [
          provider.id.text, String(provider.requests), String(provider.successes), String(provider.failures),
          String(provider.rateLimited), provider.cost.inTable, provider.latency.inTable(0.5),
          provider.latency.inTable(0.95), provider.breakerOpen.inHours, String(provider.limitHits),
        ])
    }
    return table.text + "\n" + summary
  }

  private var summary: String {
    let lost = RequestEnding.allCases.dropFirst().compactMap { ending in
      endings[ending].map { "\($0) \(ending.words)" }
    }
    return
      "\(chooser.name), seed \(seed), \(duration.inHours): \(requests) requests, "
      + "\(successRate.percentage) answered\(lost.isEmpty ? "" : " (\(lost.joined(separator: ", ")))"), "
      + "\(cost) USD, p50 \(latency.inTable(0.5)), p95 \(latency.inTable(0.95))\n"
  }

  /// Several days side by side, a row each.
  package static func comparison(_ reports: [SimulationReport]) -> String {
    var table = ReportTable(heading: [
      "chosen by", "requests", "answered", "success", "cost usd", "usd per 1000 answered", "p50", "p95",
    ])
    for report in reports {
      let thousandth = report.answered == 0 ? Money.zero : report.cost.dividedBy(report.answered) * 1000
      table.add(
        [
          report.chooser.name, String(report.requests), String(report.answered),
          report.successRate.percentage,
          report.cost.inTable, thousandth.inTable, report.latency.inTable(0.5), report.latency.inTable(0.95),
        ])
    }
    return table.text
  }

  /// One object on one line.
  package func json() -> String { Self.json([self], isList: false) }

  /// A list of the same objects on one line.
  package static func json(_ reports: [SimulationReport]) -> String { json(reports, isList: true) }

  private static func json(_ reports: [SimulationReport], isList: Bool) -> String {
    var writer = JSONWriter()
    if isList { writer.beginArray() }
    for report in reports { report.write(to: &writer) }
    if isList { writer.endArray() }
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("chooser", chooser.name)
    // 64 bits, of which readers of JSON keep 53.
    writer.member("seed", String(seed))
    writer.member("duration_s", duration.wholeMilliseconds / 1000)
    writer.member("requests", requests)
    for ending in RequestEnding.allCases {
      writer.key(ending.key)
      writer.value(endings[ending, default: 0])
    }
    writer.member("success_rate", successRate)
    writer.member("cost_usd", cost.description)
    latency.write(to: &writer)
    writer.key("providers")
    writer.beginArray()
    for provider in providers { provider.write(to: &writer) }
    writer.endArray()
    writer.endObject()
  }
}

extension SimulationReport.Provider {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("provider", id.text)
    writer.member("requests", requests)
    writer.member("successes", successes)
    writer.member("failures", failures)
    writer.member("rate_limited", rateLimited)
    writer.member("cost_usd", cost.description)
    latency.write(to: &writer)
    writer.member("breaker_open_ms", breakerOpen.wholeMilliseconds)
    writer.member("limit_hits", limitHits)
    writer.endObject()
  }
}

extension LatencyHistogram {
  fileprivate func inTable(_ share: Double) -> String { quantile(share)?.inMilliseconds ?? "-" }

  /// `p50_ms` and `p95_ms`; null where nothing was measured.
  fileprivate func write(to writer: inout JSONWriter) {
    for (key, share) in [("p50_ms", 0.5), ("p95_ms", 0.95)] {
      writer.key(key)
      if let time = quantile(share) { writer.value(time.wholeMilliseconds) } else { writer.null() }
    }
  }
}

extension Money {
  fileprivate func dividedBy(_ count: Int) -> Money { Money(picodollars: picodollars / Int128(count)) }
}

extension RequestEnding {
  fileprivate var words: String {
    switch self {
    case .answered: "answered"
    case .refused: "with nobody to ask"
    case .exhausted: "failed everywhere"
    case .outOfTime: "out of time"
    case .broken: "broken off"
    }
  }

  fileprivate var key: String {
    switch self {
    case .answered: "answered"
    case .refused: "refused"
    case .exhausted: "exhausted"
    case .outOfTime: "out_of_time"
    case .broken: "broken"
    }
  }
}
