import GatewayTypes
import JSON

/// The counts that Gemini states.
///
/// Source: https://ai.google.dev/api/generate-content#UsageMetadata
enum GeminiUsage {
  /// More tokens than any call has.
  private static let largestCount = 100_000_000

  /// The `usageMetadata` of a body in the normal form; nil when there is none or it cannot be.
  ///
  /// The prompt's count includes what came from the cache; the candidates' count excludes the thoughts, and
  /// the prompt's what the provider's own tools read. What the total has more than its parts is charged as
  /// output, the dearer side, and marked as an estimate: nothing says what it was.
  static func tokens(in document: JSONDocument) -> TokenUsage? {
    guard let usage = document.member("usageMetadata", of: document.root) else { return nil }
    func count(_ name: StaticString) -> Int?? {
      guard let node = document.member(name, of: usage), !document.isNull(node) else { return .some(nil) }
      guard let count = document.int(node), (0...largestCount).contains(count) else { return nil }
      return .some(count)
    }
    guard let statedPrompt = count("promptTokenCount"), let prompt = statedPrompt,
      let candidates = count("candidatesTokenCount"), let thoughts = count("thoughtsTokenCount"),
      let tools = count("toolUsePromptTokenCount"), let cached = count("cachedContentTokenCount"),
      let total = count("totalTokenCount"), cached ?? 0 <= prompt
    else { return nil }
    let input = prompt + (tools ?? 0)
    let reasoning = thoughts ?? 0
    var output = (candidates ?? 0) + reasoning
    var isEstimated = false
    if let total {
      let rest = total - input
      // Some of Google's services count the thoughts among the candidates.
      guard rest >= output || rest == candidates && reasoning <= rest else { return nil }
      isEstimated = rest > output && candidates != nil
      output = rest
    }
    return TokenUsage(
      uncachedInput: input - (cached ?? 0), cacheRead: cached ?? 0, output: output, reasoning: reasoning,
      isEstimated: isEstimated)
  }
}
