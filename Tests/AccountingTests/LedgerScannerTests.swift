import GatewayTypes
import Testing

@testable import Accounting

@Suite("LedgerScanner")
struct LedgerScannerTests {
  @Test("what the writer writes is read back, field by field", arguments: 1...200 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let record = UsageRecord.random(using: &generator)
    var bytes: [UInt8] = []
    record.appendObject(to: &bytes)
    let isPlain = !bytes.contains(UInt8(ascii: "\\")) && record.cost < Money.dollar * 1_000_000
    #expect(readsInPlace(bytes) == isPlain)
    expectSame(bytes, record)
    // The same members the other way round, with spaces, as another writer may put them.
    let reversed = try reversedMembers(bytes)
    #expect(!readsInPlace(reversed))
    expectSame(reversed, record)
    bytes.removeLast()
    ChainLink.genesis.appendSuffix(to: &bytes)
    expectSame(bytes, record)
  }

  @Test("a reset is known by its field")
  func reset() {
    let kind = scan(#"{"time":"2026-11-21T09:00:00.000Z","reset":"usage"}"#)
    #expect(kind == .reset(scope: "usage", time: Timestamp("2026-11-21T09:00:00Z")))
  }

  @Test(
    "what is no line of the ledger is garbled, and the reason says why",
    arguments: [
      ("", "an empty line"), ("{", "not JSON"), ("[]", "not a JSON object"), ("{}", "no time"),
      ("\0\0\0\0", "not JSON"), (#"{"time":"2026-02-30T09:00:00.000Z"}"#, "no time"),
      (#"{"time":"2026-11-21T09:00:00.000Z"}"#, "no id"),
      (#"{"time":"2026-11-21T09:00:00.000Z","id":7}"#, "id is no text"),
      (#"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"fine"}"#, "no status"),
      (#"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error"}"#, "no cost_usd"),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":0.1}"#,
        "cost_usd is no text"
      ),
      (#"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"-1"}"#, "no exact amount"),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1e-13"}"#,
        "no exact amount"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1e30"}"#, "no exact amount"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"","x":1}"#,
        "no exact amount"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1","prompt_tokens":-1}"#,
        "prompt_tokens is no count"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1","prompt_tokens":2,"cached_tokens":3}"#,
        "more cached tokens"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1","prompt_tokens":2,"total_tokens":3}"#,
        "total_tokens is 3, and the parts add up to 2"
      ),
      (
        #"{"time":"2026-11-21T09:00:00.000Z","id":"a","status":"error","cost_usd":"1","tags":{"a":1}}"#,
        "a tag is no text"
      ),
    ])
  func garbled(text: String, reason: String) {
    guard case .garbled(let given) = scan(text) else {
      Issue.record("\(text) was taken for a line")
      return
    }
    #expect(given.contains(reason))
  }

  @Test(
    "a line of our own form whose numbers do not add up is garbled",
    arguments: [
      (#""total_tokens":15"#, #""total_tokens":16"#), (#""prompt_tokens":9"#, #""prompt_tokens":8"#),
      (#""cached_tokens":0"#, #""cached_tokens":10"#),
      (#""cost_usd":"0.000045""#, #""cost_usd":"-0.000045""#),
      (#""cost_usd":"0.000045""#, #""cost_usd":"0.0000450000001""#),
      (#""prompt_tokens":9"#, #""prompt_tokens":09"#),
      (#""status":"success""#, #""status":"succeeded""#), (#""status":"success""#, #""status":null"#),
      (#""id":"req_1""#, #""id":null"#), (#""fallbacks":[]"#, #""fallbacks":["a"}"#),
      (#""tags":{}"#, #""tags":{"a":"b""c":"d"}"#), (#""tags":{}"#, #""tags":{"a":null}"#),
      ("}}", "}}}"),
    ])
  func wrongNumbers(right: String, wrong: String) {
    var bytes: [UInt8] = []
    UsageRecord.example.appendObject(to: &bytes)
    let line = String(decoding: bytes, as: UTF8.self)
    #expect(scan(line) == .request && line.contains(right))
    let changed = line.replacing(right, with: wrong)
    guard case .garbled = scan(changed) else {
      Issue.record("\(changed) was taken for a line")
      return
    }
  }

  @Test("a line cut anywhere is garbled, never a line with less in it")
  func cuts() {
    var bytes: [UInt8] = []
    UsageRecord.example.appendObject(to: &bytes)
    var scanner = LedgerScanner()
    for size in 0..<bytes.count {
      guard case .garbled = bytes[..<size].withUnsafeBytes({ scanner.scan($0) }) else {
        Issue.record("cut to \(size) bytes it was taken for a line")
        continue
      }
    }
  }

  @Test("bytes changed at random never crash the scanner, and in place says the same as the JSON reader")
  func mutations() {
    var generator = SplitMix(state: 3)
    for _ in 0..<3_000 {
      var bytes: [UInt8] = []
      UsageRecord.random(using: &generator).appendObject(to: &bytes)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[index] = Array("0123456789\"\\{}[],:.-+eEnull x".utf8).randomElement(using: &generator)!
      }
      // Broken UTF-8 in a name is one more name in place, and no JSON to the other.
      guard readsInPlace(bytes), String(validating: bytes, as: UTF8.self) != nil else { continue }
      var fast = LedgerScanner()
      guard fast.scan(bytes) == .request else { continue }
      var slow = LedgerScanner()
      guard let spaced = try? reversedMembers(bytes), slow.scan(spaced) == .request else {
        Issue.record("only in place it is a line: \(String(decoding: bytes, as: UTF8.self))")
        continue
      }
      #expect(fast.line.sum == slow.line.sum && fast.line.time == slow.line.time)
    }
  }

  private func expectSame(_ bytes: [UInt8], _ record: UsageRecord) {
    var scanner = LedgerScanner()
    bytes.withUnsafeBytes { bytes in
      let kind = scanner.scan(bytes)
      #expect(kind == .request)
      let line = scanner.line
      #expect(line.time == record.time && line.status == record.status && line.usage == record.usage)
      #expect(line.cost == record.cost && line.saved == record.saved)
      #expect(line.latencyMilliseconds == record.latency?.wholeMilliseconds)
      #expect(line.id.elementsEqual(record.id.utf8))
      let names: [(LedgerLine.Name?, String?)] = [
        (line.user, record.user), (line.key, record.key), (line.provider, record.provider?.text),
        (line.model, record.model), (line.intent, record.intent),
      ]
      for (name, text) in names { #expect(name.map { String(decoding: $0, as: UTF8.self) } == text) }
      #expect(line.tags.map { String(decoding: $0.name, as: UTF8.self) } == record.tags.map(\.name))
      #expect(line.tags.map { String(decoding: $0.value, as: UTF8.self) } == record.tags.map(\.value))
    }
  }

  private func scan(_ text: String) -> LedgerLineKind {
    var scanner = LedgerScanner()
    return scanner.scan(Array(text.utf8))
  }

  private func readsInPlace(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var line = LedgerLine()
      var cursor = LedgerCursor(bytes)
      return cursor.readRequest(into: &line)
    }
  }
}

extension LedgerScanner {
  /// Good for lines whose names are not looked at.
  mutating func scan(_ bytes: [UInt8]) -> LedgerLineKind {
    bytes.withUnsafeBytes { scan($0) }
  }
}
