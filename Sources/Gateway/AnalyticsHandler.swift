internal import Accounting
internal import GatewayTypes
internal import HTTP
internal import Health
internal import JSON

/// `GET /routing/analytics`: counters of all requests, and of the attempts at each provider.
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
    writer.key("providers")
    writer.beginObject()
    for provider in state.snapshot.providers {
      let report = provider.health.report(now: now)
      writer.key(provider.id.text)
      writer.beginObject()
      writer.member("requests", report.requests)
      writer.member("success", report.counts.successes)
      writer.member("failures", report.counts.failures)
      writer.member("success_rate", report.counts.successRate)
      writer.member("avg_latency_ms", Double((report.meanNanoseconds ?? 0) / 1_000) / 1_000)
      writer.member("is_down", report.isDown)
      writer.member("circuit_status", report.circuit.status.rawValue)
      writer.endObject()
    }
    writer.endObject()
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }
}
