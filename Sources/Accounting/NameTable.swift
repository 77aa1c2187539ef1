import Glibc

/// Numbers the distinct names that it is shown: 0, 1, 2 and so on, in the order they first come.
///
/// Looked up by bytes as they stand in a line, so no String is made for a name that is known.
struct NameTable: Sendable {
  /// All names, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each name ends in `bytes`.
  private var ends: [Int] = []
  /// Open addressing: a name's number and 1, or 0; a power of two, at most half full.
  private var slots: [Int32] = Array(repeating: 0, count: 64)

  /// Not the same in two processes, so that nobody can choose names that fall into one slot.
  private static let seed = UInt64.random(in: .min ... .max)

  var count: Int { ends.count }

  /// The number of `name`; nil when it has none.
  func number(of name: UnsafeRawBufferPointer) -> Int? {
    let found = slots[slot(of: name)]
    return found == 0 ? nil : Int(found) - 1
  }

  /// The number of `name`, which gets the next one if it has none.
  mutating func insert(_ name: UnsafeRawBufferPointer) -> Int {
    let slot = slot(of: name)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    bytes.append(contentsOf: name)
    ends.append(bytes.count)
    slots[slot] = Int32(ends.count)
    if ends.count * 2 > slots.count { grow() }
    return ends.count - 1
  }

  mutating func insert(_ name: String) -> Int {
    Array(name.utf8).withUnsafeBytes { insert($0) }
  }

  /// The name with this number.
  subscript(number: Int) -> ArraySlice<UInt8> {
    bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
  }

  func text(_ number: Int) -> String { String(decoding: self[number], as: UTF8.self) }

  /// The slot that holds `name`, or the empty one where it belongs.
  private func slot(of name: UnsafeRawBufferPointer) -> Int {
    var slot = Int(truncatingIfNeeded: NameTable.hash(name)) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      let start = number == 0 ? 0 : ends[number - 1]
      if ends[number] - start == name.count, isEqual(name, from: start) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isEqual(_ name: UnsafeRawBufferPointer, from start: Int) -> Bool {
    guard let sought = name.baseAddress else { return true }
    return bytes.withUnsafeBytes { bytes in
      UnsafeRawBufferPointer(rebasing: bytes[start..<start + name.count]).baseAddress
        .map { memcmp($0, sought, name.count) == 0 } ?? true
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for number in 0..<ends.count {
      let slot = self[number].withUnsafeBytes { self.slot(of: $0) }
      slots[slot] = Int32(number + 1)
    }
  }

  static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var hash = seed ^ UInt64(name.count)
    var index = 0
    while index + 8 <= name.count {
      hash = mixed(hash ^ name.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    return mixed(hash ^ NameTable.rest(of: name, from: index))
  }

  /// The last 0 to 7 bytes of `name`, those from `index` on, each of them in the word. Two loads that overlap take
  /// the place of a loop.
  @inline(__always)
  private static func rest(of name: UnsafeRawBufferPointer, from index: Int) -> UInt64 {
    let count = name.count - index
    if count >= 4 {
      let low = name.loadUnaligned(fromByteOffset: index, as: UInt32.self)
      let high = name.loadUnaligned(fromByteOffset: name.count - 4, as: UInt32.self)
      return UInt64(low) | UInt64(high) << 32
    }
    guard count > 0 else { return 0 }
    return UInt64(name[index]) | UInt64(name[index + count / 2]) << 8 | UInt64(name[name.count - 1]) << 16
  }

  /// The finisher of SplitMix64 (Steele, Lea and Flood, 2014): each bit in moves every bit out.
  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
