/// Goes through the lines of the ledger's companion, the oldest first. Not to be shared between threads.
package final class DecisionWalk {
  private var files: ArraySlice<LogFile> = []
  private var reader: LogReader?

  /// A ledger without a companion has no lines.
  package init(ledger path: String) throws(UsageLogError) {
    for path in DecisionLog.paths(ofLedger: path) {
      if let file = try LogFile.openForReading(path) { files.append(file) }
    }
  }

  /// The next line without its newline; nil when there is none.
  package func next() throws(UsageLogError) -> [UInt8]? {
    while true {
      if reader == nil {
        guard let file = files.popFirst() else { return nil }
        reader = LogReader(file)
      }
      if let line = try reader?.next() { return Array(line.bytes) }
      reader = nil
    }
  }
}
