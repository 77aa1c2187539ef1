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
    bytes.append(addingCapacity: name.utf8CodeUnitCount + value.utf8CodeUnitCount + 4) { output in
      output.append(fieldName: name)
      output.append(literal: value)
      output.endLine()
    }
  }

  /// Adds a field with a value that may come from outside: bytes that would end the line are left out.
  package mutating func add(_ name: StaticString, _ value: String) {
    add(name, value.utf8.span)
  }

  /// Adds a field with a value that may come from outside: bytes that would end the line are left out.
  package mutating func add(_ name: StaticString, bytes value: ArraySlice<UInt8>) {
    add(name, value.span)
  }

  private mutating func add(_ name: StaticString, _ value: Span<UInt8>) {
    bytes.append(addingCapacity: name.utf8CodeUnitCount + value.count + 4) { output in
      output.append(fieldName: name)
      for index in 0..<value.count where ByteClass.isFieldValue(value[index]) { output.append(value[index]) }
      output.endLine()
    }
  }

  /// Adds a field whose value `append` appends: at most `capacity` bytes of the gateway's own, none of which
  /// ends the line.
  package mutating func add(
    _ name: StaticString, capacity: Int, _ append: (inout OutputSpan<UInt8>) -> Void
  ) {
    bytes.append(addingCapacity: name.utf8CodeUnitCount + capacity + 4) { output in
      output.append(fieldName: name)
      append(&output)
      output.endLine()
    }
  }

  /// Adds the lines of `fields`, made before.
  package mutating func add(_ fields: ResponseFields) {
    bytes += fields.bytes
  }

  package mutating func add(_ name: StaticString, _ value: Int) {
    // A sign and 19 digits.
    bytes.append(addingCapacity: name.utf8CodeUnitCount + 20 + 4) { output in
      output.append(fieldName: name)
      output.append(decimal: value)
      output.endLine()
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the literal's bytes.
  @inline(__always)
  package mutating func append(literal: StaticString) {
    let size = literal.utf8CodeUnitCount
    // Safe: the room is checked, the literal's bytes stay for ever, and `count` says how many were written.
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      precondition(size <= buffer.count - count, "the room for a literal is asked for beforehand")
      guard let base = buffer.baseAddress else { return }
      unsafe (base + count).initialize(from: literal.utf8Start, count: size)
      count += size
    }
  }

  @inline(__always)
  fileprivate mutating func append(fieldName name: StaticString) {
    append(literal: name)
    append(UInt8(ascii: ":"))
    append(UInt8(ascii: " "))
  }

  @inline(__always)
  fileprivate mutating func endLine() {
    append(UInt8(ascii: "\r"))
    append(UInt8(ascii: "\n"))
  }

  fileprivate mutating func append(decimal value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(magnitude: value.magnitude)
  }

  private mutating func append(magnitude value: UInt) {
    if value >= 10 { append(magnitude: value / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }
}

extension [UInt8] {
  /// Appends the text's UTF-8.
  package mutating func appendStatic(_ text: StaticString) {
    append(addingCapacity: text.utf8CodeUnitCount) { $0.append(literal: text) }
  }

  /// Appends `value` in decimal.
  package mutating func appendDecimal(_ value: Int) {
    // A sign and 19 digits.
    append(addingCapacity: 20) { $0.append(decimal: value) }
  }
}
