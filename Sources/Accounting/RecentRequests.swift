package import GatewayTypes

/// What the ledger's end tells of its last requests, for whatever keeps no more than an hour.
package enum RecentRequests {
  /// One line that matters.
  package enum Event: Hashable, Sendable {
    case request(Request)
    /// The operator has set counters back; `scope` as in `POST /reset`.
    case reset(scope: String)
  }

  /// A request that was sent to a provider.
  package struct Request: Hashable, Sendable {
    /// When it ended.
    package var time: Timestamp
    /// The one that answered, or was asked last.
    package var provider: ProviderID
    /// Those that failed before it.
    package var fallbacks: [ProviderID]
    package var status: UsageRecord.Status
    /// What the caller was answered; nil when no answer was sent.
    package var httpStatus: Int?
    package var tokens: Int
  }

  /// What is read at most, from the end: some 280,000 lines, a fifth of a second.
  package static let maximumSize = 134_217_728

  /// Hands out, oldest first, what the ledger at `path` says since `time`, or what its last `maximumSize`
  /// bytes say of that. False in that case: there was more.
  package static func read(
    of path: String, since time: Timestamp, maximumSize: Int = maximumSize, _ take: (Event) -> Void
  ) throws(UsageLogError) -> Bool {
    var pieces: [(file: LogFile, offset: Int)] = []
    var room = maximumSize
    var isWhole = true
    for file in try LogFiles.open(of: path).reversed() {
      let size = try file.size()
      let start = try file.start(ofLinesSince: time, atLeast: max(0, size - room))
      pieces.append((file, start.offset))
      room -= size - start.offset
      guard !start.isPreceded else { break }
      guard start.offset == 0, room > 0 else {
        isWhole = false
        break
      }
    }
    var scanner = LedgerScanner()
    for piece in pieces.reversed() {
      let reader = LogReader(piece.file, from: piece.offset)
      while let line = try reader.next() {
        switch scanner.scan(line.bytes) {
        case .request where scanner.line.time >= time:
          if let request = Request(scanner.line) { take(.request(request)) }
        case .reset(let scope, let resetTime) where resetTime >= time: take(.reset(scope: scope))
        case .request, .reset, .garbled: continue
        }
      }
    }
    return isWhole
  }
}

extension RecentRequests.Request {
  /// Nil for a request that no provider was asked for.
  fileprivate init?(_ line: borrowing LedgerLine) {
    guard let provider = line.provider, line.status != .cached else { return nil }
    func id(_ name: LedgerLine.Name) -> ProviderID { ProviderID(String(decoding: name, as: UTF8.self)) }
    self.init(
      time: line.time, provider: id(provider), fallbacks: line.fallbacks.map { id($0) }, status: line.status,
      httpStatus: line.httpStatus, tokens: line.usage.total)
  }
}
