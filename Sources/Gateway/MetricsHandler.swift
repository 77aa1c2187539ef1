internal import Accounting
internal import GatewayTypes
internal import HTTP
internal import Health

/// `GET /metrics`: Prometheus text.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsHandler {
  let state: GatewayState

  func response(now: MonotonicTime) -> Response {
    var text = MetricsText()
    let usage = state.totals.snapshot(now: now)
    text.family("tollgate_requests_total", "counter", "Requests by how they ended.")
    text.sample(#"{outcome="success"}"#, usage.total.successes)
    text.sample(#"{outcome="failure"}"#, usage.total.failures)
    text.sample(
      #"{outcome="cancelled"}"#, usage.total.requests - usage.total.successes - usage.total.failures)
    text.family("tollgate_tokens_total", "counter", "Tokens by direction.")
    text.sample(#"{direction="input"}"#, usage.total.promptTokens)
    text.sample(#"{direction="output"}"#, usage.total.completionTokens)
    text.family("tollgate_cost_usd_total", "counter", "What the answers cost, in US dollars.")
    text.sample("", usage.total.cost.description)
    text.family(
      "tollgate_saved_usd_total", "counter", "What they would have cost more at the dearest provider.")
    text.sample("", usage.total.saved.description)
    ledger(&text)
    providers(&text, now: now)

    var fields = ResponseFields()
    fields.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8" as StaticString)
    return Response(status: 200, fields: fields, body: text.bytes)
  }

  private func ledger(_ text: inout MetricsText) {
    let counters = state.log.counters
    text.family("tollgate_ledger_lines_total", "counter", "Lines of the usage log by what became of them.")
    text.sample(#"{state="written"}"#, counters.written)
    text.sample(#"{state="lost"}"#, counters.lost)
    text.family("tollgate_ledger_lines_waiting", "gauge", "Lines that wait for room on the disk.")
    text.sample("", counters.waiting)
    guard let decisions = state.decisions?.status else { return }
    text.family("tollgate_decisions_total", "counter", "Decisions kept beside the usage log, or lost.")
    text.sample(#"{state="written"}"#, decisions.written)
    text.sample(#"{state="lost"}"#, decisions.lost)
  }

  private func providers(_ text: inout MetricsText, now: MonotonicTime) {
    let reports = state.snapshot.providers.map { ($0.id.text, $0.health.report(now: now)) }
    text.family("tollgate_provider_attempts_total", "counter", "Attempts at a provider by outcome.")
    for (id, report) in reports {
      text.sample(provider: id, "outcome", "success", report.counts.successes)
      text.sample(provider: id, "outcome", "failure", report.counts.failures)
      text.sample(provider: id, "outcome", "rate_limited", report.counts.rateLimited)
      text.sample(provider: id, "outcome", "cancelled", report.counts.cancellations)
    }
    text.family("tollgate_provider_in_flight", "gauge", "Attempts under way.")
    for (id, report) in reports { text.sample(provider: id, nil, "", report.inFlight) }
    text.family(
      "tollgate_provider_circuit_open", "gauge", "1 while the circuit is open, 0.5 while it is half-open.")
    for (id, report) in reports {
      let value =
        switch report.circuit.status {
        case .closed: "0"
        case .halfOpen: "0.5"
        case .open: "1"
        }
      text.sample(provider: id, nil, "", value)
    }
  }
}

/// Prometheus text being written.
private struct MetricsText {
  private(set) var bytes: [UInt8] = []
  private var name: StaticString = ""

  /// Begins a metric; the samples that follow are its.
  mutating func family(_ name: StaticString, _ kind: StaticString, _ help: StaticString) {
    self.name = name
    bytes.append(contentsOf: "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n".utf8)
  }

  mutating func sample(_ labels: String, _ value: some CustomStringConvertible) {
    bytes.append(contentsOf: "\(name)\(labels) \(value)\n".utf8)
  }

  mutating func sample(
    provider: String, _ label: String?, _ labelValue: String, _ value: some CustomStringConvertible
  ) {
    // Provider ids are made of letters, digits, `.`, `_`, `-`, and `/` with the model's text behind it.
    let id = provider.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let second = label.map { ",\($0)=\"\(labelValue)\"" } ?? ""
    sample("{provider=\"\(id)\"\(second)}", value)
  }
}
