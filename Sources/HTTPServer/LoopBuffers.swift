internal import HTTP
internal import Reactor

/// The two buffers that all connections of a loop share: nothing is kept in them across an `await`, so
/// an idle connection holds none of its own.
final class LoopBuffers {
  /// Where the kernel's bytes arrive: as much as one large read brings.
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private var output: [UInt8] = []
  private var dateSecond = -1
  private var dateText: [UInt8] = []

  /// A buffer larger than this is given back to the system rather than kept.
  private static let maxKeptSize = 262_144

  deinit {
    input.deallocate()
  }

  /// The value of `Date`, made anew once a second.
  func date() -> [UInt8] {
    let second = WallClock.millisecondsSince1970() / 1_000
    if second != dateSecond {
      dateSecond = second
      dateText = HTTPDate.bytes(secondsSince1970: second)
    }
    return dateText
  }

  /// An empty buffer to write an answer into.
  func takeOutput() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &output)
    return taken
  }

  /// Gives a buffer back.
  func giveBack(_ buffer: consuming [UInt8]) {
    guard buffer.capacity <= Self.maxKeptSize else { return }
    buffer.removeAll(keepingCapacity: true)
    output = buffer
  }
}
