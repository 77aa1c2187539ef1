/// Goes through the requests of a ledger, rotated files included, the oldest first. Memory stays the same
/// whatever its size. Not to be shared between threads.
package final class LedgerWalk {
  /// Of all files, in bytes.
  package let size: Int
  /// Lines that were none of the ledger's.
  package private(set) var garbledCount = 0
  private var files: ArraySlice<LogFile>
  private var reader: LogReader?
  private var passed = 0
  private let since: Timestamp?
  private let until: Timestamp?
  private var scanner = LedgerScanner()

  /// Walks the requests that ended from `since` on and before `until`.
  package init(path: String, since: Timestamp? = nil, until: Timestamp? = nil) throws(UsageLogError) {
    let files = try LogFiles.open(of: path)
    guard !files.isEmpty else { throw .noLedger(path: path) }
    var size = 0
    for file in files { size += try file.size() }
    self.size = size
    self.files = files[...]
    self.since = since
    self.until = until
  }

  /// How many bytes are done with.
  package var done: Int { passed + (reader?.offset ?? 0) }

  /// The next request; nil when there is none.
  package func next() throws(UsageLogError) -> LedgerEntry? {
    while true {
      if reader == nil {
        guard let file = files.popFirst() else { return nil }
        reader = LogReader(file)
      }
      guard let line = try reader?.next() else {
        passed += reader?.offset ?? 0
        reader = nil
        continue
      }
      switch scanner.scan(line.bytes) {
      case .garbled: garbledCount += 1
      case .reset: continue
      case .request:
        if let since, scanner.line.time < since { continue }
        if let until, scanner.line.time >= until { continue }
        return LedgerEntry(scanner.line)
      }
    }
  }
}
