internal import Accounting
internal import GatewayTypes
internal import Health
internal import JSON

/// What is kept of the providers' health beside the ledger, as text: JSON, with times as dates.
///
/// One that cannot be read is no error: the providers then begin as if nothing had happened.
enum HealthFile {
  static func path(ofLedger path: String) -> String { path + ".health" }

  /// Some 300 bytes a provider.
  private static let maximumSize = 16_777_216

  /// `now` and `wallNow` are the same moment on the two clocks.
  static func encode(_ entries: [(id: ProviderID, kept: KeptHealth)], now: MonotonicTime, wallNow: Timestamp)
    -> [UInt8]
  {
    var writer = JSONWriter(reserveCapacity: 512 * (entries.count + 1))
    writer.beginObject()
    writer.member("time", wallNow.text)
    writer.key("providers")
    writer.beginObject()
    for (id, kept) in entries {
      writer.key(id.text)
      writer.health(kept, now: now, wallNow: wallNow)
    }
    writer.endObject()
    writer.endObject()
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// What `encode` wrote, its times on this process's clock; nil when it is none of that.
  static func decode(_ bytes: [UInt8], now: MonotonicTime, wallNow: Timestamp) -> [ProviderID: KeptHealth]? {
    guard let document = try? JSONDocument(parsing: bytes),
      let providers = document.member("providers", of: document.root),
      document.kind(of: providers) == .object
    else { return nil }
    var entries: [ProviderID: KeptHealth] = [:]
    for (key, value) in document.members(of: providers) {
      guard let id = document.string(key),
        let kept = HealthReading(document: document, object: value).health(now: now, wallNow: wallNow)
      else { return nil }
      entries[ProviderID(id)] = kept
    }
    return entries
  }

  static func save(_ bytes: [UInt8], ofLedger path: String) throws(UsageLogError) {
    // Not flushed: after a power cut the waits are over anyway, as a rule.
    try WholeFile.replace(Self.path(ofLedger: path), with: bytes, synchronizes: false)
  }

  /// The file's bytes; nil when there are none to be had.
  static func load(ofLedger path: String) -> [UInt8]? {
    (try? WholeFile.bytes(of: Self.path(ofLedger: path), maximumSize: maximumSize)) ?? nil
  }
}

extension JSONWriter {
  fileprivate mutating func health(_ kept: KeptHealth, now: MonotonicTime, wallNow: Timestamp) {
    func date(_ time: MonotonicTime?) -> String? { time.map { wallNow.advanced(by: $0 - now).text } }
    beginObject()
    member("circuit_status", kept.circuit.status.rawValue)
    optionalMember("circuit_reason", kept.circuit.reason?.circuitReason)
    optionalMember("retry_at", date(kept.circuit.retryAt))
    member("consecutive_failures", kept.circuit.consecutiveFailures)
    member("open_ms", kept.circuit.currentCooldown.wholeMilliseconds)
    optionalMember("held_until", date(kept.heldUntil))
    optionalMember("cooling_until", date(kept.coolingUntil))
    member("successes", kept.counts.successes)
    member("failures", kept.counts.failures)
    member("rate_limited", kept.counts.rateLimited)
    member("caller_faults", kept.counts.callerFaults)
    member("cancellations", kept.counts.cancellations)
    member("latency_us", Int(clamping: kept.latencySum / 1_000))
    member("latency_count", kept.latencyCount)
    endObject()
  }
}

/// One provider's entry, read with every value checked: the file may have been edited by hand.
private struct HealthReading {
  let document: JSONDocument
  let object: JSONNode

  func health(now: MonotonicTime, wallNow: Timestamp) -> KeptHealth? {
    guard let status = text("circuit_status").flatMap({ CircuitStatus(rawValue: $0) }),
      let consecutiveFailures = count("consecutive_failures"), let openMilliseconds = count("open_ms"),
      let successes = count("successes"), let failures = count("failures"),
      let rateLimited = count("rate_limited"), let callerFaults = count("caller_faults"),
      let cancellations = count("cancellations"), let latency = count("latency_us"),
      let latencyCount = count("latency_count")
    else { return nil }
    func time(_ name: StaticString) -> MonotonicTime? {
      text(name).flatMap { Timestamp(rfc3339: $0.utf8.span) }.map { now + ($0 - wallNow) }
    }
    var counts = AttemptCounts()
    counts.successes = successes
    counts.failures = failures
    counts.rateLimited = rateLimited
    counts.callerFaults = callerFaults
    counts.cancellations = cancellations
    return KeptHealth(
      circuit: CircuitSnapshot(
        status: status, reason: text("circuit_reason").flatMap { FailureClass(circuitReason: $0) },
        retryAt: time("retry_at"), consecutiveFailures: consecutiveFailures,
        currentCooldown: .milliseconds(openMilliseconds), acceptsAttempt: status != .open),
      heldUntil: time("held_until"), coolingUntil: time("cooling_until"), counts: counts,
      latencySum: Int128(latency) * 1_000, latencyCount: latencyCount)
  }

  private func text(_ name: StaticString) -> String? {
    document.member(name, of: object).flatMap { document.string($0) }
  }

  /// A number that adding to it for a lifetime does not overflow.
  private func count(_ name: StaticString) -> Int? {
    guard let node = document.member(name, of: object), let value = document.int(node),
      (0...1_000_000_000_000_000).contains(value)
    else { return nil }
    return value
  }
}

extension Timestamp {
  fileprivate static func - (later: Timestamp, earlier: Timestamp) -> Duration {
    .milliseconds(later.millisecondsSince1970 - earlier.millisecondsSince1970)
  }

  /// Times from here on lie within a lifetime of now: the holds and waits of providers are days at most.
  fileprivate func advanced(by duration: Duration) -> Timestamp {
    Timestamp(
      millisecondsSince1970: max(0, millisecondsSince1970 + duration.wholeNanoseconds / 1_000_000))
  }
}
