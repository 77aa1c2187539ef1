import GatewayTypes

/// What one line of the ledger says about a request. The names are views of the bytes that were scanned:
/// valid only as long as those.
struct LedgerLine {
  typealias Name = UnsafeRawBufferPointer

  var time = Timestamp(millisecondsSince1970: 0)
  var id = Name(start: nil, count: 0)
  var surface: Name?
  var user: Name?
  var key: Name?
  var provider: Name?
  var model: Name?
  var intent: Name?
  var status = UsageRecord.Status.success
  /// What the caller was answered; nil when no answer was sent.
  var httpStatus: Int?
  var usage = TokenUsage()
  var cost = Money.zero
  var saved = Money.zero
  var latencyMilliseconds: Int?
  /// The providers that failed before the last one.
  var fallbacks: [Name] = []
  var isStream = false
  var tags: [(name: Name, value: Name)] = []
  /// Of `time`, for the next line.
  var minute = MinuteText()

  /// The sums over this one request.
  var sum: UsageSum {
    var sum = UsageSum(status: status)
    sum.promptTokens = usage.input
    sum.completionTokens = usage.output
    sum.cost = cost
    sum.saved = saved
    if let latencyMilliseconds {
      sum.latencyMicroseconds = latencyMilliseconds * 1_000
      sum.latencyCount = 1
    }
    return sum
  }
}

/// What a line is.
enum LedgerLineKind: Equatable {
  /// A request; it is in the scanner's `line`.
  case request
  /// The operator has set counters back; `scope` as in `POST /reset`.
  case reset(scope: String, time: Timestamp)
  /// No line of the ledger's, and why.
  case garbled(String)
}

/// Makes sense of ledger lines: those of our own writer by one pass in place, and any other order, spacing
/// or spelling of the same JSON by way of a real JSON reader.
struct LedgerScanner: ~Copyable {
  /// The request that was scanned last.
  private(set) var line = LedgerLine()
  /// The decoded names of a line that was not our writer's.
  private var decoded: [UnsafeMutableRawBufferPointer] = []

  deinit { for buffer in decoded { buffer.deallocate() } }

  /// Reads `bytes`, a line without its newline.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) -> LedgerLineKind {
    if !decoded.isEmpty { forgetDecoded() }
    var cursor = LedgerCursor(bytes)
    if cursor.readRequest(into: &line) { return sums }
    do throws(LedgerLineError) {
      let reading = try LedgerLineReading(bytes)
      if let reset = try reading.reset() { return .reset(scope: reset.scope, time: reset.time) }
      line = try reading.request { name in keep(name) }
      return sums
    } catch {
      return .garbled(error.reason)
    }
  }

  /// A cache that is larger than the input, or more reasoning than output, cannot have been billed so.
  private var sums: LedgerLineKind {
    guard line.usage.uncachedInput >= 0 else { return .garbled("more cached tokens than prompt tokens") }
    return .request
  }

  private mutating func keep(_ text: [UInt8]) -> LedgerLine.Name {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.count), alignment: 1)
    copy.copyBytes(from: text)
    decoded.append(copy)
    return UnsafeRawBufferPointer(rebasing: copy[..<text.count])
  }

  private mutating func forgetDecoded() {
    for buffer in decoded { buffer.deallocate() }
    decoded = []
  }
}
