/// The head of one request: what was asked, and where in the buffer each part stands.
///
/// All ranges count from the start of the buffer that was parsed; `bytes` below is that buffer.
package struct RequestHead: Sendable {
  package var method: Method = .other
  /// The request target as sent.
  package var target: Range<Int> = 0..<0
  /// 0 for HTTP/1.0, 1 for HTTP/1.1.
  package var minorVersion = 1
  /// In the order sent.
  package var fields: [HeaderField] = []
  package var framing: BodyFraming = .none
  /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
  package var keepsAlive = true
  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  package var expectsContinue = false
  /// The index after the blank line.
  package var end = 0

  package init() {}

  /// The value of the first field called `name`, which must be given in lower case; nil when there is none.
  package func value(_ name: StaticString, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    for field in fields where field.isNamed(name, in: bytes) { return bytes[field.value] }
    return nil
  }
}

/// How long the body is (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Hashable {
  case none
  case length(Int)
  case chunked
}

/// Where a header field's name and value stand.
package struct HeaderField: Sendable, Hashable {
  package var name: Range<Int>
  /// Without the white space around it.
  package var value: Range<Int>

  /// Whether the field's name is `name` (lower case), whatever case it was sent in.
  package func isNamed(_ name: StaticString, in bytes: [UInt8]) -> Bool {
    bytes[self.name].equalsIgnoringCase(name)
  }
}

extension ArraySlice<UInt8> {
  /// Whether these bytes are exactly `text`.
  func isText(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { expected in
      for offset in 0..<count {
        // Safe: the buffer of a StaticString lives for ever, and has as many bytes as this slice.
        guard unsafe expected[offset] == self[startIndex + offset] else { return false }
      }
      return true
    }
  }

  /// Whether these bytes, in lower case, are `text`, which must be ASCII in lower case.
  package func equalsIgnoringCase(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { expected in
      var position = startIndex
      for index in 0..<count {
        // Safe: the buffer of a StaticString lives for ever, and has as many bytes as this slice.
        guard unsafe expected[index] == ByteClass.lowercased(self[position]) else { return false }
        position += 1
      }
      return true
    }
  }
}
