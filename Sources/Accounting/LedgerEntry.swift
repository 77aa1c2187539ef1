package import GatewayTypes

/// What a line of the ledger says about a request, to keep.
package struct LedgerEntry: Sendable {
  /// When the request ended.
  package var time: Timestamp
  package var id: String
  package var surface: String
  package var user: String?
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
    var scanner = LedgerScanner()
    // The names that are scanned are views of the bytes.
    let entry = line.withUnsafeBytes { scanner.scan($0) == .request ? LedgerEntry(scanner.line) : nil }
    guard let entry else { return nil }
    self = entry
  }

  init(_ line: LedgerLine) {
    func text(_ name: LedgerLine.Name) -> String { String(decoding: name, as: UTF8.self) }
    time = line.time
    id = text(line.id)
    surface = line.surface.map(text) ?? ""
    user = line.user.map(text)
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
