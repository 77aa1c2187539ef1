extension ArraySlice<UInt8> {
  /// Whether these bytes are exactly `text`.
  func isText(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { letters in
      for offset in 0..<letters.count {
        // Safe: the offset is below the count of both.
        guard unsafe letters[offset] == self[startIndex + offset] else { return false }
      }
      return true
    }
  }
}

extension [UInt8] {
  /// Appends the literal's UTF-8 bytes.
  mutating func appendLiteral(_ text: StaticString) {
    // Safe: the literal's bytes are copied inside the call.
    text.withUTF8Buffer { letters in unsafe append(contentsOf: letters) }
  }
}
