import FoundationEssentials
import GatewayTypes
import Testing

@testable import Accounting

@Suite("UsageRecord")
struct UsageRecordTests {
  @Test("a full record is the line that the contract shows")
  func fullLine() {
    var record = UsageRecord.example
    record.user = "u1"
    record.key = "team-a"
    #expect(
      line(record)
        == #"{"time":"2026-11-21T09:00:00.123Z","id":"req_1","surface":"generate","user":"u1","#
        + #""key":"team-a","provider":"groq","model":"llama-3.1-8b-instant","status":"success","#
        + #""http_status":200,"prompt_tokens":9,"cached_tokens":0,"completion_tokens":6,"#
        + #""reasoning_tokens":0,"total_tokens":15,"cost_usd":"0.000045","estimated":false,"#
        + #""latency_ms":212,"ttft_ms":88,"attempts":1,"fallbacks":[],"intent":"education","#
        + #""stream":false,"tags":{}}"# + "\n")
  }

  @Test("what a record does not have is null, zero or empty")
  func emptyLine() {
    let record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 0), id: "req_2", surface: "messages", status: .unknown)
    #expect(
      line(record)
        == #"{"time":"1970-01-01T00:00:00.000Z","id":"req_2","surface":"messages","user":null,"#
        + #""key":null,"provider":null,"model":null,"status":"unknown","http_status":null,"#
        + #""prompt_tokens":0,"cached_tokens":0,"completion_tokens":0,"reasoning_tokens":0,"#
        + #""total_tokens":0,"cost_usd":"0","estimated":false,"latency_ms":null,"ttft_ms":null,"#
        + #""attempts":0,"fallbacks":[],"intent":null,"stream":false,"tags":{}}"# + "\n")
  }

  @Test("lists, tags, cache writes and content are written where the record has them")
  func fullerLine() {
    var record = UsageRecord.example
    record.usage = TokenUsage(
      uncachedInput: 1, cacheRead: 20, cacheWrite: 300, cacheWriteOneHour: 40, output: 4000, reasoning: 50,
      isEstimated: true)
    record.cost = Money(picodollars: 1)
    record.isStream = true
    record.fallbacks = [ProviderID("openai"), ProviderID("a/b")]
    record.tags = [("team", "red"), ("", "")]
    record.content = UsageRecord.Content(prompt: "Why?", response: "So.")
    let text = line(record)
    #expect(
      text.contains(
        #""prompt_tokens":321,"cached_tokens":20,"cache_write_tokens":300,"completion_tokens":4000,"#
          + #""reasoning_tokens":50,"total_tokens":4321,"cost_usd":"0.000000000001","estimated":true,"#))
    #expect(
      text.hasSuffix(
        #""fallbacks":["openai","a/b"],"intent":"education","stream":true,"#
          + #""tags":{"team":"red","":""},"cache_write_1h_tokens":40,"content":{"prompt":"Why?","response":"So."}}"#
          + "\n"))
  }

  @Test("every status has its word", arguments: UsageRecord.Status.allCases)
  func statusWord(status: UsageRecord.Status) {
    var record = UsageRecord.example
    record.status = status
    #expect(line(record).contains(#","status":"\#(status.rawValue)","#))
  }

  @Test(
    "hostile text comes back from a JSON reader as it was, on one line",
    arguments: [
      "\"", "\\", "\\\"", "\n", "\r\n", "\t", "\0", "\u{1}\u{1f}\u{7f}", "\u{85}", "\u{2028}\u{2029}",
      "\u{a0}", "\u{202a}", "€ “quoted” …", "\u{c2}", "👩‍👩‍👧‍👦", "日本語", "\",\"cost_usd\":\"0\"", "\u{feff}",
      "}\n{\"id\":\"forged\"}", "\u{10FFFF}", "e\u{301}", "/</script>", String(repeating: "\0", count: 256),
    ])
  func hostileText(text: String) throws {
    var record = UsageRecord.example
    record.id = text
    record.user = text
    record.provider = ProviderID(text)
    record.tags = [(text, text)]
    record.fallbacks = [ProviderID(text)]
    record.content = UsageRecord.Content(prompt: text, response: text)
    let bytes = Array(line(record).utf8)
    #expect(bytes.dropLast().allSatisfy { $0 >= 0x20 } && bytes.last == UInt8(ascii: "\n"))
    let lineEnds: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}"]
    #expect(!String(decoding: bytes, as: UTF8.self).unicodeScalars.contains(where: lineEnds.contains))
    let parsed = try JSONDecoder().decode(ParsedLine.self, from: Data(bytes))
    #expect(parsed.id.unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(parsed.user == text && parsed.provider == text && parsed.fallbacks == [text])
    #expect(parsed.tags == [text: text] && parsed.content == ["prompt": text, "response": text])
    #expect(parsed.cost == "0.000045")
  }

  @Test(
    "text over its limit is cut between characters, and says so",
    arguments: [
      (String(repeating: "a", count: 256), String(repeating: "a", count: 256)),
      (String(repeating: "a", count: 257), String(repeating: "a", count: 256) + "…"),
      (String(repeating: "é", count: 129), String(repeating: "é", count: 128) + "…"),
      (String(repeating: "€", count: 100), String(repeating: "€", count: 85) + "…"),
      ("a" + String(repeating: "😀", count: 64), "a" + String(repeating: "😀", count: 63) + "…"),
    ])
  func longText(text: String, kept: String) throws {
    var record = UsageRecord.example
    record.user = text
    let parsed = try JSONDecoder().decode(ParsedLine.self, from: Data(line(record).utf8))
    #expect(parsed.user == kept)
  }

  @Test("the longest record of the most expensive bytes stays below the longest line")
  func longestLine() throws {
    let zeros = String(repeating: "\0", count: 1_000_000)
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 0), id: zeros, surface: zeros, status: .cancelled)
    (record.user, record.key, record.model, record.intent) = (zeros, zeros, zeros, zeros)
    record.provider = ProviderID(zeros)
    record.fallbacks = Array(repeating: ProviderID(zeros), count: 100)
    record.tags = Array(repeating: (zeros, zeros), count: 100)
    record.content = UsageRecord.Content(prompt: zeros, response: zeros)
    (record.usage.uncachedInput, record.attempts, record.httpStatus) = (.max, .max, .max)
    record.cost = Money(picodollars: .max)
    let text = line(record)
    #expect(text.utf8.count <= UsageRecord.maximumLineSize)
    #expect(try JSONDecoder().decode(ParsedLine.self, from: Data(text.utf8)).fallbacks.count == 16)
  }

  @Test("a line is added behind what the buffer holds")
  func appending() {
    var bytes = Array("before\n".utf8)
    UsageRecord.example.appendLine(to: &bytes)
    #expect(bytes == Array(("before\n" + line(.example)).utf8))
  }

  private func line(_ record: UsageRecord) -> String {
    var bytes: [UInt8] = []
    record.appendLine(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What a reader that is not ours makes of a line.
private struct ParsedLine: Decodable {
  var id: String
  var user: String?
  var provider: String?
  var cost: String
  var fallbacks: [String]
  var tags: [String: String]
  var content: [String: String]?

  enum CodingKeys: String, CodingKey {
    case id, user, provider, fallbacks, tags, content
    case cost = "cost_usd"
  }
}

extension UsageRecord {
  /// The contract's example, without a user and a key.
  static var example: UsageRecord {
    var record = UsageRecord(
      time: Timestamp(millisecondsSince1970: 1_795_251_600_123), id: "req_1", surface: "generate",
      status: .success)
    record.provider = ProviderID("groq")
    record.model = "llama-3.1-8b-instant"
    record.httpStatus = 200
    record.usage = TokenUsage(uncachedInput: 9, output: 6)
    record.cost = Money(picodollars: 45_000_000)
    record.latency = .milliseconds(212)
    record.timeToFirstToken = .milliseconds(88)
    record.attempts = 1
    record.intent = "education"
    return record
  }
}
