internal import Accounting
internal import Dispatch
internal import HTTP

/// `GET /usage`: what `tollgate usage` shows, over HTTP: `?by=`, `since=`, `until=`, `format=table|csv|json`.
struct UsageHandler {
  let state: GatewayState

  private enum Format: String, CaseIterable {
    case table, csv, json
  }

  /// Reports are read from the disk on a queue of their own, one after another, so that no loop waits and
  /// nobody takes the disk for himself.
  private static let queue = DispatchQueue(label: "tollgate.usage", qos: .utility)

  func response(to target: Target?) async throws(APIError) -> Response {
    let key = try choice("by", in: target, default: UsageReport.Key.provider)
    let format = try choice("format", in: target, default: Format.json)
    let now = Timestamp.now()
    let since = try time("since", in: target, now: now)
    let until = try time("until", in: target, now: now)
    let path = state.log.path
    let result: Result<UsageReport, UsageLogError> = await withUnsafeContinuation { continuation in
      Self.queue.async {
        continuation.resume(
          returning: Result { () throws(UsageLogError) in
            try UsageReport(path: path, by: key, since: since, until: until)
          })
      }
    }
    do throws(UsageLogError) {
      return try response(result.get(), format: format)
    } catch {
      throw APIError(
        503, .serviceUnavailable, code: "ledger_unavailable",
        message: "The usage log cannot be read: \(error.cause).")
    }
  }

  private func response(_ report: UsageReport, format: Format) -> Response {
    switch format {
    case .json: return .json(status: 200, Array(report.json().utf8))
    case .table, .csv:
      var fields = ResponseFields()
      fields.add(
        "Content-Type",
        format == .csv ? "text/csv; charset=utf-8" : "text/plain; charset=utf-8" as StaticString)
      return Response(
        status: 200, fields: fields, body: Array((format == .csv ? report.csv() : report.table()).utf8))
    }
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, in target: Target?, default choice: Choice
  ) throws(APIError) -> Choice {
    guard let text = target?.queryValue(name) else { return choice }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidRequest("`\(name)` must be one of: \(names).", param: name)
    }
    return choice
  }

  private func time(_ name: String, in target: Target?, now: Timestamp) throws(APIError) -> Timestamp? {
    guard let text = target?.queryValue(name) else { return nil }
    guard let point = PointInTime(argument: text) else {
      throw .invalidRequest(
        "`\(name)` must be a stretch of time before now (30m, 12h, 7d), a date, or a time in UTC.",
        param: name)
    }
    return point.time(now)
  }
}
