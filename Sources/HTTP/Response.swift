/// An answer: status, header fields and body, ready to be written.
package struct Response: Sendable {
  package var status: Int
  package var fields: ResponseFields
  package var body: [UInt8]

  package init(status: Int, fields: ResponseFields = ResponseFields(), body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The reason phrase of a status (RFC 9110 §15).
  package static func reason(of status: Int) -> StaticString {
    switch status {
    case 100: "Continue"
    case 200: "OK"
    case 204: "No Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 417: "Expectation Failed"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: "Unknown"
    }
  }
}

/// Header fields of an answer, kept as the bytes that will be sent.
package struct ResponseFields: Sendable {
  /// `name: value` CRLF, again and again.
  package private(set) var bytes: [UInt8] = []

  package init() {
    bytes.reserveCapacity(320)
  }

  package mutating func add(_ name: StaticString, _ value: StaticString) {
    append(name)
    bytes.appendStatic(value)
    endLine()
  }

  /// Adds a field with a value that may come from outside: bytes that would end the line are left out.
  package mutating func add(_ name: StaticString, _ value: String) {
    append(name)
    for byte in value.utf8 where ByteClass.isFieldValue(byte) { bytes.append(byte) }
    endLine()
  }

  /// Adds a field with a value that may come from outside: bytes that would end the line are left out.
  package mutating func add(_ name: StaticString, bytes value: ArraySlice<UInt8>) {
    append(name)
    for byte in value where ByteClass.isFieldValue(byte) { bytes.append(byte) }
    endLine()
  }

  /// Adds the lines of `fields`, made before.
  package mutating func add(_ fields: ResponseFields) {
    bytes += fields.bytes
  }

  package mutating func add(_ name: StaticString, _ value: Int) {
    append(name)
    bytes.appendDecimal(value)
    endLine()
  }

  private mutating func append(_ name: StaticString) {
    bytes.appendStatic(name)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
  }

  private mutating func endLine() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension [UInt8] {
  /// Appends the text's UTF-8.
  package mutating func appendStatic(_ text: StaticString) {
    // Safe: the buffer of a StaticString lives for ever.
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  /// Appends `value` in decimal.
  package mutating func appendDecimal(_ value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = count
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    self[start...].reverse()
  }
}
