/// Why a request cannot be read. The connection is of no use after one: where the next request would
/// begin is not known.
package enum RequestError: Error, Sendable, Hashable, CaseIterable {
  case badRequestLine
  case unsupportedVersion
  case targetTooLong
  case bareLineFeed
  case badField
  case tooManyFields
  case headTooLarge
  case badHost
  case badContentLength
  case conflictingFraming
  case unsupportedTransferCoding
  case unsupportedExpectation
  case badChunk
  case bodyTooLarge
  case headTimeout
  case bodyTimeout

  package var status: Int {
    switch self {
    case .badRequestLine, .bareLineFeed, .badField, .badHost, .badContentLength, .conflictingFraming,
      .badChunk:
      400
    case .headTimeout, .bodyTimeout: 408
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .unsupportedExpectation: 417
    case .tooManyFields, .headTooLarge: 431
    case .unsupportedTransferCoding: 501
    case .unsupportedVersion: 505
    }
  }

  /// What was wrong and what to do, for the caller.
  package var message: String {
    switch self {
    case .badRequestLine: "The request line is not 'METHOD /path HTTP/1.1'."
    case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
    case .targetTooLong: "The request line is too long; send data in the body, not in the URL."
    case .bareLineFeed: "A line of the request's head ends in LF alone; lines end in CRLF."
    case .badField:
      "A header line is malformed: 'Name: value' with no space before the colon and no control characters."
    case .tooManyFields: "The request has too many header lines; send fewer."
    case .headTooLarge: "The request's header lines are too large together; send less in them."
    case .badHost: "An HTTP/1.1 request has exactly one Host header."
    case .badContentLength: "Content-Length is not one whole number."
    case .conflictingFraming:
      "Transfer-Encoding: chunked stands alone, without Content-Length, and needs HTTP/1.1."
    case .unsupportedTransferCoding: "The only transfer coding understood is 'chunked'."
    case .unsupportedExpectation: "The only expectation understood is '100-continue'."
    case .badChunk: "The chunked body is malformed."
    case .bodyTooLarge: "The request body is larger than this gateway accepts (server.max_body_bytes)."
    case .headTimeout: "The request's head did not arrive in time."
    case .bodyTimeout: "The request's body did not arrive in time."
    }
  }
}
