import Glibc

/// The lines that a crash left owing, where they stand in the table of requests in flight: handed out some at a time,
/// so that however many they are, a disk without room for them costs no memory.
struct OwedLines {
  /// Some 2,000 lines.
  private static let batchSize = 1_048_576

  private let table: LogFile
  /// In the order in which they are to be written.
  private var places: ArraySlice<InFlightContents.Place>

  /// The lines at `places` of the table at `path`, which stay there until the log has written them.
  init(_ places: [InFlightContents.Place], of path: String) throws(UsageLogError) {
    guard let table = try LogFile.openForReading(path) else { throw .cannotOpen(path: path, errno: ENOENT) }
    self.table = table
    self.places = places[...]
  }

  var count: Int { places.count }

  /// The next lines, each with its newline; nil when all were handed out.
  mutating func next() throws(UsageLogError) -> (lines: [UInt8], count: Int)? {
    var lines: [UInt8] = []
    var taken = 0
    for place in places {
      guard taken == 0 || lines.count + place.size < Self.batchSize else { break }
      lines += try table.bytes(from: place.offset, to: place.offset + place.size)
      lines.append(UInt8(ascii: "\n"))
      taken += 1
    }
    guard taken > 0 else { return nil }
    places = places.dropFirst(taken)
    return (lines, taken)
  }
}
