import GatewayTypes
import JSON

/// Why a line is none of the ledger's.
struct LedgerLineError: Error {
  var reason: String
}

/// A line read as the JSON object that it is, in whatever order and spelling.
struct LedgerLineReading {
  private let document: JSONDocument

  init(_ bytes: UnsafeRawBufferPointer) throws(LedgerLineError) {
    guard !bytes.isEmpty else { throw LedgerLineError(reason: "an empty line") }
    do throws(JSONError) {
      document = try JSONDocument(parsing: Array(bytes), limits: JSONLimits(maxDepth: 16, maxNodes: 4_096))
    } catch {
      throw LedgerLineError(reason: "not JSON: \(error)")
    }
    guard document.kind(of: document.root) == .object else {
      throw LedgerLineError(reason: "not a JSON object")
    }
  }

  /// What `POST /reset` wrote; nil for a line of another sort.
  func reset() throws(LedgerLineError) -> (scope: String, time: Timestamp)? {
    guard let scope = try text("reset") else { return nil }
    return (String(decoding: scope, as: UTF8.self), try time())
  }

  /// A request; `keep` gives the decoded names a place to stay.
  func request(keep: ([UInt8]) -> LedgerLine.Name) throws(LedgerLineError) -> LedgerLine {
    var line = LedgerLine()
    line.time = try time()
    guard let id = try text("id") else { throw LedgerLineError(reason: "no id") }
    line.id = keep(id)
    line.surface = try text("surface").map(keep)
    line.user = try text("user").map(keep)
    line.key = try text("key").map(keep)
    line.provider = try text("provider").map(keep)
    line.model = try text("model").map(keep)
    line.intent = try text("intent").map(keep)
    let status = try text("status").flatMap { $0.withUnsafeBytes { UsageRecord.Status($0) } }
    guard let status else { throw LedgerLineError(reason: "no status, or one that is not known") }
    line.status = status
    line.usage = try usage()
    guard let cost = try amount("cost_usd") else { throw LedgerLineError(reason: "no cost_usd") }
    line.cost = cost
    line.saved = try amount("saved_usd") ?? .zero
    line.latencyMilliseconds = try integer("latency_ms")
    line.httpStatus = try integer("http_status")
    line.isStream = document.member("stream", of: document.root).flatMap { document.bool($0) } ?? false
    if let fallbacks = document.member("fallbacks", of: document.root) {
      for name in document.elements(of: fallbacks) where document.kind(of: name) == .string {
        line.fallbacks.append(keep(document.decodedBytes(name)))
      }
    }
    if let tags = document.member("tags", of: document.root) {
      for (name, value) in document.members(of: tags) {
        guard document.kind(of: value) == .string else { throw LedgerLineError(reason: "a tag is no text") }
        line.tags.append((keep(document.decodedBytes(name)), keep(document.decodedBytes(value))))
      }
    }
    return line
  }

  private func usage() throws(LedgerLineError) -> TokenUsage {
    let input = try integer("prompt_tokens") ?? 0
    let cacheRead = try integer("cached_tokens") ?? 0
    let cacheWrite = try integer("cache_write_tokens") ?? 0
    let output = try integer("completion_tokens") ?? 0
    let isEstimated = document.member("estimated", of: document.root).flatMap { document.bool($0) }
    let (total, overflow) = input.addingReportingOverflow(output)
    guard !overflow else { throw LedgerLineError(reason: "more tokens than there can be") }
    if let written = try integer("total_tokens"), written != total {
      throw LedgerLineError(reason: "total_tokens is \(written), and the parts add up to \(total)")
    }
    let (cached, cachedOverflow) = cacheRead.addingReportingOverflow(cacheWrite)
    guard !cachedOverflow, cached <= input else {
      throw LedgerLineError(reason: "more cached tokens than prompt tokens")
    }
    let cacheWriteOneHour = try integer("cache_write_1h_tokens") ?? 0
    guard cacheWriteOneHour <= cacheWrite else {
      throw LedgerLineError(reason: "more tokens written to the cache for an hour than at all")
    }
    return TokenUsage(
      uncachedInput: input - cached, cacheRead: cacheRead, cacheWrite: cacheWrite,
      cacheWriteOneHour: cacheWriteOneHour, output: output, reasoning: try integer("reasoning_tokens") ?? 0,
      isEstimated: isEstimated ?? false)
  }

  private func time() throws(LedgerLineError) -> Timestamp {
    guard let text = try text("time"), let time = Timestamp(rfc3339: text.span) else {
      throw LedgerLineError(reason: "no time, or one that is not RFC 3339 in UTC")
    }
    return time
  }

  /// The decoded text of a member; nil when it is absent or null.
  private func text(_ name: StaticString) throws(LedgerLineError) -> [UInt8]? {
    guard let node = document.member(name, of: document.root), !document.isNull(node) else { return nil }
    guard document.kind(of: node) == .string else { throw LedgerLineError(reason: "\(name) is no text") }
    return document.decodedBytes(node)
  }

  /// A count; nil when it is absent or null.
  private func integer(_ name: StaticString) throws(LedgerLineError) -> Int? {
    guard let node = document.member(name, of: document.root), !document.isNull(node) else { return nil }
    guard let value = document.int(node), value >= 0, value <= Self.largestCount else {
      throw LedgerLineError(reason: "\(name) is no count")
    }
    return value
  }

  /// A count beyond this is nonsense, and sums of counts below it do not overflow.
  private static let largestCount = 1_000_000_000_000_000

  private func amount(_ name: StaticString) throws(LedgerLineError) -> Money? {
    guard let text = try text(name) else { return nil }
    guard let amount = try? Money(decimal: String(decoding: text, as: UTF8.self)), amount >= .zero,
      amount <= Money.dollar * 1_000_000_000_000
    else { throw LedgerLineError(reason: "\(name) is no exact amount of dollars") }
    return amount
  }
}
