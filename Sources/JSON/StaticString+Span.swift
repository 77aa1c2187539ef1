extension StaticString {
  /// Calls `body` with the literal's UTF-8 bytes.
  @inline(__always)
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // Safe: these are the literal's own bytes, which stay for ever, and a span cannot leave the call. The
    // standard library's `withUTF8Buffer` would do too, but not without a retain and a release.
    let buffer = unsafe UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    return unsafe body(Span(_unsafeElements: buffer))
  }
}
