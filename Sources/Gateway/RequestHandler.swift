internal import Accounting
internal import Decisions
internal import Dispatch
internal import HTTP
internal import JSON

/// `GET /requests/{id}`: one request of the past, and why it went where it went.
struct RequestHandler {
  let state: GatewayState

  /// How far back in the ledger a request is looked for: a second or so of reading.
  private static let searchedSize = 2_147_483_648
  /// Searches read the disk on a queue of their own, one after another, so that no loop waits.
  private static let queue = DispatchQueue(label: "tollgate.requests", qos: .utility)
  /// The ledger cuts longer ones.
  private static let longestID = 256

  /// The ledger's line of the request `id`, with its `decision`.
  func response(id: String) async throws(APIError) -> Response {
    guard !id.isEmpty, id.utf8.count <= Self.longestID else { throw Self.notFound(id, isOld: false) }
    let known = state.history.record(id: id)
    let path = state.log.path
    let keepsDecisions = state.decisions != nil
    let found: Result<([UInt8]?, Decision?), UsageLogError> = await withUnsafeContinuation { continuation in
      Self.queue.async {
        continuation.resume(
          returning: Result { () throws(UsageLogError) in
            let line =
              try known == nil ? LedgerSearch.line(of: id, ledger: path, limit: Self.searchedSize) : nil
            guard keepsDecisions, known != nil || line != nil else { return (line, nil) }
            return (line, try DecisionReader.decision(of: id, ledger: path))
          })
      }
    }
    let line: [UInt8]?
    let decision: Decision?
    do throws(UsageLogError) {
      (line, decision) = try found.get()
    } catch {
      throw APIError(
        503, .serviceUnavailable, code: "ledger_unavailable",
        message: "The usage log cannot be read: \(error.cause).")
    }
    guard let line = known.map(Self.line) ?? line, let body = body(line, decision) else {
      throw Self.notFound(id, isOld: true)
    }
    return .json(status: 200, body)
  }

  private static func line(of record: UsageRecord) -> [UInt8] {
    var line: [UInt8] = []
    record.appendLine(to: &line)
    return line
  }

  /// The line's fields but for the texts, which `GET /requests` does not tell either, and the decision.
  private func body(_ line: [UInt8], _ decision: Decision?) -> [UInt8]? {
    guard let document = try? JSONDocument(parsing: line) else { return nil }
    var writer = JSONWriter(reserveCapacity: line.count + 4_096)
    writer.beginObject()
    for (key, value) in document.members(of: document.root) where !document.isText(key, "content") {
      writer.key(document.string(key) ?? "")
      writer.value(value, of: document)
    }
    writer.key("decision")
    if let decision {
      decision.write(to: &writer)
    } else {
      writer.null()
      writer.member(
        "decision_missing",
        state.decisions == nil
          ? "ledger.decisions_bytes is 0: no decisions are kept"
          : "no decision is kept for it: its file was rotated away, or it could not be written then")
    }
    writer.endObject()
    return writer.bytes
  }

  private static func notFound(_ id: String, isOld: Bool) -> APIError {
    APIError(
      404, .invalidRequest, code: "not_found",
      message: isOld
        ? "There is no request '\(id)' in the last 2 GB of the usage log; GET /requests lists the last ones, and "
          + "'tollgate explain --request' looks through all of it."
        : "A request's id has 1 to 256 bytes; GET /requests lists the last ones.")
  }
}
