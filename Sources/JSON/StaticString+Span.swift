extension StaticString {
  /// Calls `body` with the literal's UTF-8 bytes.
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    withUTF8Buffer { buffer in
      // Safe: the buffer is the literal's own bytes, and a span cannot leave the call.
      unsafe body(Span(_unsafeElements: buffer))
    }
  }
}
