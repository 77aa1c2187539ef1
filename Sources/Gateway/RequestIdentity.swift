internal import Glibc

/// Makes request ids and the random numbers of jitter for one loop: nothing of it is a secret.
struct RequestIdentity {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Seeded by the system, so that ids do not repeat across loops and starts.
  init() {
    var system = SystemRandomNumberGenerator()
    state = (system.next() | 1, system.next(), system.next(), system.next())
  }

  /// `req_` and 24 hexadecimal digits.
  mutating func nextID() -> String {
    let high = nextRandom()
    let low = nextRandom()
    return String(unsafeUninitializedCapacity: 28) { buffer in
      for (index, byte) in "req_".utf8.enumerated() { buffer[index] = byte }
      for digit in 0..<24 {
        let nibble = digit < 16 ? high >> (UInt64(digit) * 4) : low >> (UInt64(digit - 16) * 4)
        buffer[4 + digit] = Self.digits[Int(nibble & 15)]
      }
      return 28
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// 64 evenly spread bits, by xoshiro256++ (https://prng.di.unimi.it).
  mutating func nextRandom() -> UInt64 {
    func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
    let result = rotated(state.0 &+ state.3, by: 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// The caller's own id, when it is one: 1 to 128 letters, digits, `-`, `_`, `.` or `:`.
  static func accepted(_ header: ArraySlice<UInt8>?) -> String? {
    guard let header, (1...128).contains(header.count) else { return nil }
    let isSane = header.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: ":"):
        true
      default: false
      }
    }
    return isSane ? String(decoding: header, as: UTF8.self) : nil
  }
}
