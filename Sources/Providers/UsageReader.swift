package import GatewayTypes
package import JSON

/// Reads what a provider says it has counted, and counts itself when that cannot be.
package enum UsageReader {
  /// More tokens than any call has; a larger number is a mistake and not billed.
  private static let largestCount = 100_000_000

  /// The usage in the `usage` object of an OpenAI-like answer, or an estimate, marked so.
  ///
  /// A count of zero for an input, or for an answer with text, is not believed: nothing is free. What was
  /// written is looked at only then.
  package static func openAI(
    _ usage: JSONNode?, in document: JSONDocument, input: InputSize,
    output: @autoclosure () -> JSONCharacterCounts
  ) -> TokenUsage {
    believable(usage.flatMap { openAI($0, in: document) }, input: input, output: output())
  }

  /// What was counted, or an estimate where a count of zero cannot be.
  static func believable(
    _ counted: TokenUsage?, input: InputSize, output: @autoclosure () -> JSONCharacterCounts
  ) -> TokenUsage {
    if let counted, counted.input > 0, counted.output > 0 || output().byteCount == 0 { return counted }
    return estimate(input: input, output: output())
  }

  /// The usage that a `usage` object states; nil when it states none or an impossible one.
  ///
  /// `prompt_tokens` includes the cached ones, `completion_tokens` the reasoning. A total above their sum
  /// is output that was reported outside: xAI does so with reasoning, Gemini's OpenAI form with thoughts
  /// without naming them. The difference is charged as output, the dearer side, so that no bill is short;
  /// where nothing names it, that is an estimate and marked so.
  package static func openAI(_ usage: JSONNode, in document: JSONDocument) -> TokenUsage? {
    let reader = Counts(document: document, usage: usage)
    guard let input = reader.count("prompt_tokens", or: "input_tokens") else { return nil }
    let total = reader.optionalCount("total_tokens", of: usage)
    let stated = reader.count("completion_tokens", or: "output_tokens")
    guard var output = stated ?? reader.outputMissing(total: total, input: input) else { return nil }
    var outside = 0
    switch total {
    case .absent: break
    case .impossible: return nil
    case .count(let total):
      guard total >= input + output else { return nil }
      outside = total - input - output
      output += outside
    }

    guard let cacheRead = reader.cacheRead(), let cacheWrite = reader.cacheWrite(),
      let reasoning = reader.reasoning(), cacheRead + cacheWrite <= input, reasoning <= output
    else { return nil }
    return TokenUsage(
      uncachedInput: input - cacheRead - cacheWrite, cacheRead: cacheRead, cacheWrite: cacheWrite,
      output: output, reasoning: reasoning, isEstimated: outside != 0 && outside != reasoning)
  }

  /// The likely usage of a call that nobody counted.
  package static func estimate(input: InputSize, escapedText: ArraySlice<UInt8>) -> TokenUsage {
    estimate(input: input, output: JSONCharacterCounts(escaped: escapedText))
  }

  /// The likely usage of a call that nobody counted, of whose answer these characters came.
  package static func estimate(input: InputSize, output: JSONCharacterCounts) -> TokenUsage {
    TokenUsage(
      uncachedInput: TokenEstimate.tokens(in: input), output: TokenEstimate.tokens(in: output),
      isEstimated: true)
  }

  /// One number of a usage object.
  private enum Count {
    case absent
    case impossible
    case count(Int)
  }

  /// Looks numbers up under the names that OpenAI-like servers give them.
  private struct Counts {
    let document: JSONDocument
    let usage: JSONNode

    /// The number that must be there, under its first name or else its second.
    func count(_ first: StaticString, or second: StaticString) -> Int? {
      let node = document.member(first, of: usage) ?? document.member(second, of: usage)
      return node.flatMap { number($0) }
    }

    /// Absent and `null` are the same here: many servers send `null` for details that they do not count.
    func optionalCount(_ name: StaticString, of object: JSONNode?) -> Count {
      guard let object, let node = document.member(name, of: object), !document.isNull(node) else {
        return .absent
      }
      return number(node).map { .count($0) } ?? .impossible
    }

    /// An answer's output when only the total is stated, as for embeddings.
    func outputMissing(total: Count, input: Int) -> Int? {
      guard !isStated("completion_tokens"), !isStated("output_tokens") else { return nil }
      guard case .count(let total) = total, total >= input else { return nil }
      return total - input
    }

    /// OpenAI, its Responses form, DeepSeek, Moonshot, Mistral.
    func cacheRead() -> Int? {
      first(of: [
        optionalCount("cached_tokens", of: document.member("prompt_tokens_details", of: usage)),
        optionalCount("cached_tokens", of: document.member("input_tokens_details", of: usage)),
        optionalCount("prompt_cache_hit_tokens", of: usage),
        optionalCount("cached_tokens", of: usage),
        optionalCount("num_cached_tokens", of: usage),
      ])
    }

    /// OpenAI, OpenRouter.
    func cacheWrite() -> Int? {
      first(of: [
        optionalCount("cache_write_tokens", of: document.member("prompt_tokens_details", of: usage)),
        optionalCount("cache_write_tokens", of: document.member("input_tokens_details", of: usage)),
      ])
    }

    func reasoning() -> Int? {
      first(of: [
        optionalCount("reasoning_tokens", of: document.member("completion_tokens_details", of: usage)),
        optionalCount("reasoning_tokens", of: document.member("output_tokens_details", of: usage)),
      ])
    }

    private func isStated(_ name: StaticString) -> Bool { document.member(name, of: usage) != nil }

    /// The first that is stated, 0 when none is; nil when any is impossible.
    private func first(of counts: [Count]) -> Int? {
      var found: Int?
      for count in counts {
        switch count {
        case .absent: continue
        case .impossible: return nil
        case .count(let number): found = found ?? number
        }
      }
      return found ?? 0
    }

    private func number(_ node: JSONNode) -> Int? {
      guard let number = document.int(node), (0...largestCount).contains(number) else { return nil }
      return number
    }
  }
}
