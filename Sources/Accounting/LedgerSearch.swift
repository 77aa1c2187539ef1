import GatewayTypes

/// Finds what the ledger and its companion say of one request, from the newest line back.
package enum LedgerSearch {
  /// The ledger's line of the request `id`, without its newline; nil when there is none in the last `limit`
  /// bytes. Reads the disk: some 100 ms a gigabyte where the kernel has it, so not for a loop's thread.
  package static func line(
    of id: String, ledger path: String, limit: Int = .max
  ) throws(UsageLogError) -> [UInt8]? {
    var left = limit
    let needle = LedgerSearch.needle(#""id":"#, id)
    var scanner = LedgerScanner()
    for file in try LogFiles.open(of: path).reversed() where left > 0 {
      let size = try file.size()
      let found = try file.lastLine(with: needle, before: size, limit: left) { line in
        line.withUnsafeBytes { scanner.scan($0) == .request && scanner.line.id.elementsEqual(id.utf8) }
      }
      if let found { return found.line }
      left -= size
    }
    return nil
  }

  /// The companion's line of the request `id` that `accept` takes, and the heading it names: `heading` gives the
  /// text that the heading has in it. Nil when either is missing.
  package static func decision(
    of id: String, ledger path: String, where accept: ([UInt8]) -> Bool, heading: ([UInt8]) -> [UInt8]?
  ) throws(UsageLogError) -> (line: [UInt8], heading: [UInt8])? {
    let needle = LedgerSearch.needle(#""i":"#, id)
    for path in DecisionLog.paths(ofLedger: path).reversed() {
      guard let file = try LogFile.openForReading(path) else { continue }
      guard let found = try file.lastLine(with: needle, before: file.size(), where: accept),
        let sought = heading(found.line)
      else { continue }
      guard let heading = try file.firstLine(with: sought, where: { $0.starts(with: sought) }) else {
        return nil
      }
      return (found.line, heading)
    }
    return nil
  }

  /// A member as both writers spell it.
  private static func needle(_ key: StaticString, _ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: key)
    bytes.append(string: text, limit: UsageRecord.maximumTextSize)
    return bytes
  }
}
