internal import HTTP
internal import HTTPServer
internal import Providers

/// One request and its answer, as far as every path has to do with it.
struct Exchange {
  /// The ledger's and the answer's id, made here.
  let id: String
  /// The caller's `x-request-id`, or `id`.
  let requestID: String
  let origin: OriginPolicy.Verdict
  let request: ServerRequest
  let writer: ResponseWriter

  /// Adds the fields that every answer has.
  func addCommonFields(to fields: inout ResponseFields) {
    fields.add("x-request-id", requestID)
    if case .allowed(let name) = origin { fields.addCrossOrigin(name) }
  }
}

extension ResponseFields {
  /// Lets a page of an allowed other origin read the answer.
  fileprivate mutating func addCrossOrigin(_ origin: ArraySlice<UInt8>) {
    add("Access-Control-Allow-Origin", bytes: origin)
    add("Vary", "Origin" as StaticString)
    add(
      "Access-Control-Expose-Headers",
      "x-request-id, x-tollgate-provider, x-tollgate-model, x-tollgate-cost-usd, x-tollgate-attempts, x-tollgate-warnings, retry-after, server-timing"
        as StaticString)
  }
}
