import GatewayTypes
import Glibc

/// What a ledger's requests of some stretch of time come to, by one of their properties.
package struct UsageReport: Sendable {
  /// What the rows are of.
  package enum Key: String, Hashable, Sendable, CaseIterable {
    case provider, model, user, key, intent, tag, day
  }

  package struct Row: Hashable, Sendable {
    package var name: String
    package var sum: UsageSum
  }

  package var key: Key
  /// Dearest first; days in order.
  package private(set) var rows: [Row] = []
  /// Each request once, also one with several tags or none.
  package private(set) var total = UsageSum()
  /// Lines that were none of the ledger's.
  package private(set) var garbledCount = 0

  /// Distinct names; the requests of further ones are in the row `(other)`.
  package static let maximumRowCount = 1_000_000

  /// Adds up the lines of the ledger at `path`, rotated files included, from `since` on and before `until`.
  package init(
    path: String, by key: Key, since: Timestamp? = nil, until: Timestamp? = nil,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(UsageLogError) {
    self.key = key
    var files: [(file: LogFile, size: Int)] = []
    let all = try LogFiles.open(of: path)
    guard !all.isEmpty else { throw .noLedger(path: path) }
    for file in all {
      // Nothing was written to it since.
      if let since, let change = file.lastChange, change < since { continue }
      files.append((file, try file.size()))
    }
    let size = files.reduce(0) { $0 + $1.size }
    var groups = NamedSums(limit: Self.maximumRowCount)
    var done = 0
    var scanner = LedgerScanner()
    for (file, _) in files {
      let reader = LogReader(file)
      var number = 0
      while let line = try reader.next() {
        number += 1
        if number & 0xFFFF == 0 { progress(done + reader.offset, size) }
        switch scanner.scan(line.bytes) {
        case .request: break
        case .reset: continue
        case .garbled:
          garbledCount += 1
          continue
        }
        if let since, scanner.line.time < since { continue }
        if let until, scanner.line.time >= until { continue }
        add(scanner.line, to: &groups)
      }
      done += reader.offset
    }
    progress(size, size)
    rows = groups.rows
    rows.sort { key == .day ? $0.name < $1.name : ($1.sum.cost, $0.name) < ($0.sum.cost, $1.name) }
  }

  private mutating func add(_ line: LedgerLine, to groups: inout NamedSums) {
    let sum = line.sum
    total += sum
    switch key {
    case .provider: groups.add(sum, to: line.provider)
    case .model: groups.add(sum, to: line.model)
    case .user: groups.add(sum, to: line.user)
    case .key: groups.add(sum, to: line.key)
    case .intent: groups.add(sum, to: line.intent)
    case .tag:
      for tag in line.tags {
        (Array(tag.name) + [UInt8(ascii: "=")] + Array(tag.value)).withUnsafeBytes { groups.add(sum, to: $0) }
      }
    case .day:
      var text: [UInt8] = []
      line.time.appendRFC3339(to: &text)
      text[..<10].withUnsafeBytes { groups.add(sum, to: $0) }
    }
  }
}

extension NamedSums {
  fileprivate var rows: [UsageReport.Row] {
    var rows = (0..<names.count).map { UsageReport.Row(name: names.text($0), sum: sums[$0]) }
    if others.requests > 0 { rows.append(UsageReport.Row(name: UsageGroups.otherName, sum: others)) }
    return rows
  }
}

extension LogFile {
  /// When it was last written to; nil when the system does not say.
  fileprivate var lastChange: Timestamp? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mtim.tv_sec >= 0 else { return nil }
    // The lines' own times may be a little ahead of the disk's.
    return Timestamp(millisecondsSince1970: (Int64(status.st_mtim.tv_sec) + 60) * 1_000)
  }
}
