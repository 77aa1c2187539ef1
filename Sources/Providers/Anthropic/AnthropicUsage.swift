import GatewayTypes
import JSON

/// The counts that Anthropic states, gathered from one object or from several of a stream.
///
/// The input excludes what was read from the cache and what was written to it, so the three add up to all.
struct AnthropicUsage: Sendable {
  private var input: Int?
  private var output: Int?
  private var cacheRead = 0
  private var cacheWrite = 0
  private var cacheWriteOneHour = 0
  private var reasoning = 0
  /// Whether a count was one that cannot be.
  private var isImpossible = false

  /// More tokens than any call has.
  private static let largestCount = 100_000_000

  /// Takes the counts that `usage` states; the others stay as they were.
  mutating func read(_ usage: JSONNode, in document: JSONDocument) {
    if let count = count("input_tokens", of: usage, in: document) { input = count }
    if let count = count("output_tokens", of: usage, in: document) { output = count }
    if let details = document.member("output_tokens_details", of: usage),
      let count = count("thinking_tokens", of: details, in: document)
    {
      reasoning = count
    }
    if let count = count("cache_read_input_tokens", of: usage, in: document) { cacheRead = count }
    readCacheWrites(usage, in: document)
  }

  /// The whole may stand alone, beside its parts by the time they are kept, or only in them.
  private mutating func readCacheWrites(_ usage: JSONNode, in document: JSONDocument) {
    let whole = count("cache_creation_input_tokens", of: usage, in: document)
    if let whole { cacheWrite = whole }
    guard let creation = document.member("cache_creation", of: usage) else { return }
    let short = count("ephemeral_5m_input_tokens", of: creation, in: document)
    let long = count("ephemeral_1h_input_tokens", of: creation, in: document)
    guard short != nil || long != nil else { return }
    cacheWriteOneHour = long ?? 0
    if whole == nil { cacheWrite = (short ?? 0) + cacheWriteOneHour }
  }

  /// What was counted, in the normal form; nil when input or output is missing or a count cannot be.
  var tokens: TokenUsage? {
    guard let input, let output, reasoning <= output, cacheWriteOneHour <= cacheWrite, !isImpossible else {
      return nil
    }
    return TokenUsage(
      uncachedInput: input, cacheRead: cacheRead, cacheWrite: cacheWrite,
      cacheWriteOneHour: cacheWriteOneHour, output: output, reasoning: reasoning)
  }

  private mutating func count(_ name: StaticString, of object: JSONNode, in document: JSONDocument) -> Int? {
    guard let node = document.member(name, of: object), !document.isNull(node) else { return nil }
    guard let count = document.int(node), (0...AnthropicUsage.largestCount).contains(count) else {
      isImpossible = true
      return nil
    }
    return count
  }
}
