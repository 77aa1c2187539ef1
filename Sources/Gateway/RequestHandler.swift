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
    let found: Found = await withUnsafeContinuation { continuation in
      Self.queue.async {
        let line = Result { () throws(UsageLogError) -> [UInt8]? in
          if let known { return Self.line(of: known) }
          return try LedgerSearch.line(of: id, ledger: path, limit: Self.searchedSize)
        }
        let decision = Result { () throws(UsageLogError) -> Decision? in
          keepsDecisions ? try DecisionReader.decision(of: id, ledger: path) : nil
        }
        continuation.resume(returning: Found(line: line, decision: decision))
      }
    }
    let line: [UInt8]?
    do throws(UsageLogError) {
      line = try found.line.get()
    } catch {
      throw APIError(
        503, .serviceUnavailable, code: "ledger_unavailable",
        message: "The usage log cannot be read: \(error.cause).")
    }
    guard let line, let body = body(line, found.decision) else { throw Self.notFound(id, isOld: true) }
    return .json(status: 200, body)
  }

  /// What the files have of a request.
  private struct Found {
    var line: Result<[UInt8]?, UsageLogError>
    var decision: Result<Decision?, UsageLogError>
  }

  private static func line(of record: UsageRecord) -> [UInt8] {
    var line: [UInt8] = []
    record.appendLine(to: &line)
    return line
  }

  /// The line's fields but for the texts, which `GET /requests` does not tell either, and the decision.
  private func body(_ line: [UInt8], _ decision: Result<Decision?, UsageLogError>) -> [UInt8]? {
    guard let document = try? JSONDocument(parsing: line) else { return nil }
    var writer = JSONWriter(reserveCapacity: line.count + 4_096)
    writer.beginObject()
    for (key, value) in document.members(of: document.root) where !document.isText(key, "content") {
      writer.key(document.string(key) ?? "")
      writer.value(value, of: document)
    }
    writer.key("decision")
    switch decision {
    case .success(let decision?): decision.write(to: &writer)
    case .success(nil):
      writer.null()
      writer.member(
        "decision_missing",
        state.decisions == nil
          ? "ledger.decisions_bytes is 0: no decisions are kept"
          : "no decision is kept for it: its file was rotated away, or it could not be written then")
    case .failure(let error):
      writer.null()
      writer.member("decision_missing", "the file of decisions cannot be read: \(error.cause)")
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
