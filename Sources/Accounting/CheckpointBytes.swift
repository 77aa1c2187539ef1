import GatewayTypes

/// Writes a checkpoint's numbers and names: fixed widths, little endian, names with their length.
struct CheckpointWriter {
  private(set) var bytes: [UInt8]

  init(_ start: [UInt8]) {
    bytes = start
  }

  mutating func integer(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func name(_ name: some Collection<UInt8>) {
    integer(UInt32(name.count))
    bytes.append(contentsOf: name)
  }

  mutating func sum(_ sum: UsageSum) {
    for count in [sum.requests, sum.successes, sum.failures, sum.promptTokens, sum.completionTokens] {
      integer(count)
    }
    integer(sum.cost.picodollars)
    integer(sum.saved.picodollars)
    integer(sum.latencyMicroseconds)
    integer(sum.latencyCount)
  }

  mutating func spending(_ spending: Spending) {
    integer(spending.total.picodollars)
    integer(spending.day.picodollars)
    integer(spending.month.picodollars)
    integer(spending.dayNumber)
    integer(spending.monthNumber)
  }

  mutating func window(_ window: RollingSum) {
    for slot in window.slots {
      integer(slot.number)
      sum(slot.sum)
    }
  }

  mutating func sums(_ named: NamedSums) {
    integer(UInt32(named.sums.count))
    for number in 0..<named.sums.count {
      name(named.names[number])
      sum(named.sums[number])
    }
    sum(named.others)
  }

  mutating func spendings(_ named: NamedSpending) {
    integer(UInt32(named.spendings.count))
    for number in 0..<named.spendings.count {
      name(named.names[number])
      spending(named.spendings[number])
    }
  }
}

/// Reads what `CheckpointWriter` wrote; whatever does not fit is `damaged`.
struct CheckpointReader {
  private let bytes: [UInt8]
  private var index: Int
  private let end: Int

  init(_ bytes: [UInt8], from start: Int, to end: Int) {
    self.bytes = bytes
    index = start
    self.end = end
  }

  var isAtEnd: Bool { index == end }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(CheckpointError)
    -> Value
  {
    let size = MemoryLayout<Value>.size
    guard end - index >= size else { throw .damaged }
    defer { index += size }
    return Value(
      littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index, as: Value.self) })
  }

  mutating func name() throws(CheckpointError) -> ArraySlice<UInt8> {
    let size = Int(try integer(UInt32.self))
    guard end - index >= size else { throw .damaged }
    defer { index += size }
    return bytes[index..<index + size]
  }

  mutating func text() throws(CheckpointError) -> String {
    String(decoding: try name(), as: UTF8.self)
  }

  mutating func sum() throws(CheckpointError) -> UsageSum {
    var sum = UsageSum()
    sum.requests = try integer()
    sum.successes = try integer()
    sum.failures = try integer()
    sum.promptTokens = try integer()
    sum.completionTokens = try integer()
    sum.cost = Money(picodollars: try integer())
    sum.saved = Money(picodollars: try integer())
    sum.latencyMicroseconds = try integer()
    sum.latencyCount = try integer()
    return sum
  }

  mutating func spending() throws(CheckpointError) -> Spending {
    Spending(
      total: Money(picodollars: try integer()), day: Money(picodollars: try integer()),
      month: Money(picodollars: try integer()), dayNumber: try integer(), monthNumber: try integer())
  }

  mutating func window(_ window: inout RollingSum) throws(CheckpointError) {
    for index in window.slots.indices {
      window.slots[index].number = try integer()
      window.slots[index].sum = try sum()
    }
  }

  mutating func sums(_ named: inout NamedSums) throws(CheckpointError) {
    for _ in 0..<(try integer(UInt32.self)) {
      let name = try name()
      let sum = try sum()
      name.withUnsafeBytes { named.add(sum, to: $0) }
    }
    named.others += try sum()
  }

  mutating func spendings(_ named: inout NamedSpending) throws(CheckpointError) {
    for _ in 0..<(try integer(UInt32.self)) {
      named.open(try text(), try spending())
    }
  }
}
