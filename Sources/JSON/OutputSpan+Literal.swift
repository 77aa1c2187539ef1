extension OutputSpan<UInt8> {
  /// Appends the literal's bytes.
  @inline(__always)
  mutating func append(literal: StaticString) {
    let size = literal.utf8CodeUnitCount
    // Safe: the room is checked, the literal's bytes stay for ever, and `count` says how many were written.
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      precondition(size <= buffer.count - count, "the room for a literal is asked for beforehand")
      guard let base = buffer.baseAddress else { return }
      unsafe (base + count).initialize(from: literal.utf8Start, count: size)
      count += size
    }
  }

  /// Appends all of `text`.
  @inline(__always)
  mutating func append(text: Span<UInt8>) {
    // Safe: as above; the span's bytes are only read.
    unsafe text.withUnsafeBufferPointer { source in
      unsafe withUnsafeMutableBufferPointer { buffer, count in
        precondition(source.count <= buffer.count - count, "the room for a text is asked for beforehand")
        guard let base = buffer.baseAddress, let start = source.baseAddress else { return }
        unsafe (base + count).initialize(from: start, count: source.count)
        count += source.count
      }
    }
  }
}
