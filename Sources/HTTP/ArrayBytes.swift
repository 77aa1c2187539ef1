extension [UInt8] {
  /// The index of the first `byte` at or after `start`; nil when there is none.
  ///
  /// Eight bytes at a time: heads and event streams are searched for line ends all the time.
  package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    let span = self.span
    // Safe: the elements are initialised bytes, and the view lives no longer than the array.
    let bytes = unsafe span.bytes
    var index = start
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    while index + 8 <= count {
      // Safe: eight bytes from `index` are inside, and any bit pattern is a UInt64.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) ^ pattern
      let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count {
      if span[index] == byte { return index }
      index += 1
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// These bytes without the spaces and tabs around them.
  package func trimmingSpaces() -> ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == UInt8(ascii: " ") || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == UInt8(ascii: " ") || last == 0x09 { slice.removeLast() }
    return slice
  }
}
