/// Takes the chunked transfer coding off a body (RFC 9112 §7.1), as the bytes come.
package struct ChunkedDecoder: Sendable {
  package enum Progress: Sendable, Hashable {
    /// All bytes were used; more are needed.
    case incomplete
    /// The body has ended; the next message starts at this index of the bytes passed.
    case complete(nextMessage: Int)
    case malformed
  }

  private enum Expecting {
    case size, sizeExtension, sizeLineFeed, data, dataReturn, dataLineFeed, trailer, trailerLineFeed
  }

  private var expecting = Expecting.size
  private var size = 0
  private var sizeDigitCount = 0
  private var lineSize = 0
  private var trailerSize = 0

  /// A size line's extensions and the trailers are thrown away, so they need no more room than this.
  private static let maxLineSize = 4_096
  private static let maxTrailerSize = 16_384
  /// 2⁵⁶ bytes: above every limit on a body and below overflow.
  private static let maxSizeDigitCount = 14

  package init() {}

  /// Decodes `bytes` from `start` on and appends the body's bytes to `body`.
  package mutating func decode(_ bytes: [UInt8], from start: Int, into body: inout [UInt8]) -> Progress {
    var position = start
    while position < bytes.count {
      if expecting == .data {
        let taken = min(size, bytes.count - position)
        body.append(contentsOf: bytes[position..<(position + taken)])
        position += taken
        size -= taken
        if size == 0 { expecting = .dataReturn }
        continue
      }
      switch accept(bytes[position]) {
      case .goOn: position += 1
      case .end: return .complete(nextMessage: position + 1)
      case .refuse: return .malformed
      }
    }
    return .incomplete
  }

  private enum Verdict { case goOn, end, refuse }

  private mutating func accept(_ byte: UInt8) -> Verdict {
    switch expecting {
    case .size: return acceptSize(byte)
    case .sizeExtension:
      lineSize += 1
      if byte == UInt8(ascii: "\r") {
        expecting = .sizeLineFeed
      } else if byte == UInt8(ascii: "\n") || lineSize > Self.maxLineSize {
        return .refuse
      }
    case .sizeLineFeed:
      guard byte == UInt8(ascii: "\n") else { return .refuse }
      expecting = size == 0 ? .trailer : .data
      lineSize = 0
      sizeDigitCount = 0
    case .data: preconditionFailure("chunk data is taken whole, not byte by byte")
    case .dataReturn:
      guard byte == UInt8(ascii: "\r") else { return .refuse }
      expecting = .dataLineFeed
    case .dataLineFeed:
      guard byte == UInt8(ascii: "\n") else { return .refuse }
      expecting = .size
    case .trailer:
      trailerSize += 1
      if byte == UInt8(ascii: "\r") {
        expecting = .trailerLineFeed
      } else if byte == UInt8(ascii: "\n") || trailerSize > Self.maxTrailerSize {
        return .refuse
      } else {
        lineSize += 1
      }
    case .trailerLineFeed:
      guard byte == UInt8(ascii: "\n") else { return .refuse }
      if lineSize == 0 { return .end }
      lineSize = 0
      expecting = .trailer
    }
    return .goOn
  }

  private mutating func acceptSize(_ byte: UInt8) -> Verdict {
    if let digit = Self.hexadecimalDigit(byte) {
      guard sizeDigitCount < Self.maxSizeDigitCount else { return .refuse }
      size = size << 4 | digit
      sizeDigitCount += 1
      return .goOn
    }
    guard sizeDigitCount > 0 else { return .refuse }
    switch byte {
    case UInt8(ascii: "\r"): expecting = .sizeLineFeed
    case UInt8(ascii: ";"), UInt8(ascii: " "), 0x09: expecting = .sizeExtension
    default: return .refuse
    }
    return .goOn
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
