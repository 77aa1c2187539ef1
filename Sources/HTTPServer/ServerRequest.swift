package import GatewayTypes
package import HTTP

/// One request as it arrived, body and all.
package struct ServerRequest: Sendable {
  /// The bytes that `head`'s ranges count in.
  package let bytes: [UInt8]
  package let head: RequestHead
  package let body: [UInt8]
  /// When the request was complete.
  package let receivedAt: MonotonicTime

  package init(bytes: [UInt8], head: RequestHead, body: [UInt8], receivedAt: MonotonicTime) {
    self.bytes = bytes
    self.head = head
    self.body = body
    self.receivedAt = receivedAt
  }

  package var method: Method { head.method }

  /// The request target as sent: path and query, still percent-encoded.
  package var rawTarget: ArraySlice<UInt8> { bytes[head.target] }

  /// The value of the first header called `name`, which must be given in lower case.
  package func header(_ name: StaticString) -> ArraySlice<UInt8>? { head.value(name, in: bytes) }

  /// The values of all headers called `name`, in the order sent: a list may be sent in several.
  package func headers(_ name: StaticString) -> [ArraySlice<UInt8>] {
    var values: [ArraySlice<UInt8>] = []
    for field in head.fields where field.isNamed(name, in: bytes) { values.append(bytes[field.value]) }
    return values
  }
}

/// Answers the requests of one loop's server. Called on that loop.
package protocol RequestResponder: AnyObject {
  /// Answers `request` by one `send`, or one stream, of `writer`.
  func respond(to request: ServerRequest, writer: ResponseWriter) async

  /// The answer to what could not be read as a request.
  func response(to error: RequestError) -> Response
}
