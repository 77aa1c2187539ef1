internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import Health
internal import JSON

/// `GET /routing/analytics`: counters of all requests, and of the attempts at each provider and model.
struct AnalyticsHandler {
  let state: GatewayState

  func response(now: MonotonicTime) -> Response {
    let total = state.totals.snapshot(now: now).total
    var writer = JSONWriter(reserveCapacity: 2_048)
    writer.beginObject()
    writer.key("global")
    writer.beginObject()
    writer.member("total_requests", total.requests)
    writer.member("total_success", total.successes)
    writer.member("total_failures", total.failures)
    writer.member("avg_latency_ms", Double(total.averageLatencyMicroseconds) / 1_000)
    writer.member("total_cost", total.cost)
    writer.member("success_rate", Double(total.successRateMillionths) / 1e6)
    writer.endObject()
    let reports = state.snapshot.providers.map { ($0, $0.health.report(now: now)) }
    writer.key("providers")
    writer.beginObject()
    for (provider, report) in reports {
      writer.key(provider.id.text)
      writer.beginObject()
      writer.attempts(AttemptTotals(report))
      writer.member("is_down", report.isDown)
      writer.member("circuit_status", report.circuit.status.rawValue)
      writer.endObject()
    }
    writer.endObject()
    writer.key("models")
    writer.beginObject()
    for (model, totals) in Self.byModel(reports) {
      writer.key(model)
      writer.beginObject()
      writer.attempts(totals)
      writer.endObject()
    }
    writer.endObject()
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }

  /// One model may be served by several providers; in the file's order.
  private static func byModel(
    _ reports: [(ConfiguredProvider, ProviderReport)]
  ) -> [(model: String, totals: AttemptTotals)] {
    var places: [String: Int] = [:]
    var totals: [(model: String, totals: AttemptTotals)] = []
    for (provider, report) in reports {
      let model = provider.configuration.model
      if let place = places[model] {
        totals[place].totals.add(AttemptTotals(report))
      } else {
        places[model] = totals.count
        totals.append((model, AttemptTotals(report)))
      }
    }
    return totals
  }
}

/// The attempts at one provider, or at all of one model.
private struct AttemptTotals {
  var requests: Int
  var counts: AttemptCounts
  /// The sum of the latencies of all successes.
  var nanoseconds: Double

  init(_ report: ProviderReport) {
    requests = report.requests
    counts = report.counts
    nanoseconds = Double(report.meanNanoseconds ?? 0) * Double(report.counts.successes)
  }

  mutating func add(_ other: AttemptTotals) {
    requests += other.requests
    counts.successes += other.counts.successes
    counts.failures += other.counts.failures
    nanoseconds += other.nanoseconds
  }

  /// In milliseconds with microseconds; 0 before the first success.
  var meanMilliseconds: Double {
    counts.successes == 0 ? 0 : (nanoseconds / Double(counts.successes) / 1_000).rounded() / 1_000
  }
}

extension JSONWriter {
  fileprivate mutating func attempts(_ totals: AttemptTotals) {
    member("requests", totals.requests)
    member("success", totals.counts.successes)
    member("failures", totals.counts.failures)
    member("success_rate", totals.counts.successRate)
    member("avg_latency_ms", totals.meanMilliseconds)
  }
}
