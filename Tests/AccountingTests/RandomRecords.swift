import GatewayTypes
import JSON

@testable import Accounting

extension UsageRecord {
  /// A record of which every part varies, hostile names among them.
  static func random(using generator: inout SplitMix, id: Int? = nil) -> UsageRecord {
    let names = [
      "groq", "a/b", "ü", "日本", "", "with \"quotes\"", "new\nline", "a-rather-long-model-name-70b",
      "\u{2028}",
    ]
    func name() -> String { names.randomElement(using: &generator)! }
    func maybe() -> String? { Int.random(in: 0..<4, using: &generator) == 0 ? nil : name() }
    func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &generator) }
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 1_795_251_600_123 + Int64(count(10_000_000_000))),
      id: "req_\(id ?? count(1 << 40))",
      surface: "generate", status: Status.allCases.randomElement(using: &generator)!)
    (record.user, record.key, record.model, record.intent) = (maybe(), maybe(), maybe(), maybe())
    record.provider = maybe().map { ProviderID($0) }
    record.httpStatus = Bool.random(using: &generator) ? nil : 200
    record.usage = TokenUsage(
      uncachedInput: count(100_000), cacheRead: count(9),
      cacheWrite: Bool.random(using: &generator) ? 0 : count(900),
      output: count(5_000), reasoning: count(50), isEstimated: Bool.random(using: &generator))
    record.usage.cacheWriteOneHour = Bool.random(using: &generator) ? 0 : count(record.usage.cacheWrite)
    record.cost = Money(picodollars: Int128.random(in: 0...(1 << count(78)), using: &generator))
    record.saved = Bool.random(using: &generator) ? .zero : Money(picodollars: Int128(count(1 << 50)))
    record.latency = Bool.random(using: &generator) ? nil : .microseconds(count(90_000_000))
    record.attempts = count(3)
    record.fallbacks = (0..<count(2)).map { _ in ProviderID(name()) }
    record.tags = (0..<count(3)).map { ("\($0)\(name())", name()) }
    if count(4) == 0 { record.content = Content(prompt: name(), response: name()) }
    return record
  }
}

/// The members of an object the other way round, and a space behind each colon and comma.
func reversedMembers(_ bytes: [UInt8]) throws -> [UInt8] {
  let document = try JSONDocument(parsing: bytes)
  let members = document.members(of: document.root).map { key, value in
    String(decoding: bytes[document.range(of: key)], as: UTF8.self) + ": "
      + String(decoding: bytes[document.range(of: value)], as: UTF8.self)
  }
  return Array(("{ " + members.reversed().joined(separator: ", ") + " }").utf8)
}
