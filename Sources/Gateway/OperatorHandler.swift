internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Health
internal import JSON

/// What an operator does by hand: `/simulate/failure`, `/reset` and `/requests`.
struct OperatorHandler {
  let state: GatewayState
  let ledger: LedgerBatch

  // MARK: POST /simulate/failure

  /// Sets a provider down, or up again.
  func simulateFailure(_ request: ServerRequest) throws(APIError) -> Response {
    let body = try OperatorBody(request.body)
    guard let name = try body.text("provider") else {
      throw .invalidRequest(
        "`provider` is missing; name one of those that GET /providers lists.", param: "provider")
    }
    let isDown = try body.flag("down")
    let meant = state.snapshot.providers.filter { $0.id.text == name || $0.configuration.name == name }
    guard !meant.isEmpty else {
      throw APIError(
        404, .invalidRequest, code: "not_found",
        message: "There is no provider '\(name)'; GET /providers lists them.", param: "provider")
    }
    for provider in meant { provider.health.setDown(isDown) }
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("message", "Provider \(name) set to down=\(isDown)")
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }

  // MARK: POST /reset

  private enum Scope: String, CaseIterable {
    case usage, cooldowns, breakers, all
  }

  /// Starts counting anew. The ledger is kept: a line that says so is appended.
  func reset(_ request: ServerRequest, id: String) async throws(APIError) -> Response {
    let text = try OperatorBody(request.body, mayBeEmpty: true).text("scope") ?? Scope.all.rawValue
    guard let scope = Scope(rawValue: text) else {
      let names = Scope.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidRequest("`scope` must be one of: \(names).", param: "scope")
    }
    let time = Timestamp.now()
    do throws(UsageLogError) {
      try await ledger.commit(resetLine(id: id, scope: scope, time: time))
    } catch {
      throw GatewayState.ledgerError
    }
    if scope == .usage || scope == .all {
      state.totals.reset(since: time)
      state.history.reset()
    }
    for provider in state.snapshot.providers {
      if scope == .usage || scope == .all { provider.health.resetUsage() }
      if scope == .cooldowns || scope == .all { provider.health.resetCooldowns() }
      if scope == .breakers || scope == .all { provider.health.resetBreaker() }
      provider.keys?.reset(
        refusals: scope == .breakers || scope == .all, holds: scope == .cooldowns || scope == .all)
    }
    // Before it is told, so that a crash brings nothing of it back. A disk that is full shows in the ledger's
    // state, and it is saved again within a second.
    try? state.journal.save()
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("message", "Reset: \(scope.rawValue)")
    writer.member("scope", scope.rawValue)
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }

  private func resetLine(id: String, scope: Scope, time: Timestamp) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("time", time.text)
    writer.member("id", id)
    writer.member("reset", scope.rawValue)
    writer.endObject()
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  // MARK: GET /requests

  private static let usualLimit = 50

  /// The last requests, newest first.
  func requests(_ target: Target?) throws(APIError) -> Response {
    var limit = Self.usualLimit
    if let text = target?.queryValue("limit") {
      guard let number = Int(text), (1...RequestHistory.defaultCapacity).contains(number) else {
        throw .invalidRequest(
          "`limit` must be a number from 1 to \(RequestHistory.defaultCapacity).", param: "limit")
      }
      limit = number
    }
    var status: UsageRecord.Status?
    if let text = target?.queryValue("status") {
      status = UsageRecord.Status(rawValue: text)
      guard status != nil else {
        let names = UsageRecord.Status.allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalidRequest("`status` must be one of: \(names).", param: "status")
      }
    }
    let provider = target?.queryValue("provider").map { ProviderID($0) }
    var body: [UInt8] = []
    state.history.newest(limit, provider: provider, status: status).appendJSON(to: &body)
    return .json(status: 200, body)
  }
}
