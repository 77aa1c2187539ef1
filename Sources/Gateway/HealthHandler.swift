internal import Accounting
internal import GatewayTypes
internal import HTTP
internal import Health
internal import JSON

/// `GET /health`, `/health/live` and `/health/ready`.
struct HealthHandler {
  let state: GatewayState

  /// The whole picture; always 200, because the gateway that answers is alive.
  func health(now: MonotonicTime) -> Response { .json(status: 200, body(now: now)) }

  /// 200 as long as the process serves at all.
  func live(now: MonotonicTime) -> Response { .json(status: 200, body(now: now)) }

  /// 503 when a balancer should send requests elsewhere: no provider to ask, no ledger, or draining.
  func ready(now: MonotonicTime) -> Response {
    let isReady = !state.isDraining && availableCount(now: now) > 0 && state.ledgerRefusal == nil
    return .json(status: isReady ? 200 : 503, body(now: now))
  }

  private func availableCount(now: MonotonicTime) -> Int {
    state.snapshot.providers.count { $0.isEnabled && $0.health.standing(now: now).unavailability == nil }
  }

  private func body(now: MonotonicTime) -> [UInt8] {
    let snapshot = state.snapshot
    let available = availableCount(now: now)
    let ledger = state.log.state
    var isLedgerFine = true
    if case .failing = ledger { isLedgerFine = false }
    let enabled = snapshot.providers.count { $0.isEnabled }

    var writer = JSONWriter()
    writer.beginObject()
    writer.member("status", state.isDraining ? "draining" : isLedgerFine && available > 0 ? "ok" : "degraded")
    writer.member("version", Version.current)
    writer.member("uptime_seconds", Int((now - state.startedAt).inSeconds))
    writer.key("providers")
    writer.beginObject()
    writer.member("configured", snapshot.providers.count)
    writer.member("enabled", enabled)
    writer.member("available", available)
    writer.endObject()
    writer.key("ledger")
    writer.beginObject()
    switch ledger {
    case .ok:
      writer.member("status", "ok" as StaticString)
    case .failing(let error, let since):
      writer.member("status", "failing" as StaticString)
      writer.member("reason", error.cause)
      writer.member("since", since.text)
    }
    writer.member("waiting_lines", state.log.counters.waiting)
    writer.member("lost_lines", state.log.counters.lost)
    writer.endObject()
    writeDecisions(to: &writer)
    writer.endObject()
    return writer.bytes
  }
}

extension HealthHandler {
  /// The ledger's companion: a help, so the gateway is well without it.
  private func writeDecisions(to writer: inout JSONWriter) {
    writer.key("decisions")
    writer.beginObject()
    if let status = state.decisions?.status {
      writer.member("status", status.failure == nil ? "ok" : "failing")
      if let failure = status.failure { writer.member("reason", failure.cause) }
      if let since = status.failingSince { writer.member("since", since.text) }
      writer.member("written", status.written)
      writer.member("lost", status.lost)
    } else {
      writer.member("status", "off" as StaticString)
    }
    writer.endObject()
  }
}

extension Response {
  /// An answer of JSON.
  static func json(status: Int, _ body: [UInt8]) -> Response {
    var fields = ResponseFields()
    fields.add("Content-Type", "application/json" as StaticString)
    return Response(status: status, fields: fields, body: body)
  }
}
