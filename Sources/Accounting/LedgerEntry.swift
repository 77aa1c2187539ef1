package import GatewayTypes

/// What a line of the ledger says about a request, to keep.
package struct LedgerEntry: Sendable {
  /// When the request ended.
  package var time: Timestamp
  package var id: String
  package var surface: String
  package var key: String?
  package var provider: ProviderID?
  package var intent: String?
  package var status: UsageRecord.Status
  package var usage: TokenUsage
  package var cost: Money
  /// Nil when a crash cut the request short.
  package var latencyMilliseconds: Int?
  package var isStream: Bool
  /// The providers that failed before the last one.
  package var fallbacks: [ProviderID]

  /// Reads a line without its newline; nil when it is no request.
  package init?(line: [UInt8]) {
    let scanner = LedgerScanner()
    guard line.withUnsafeBytes({ scanner.scan($0) }) == .request else { return nil }
    // The names are views of bytes that end here, so they are read anew while those are there.
    self = line.withUnsafeBytes { bytes in
      _ = scanner.scan(bytes)
      return LedgerEntry(scanner.line)
    }
  }

  init(_ line: LedgerLine) {
    func text(_ name: LedgerLine.Name) -> String { String(decoding: name, as: UTF8.self) }
    time = line.time
    id = text(line.id)
    surface = line.surface.map(text) ?? ""
    key = line.key.map(text)
    provider = line.provider.map { ProviderID(text($0)) }
    intent = line.intent.map(text)
    status = line.status
    usage = line.usage
    cost = line.cost
    latencyMilliseconds = line.latencyMilliseconds
    isStream = line.isStream
    fallbacks = line.fallbacks.map { ProviderID(text($0)) }
  }
}

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
  private let scanner = LedgerScanner()

  /// Walks the requests that ended from `since` on and before `until`.
  package init(path: String, since: Timestamp? = nil, until: Timestamp? = nil) throws(UsageLogError) {
    let files = try LogFiles.open(of: path)
    guard !files.isEmpty else { throw .cannotOpen(path: path, errno: 2) }
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
