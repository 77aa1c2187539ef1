import GatewayTypes
import JSON
import Providers
import Testing

@Suite("UsageReader")
struct UsageReaderTests {
  private static let input: InputSize = {
    var size = InputSize()
    size.characters.oneByte = 40
    size.characters.letters = 40
    size.messageCount = 1
    return size
  }()

  private func usage(_ text: String, answer: String = "abcdefgh") throws -> TokenUsage {
    let document = try JSONDocument(parsing: Array(text.utf8))
    return UsageReader.openAI(
      document.root, in: document, input: Self.input,
      output: JSONCharacterCounts(escaped: Array(answer.utf8)[...]))
  }

  @Test(
    "maps each family's numbers to the normal form",
    arguments: [
      (
        #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}"#,
        TokenUsage(uncachedInput: 9, output: 6)
      ),
      (#"{"prompt_tokens":9,"completion_tokens":6}"#, TokenUsage(uncachedInput: 9, output: 6)),
      (#"{"input_tokens":9,"output_tokens":6}"#, TokenUsage(uncachedInput: 9, output: 6)),
      (
        #"{"prompt_tokens":9.0,"completion_tokens":6e0,"total_tokens":null}"#,
        TokenUsage(uncachedInput: 9, output: 6)
      ),
      (
        #"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":"#
          + #"{"cached_tokens":60,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":30}}"#,
        TokenUsage(uncachedInput: 40, cacheRead: 60, output: 50, reasoning: 30)
      ),
      (
        #"{"input_tokens":100,"output_tokens":50,"input_tokens_details":{"cached_tokens":60},"#
          + #""output_tokens_details":{"reasoning_tokens":30}}"#,
        TokenUsage(uncachedInput: 40, cacheRead: 60, output: 50, reasoning: 30)
      ),
      (
        #"{"prompt_tokens":100,"completion_tokens":5,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}"#,
        TokenUsage(uncachedInput: 36, cacheRead: 64, output: 5)
      ),
      (
        #"{"prompt_tokens":100,"completion_tokens":5,"cached_tokens":64}"#,
        TokenUsage(uncachedInput: 36, cacheRead: 64, output: 5)
      ),
      (
        #"{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":50,"cache_write_tokens":20}}"#,
        TokenUsage(uncachedInput: 30, cacheRead: 50, cacheWrite: 20, output: 5)
      ),
      (
        #"{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}"#,
        TokenUsage(uncachedInput: 9, output: 6)
      ),
      // xAI: reasoning beside the completion.
      (
        #"{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}"#,
        TokenUsage(uncachedInput: 32, output: 103, reasoning: 94)
      ),
      // Gemini's OpenAI form: thoughts only in the total.
      (
        #"{"prompt_tokens":20,"completion_tokens":424,"total_tokens":1016}"#,
        TokenUsage(uncachedInput: 20, output: 996, isEstimated: true)
      ),
      (
        #"{"prompt_tokens":21,"completion_tokens":0,"total_tokens":81,"completion_tokens_details":{"reasoning_tokens":60}}"#,
        TokenUsage(uncachedInput: 21, output: 60, reasoning: 60)
      ),
      (#"{"prompt_tokens":9,"total_tokens":15}"#, TokenUsage(uncachedInput: 9, output: 6)),
      (
        #"{"prompt_tokens":100000000,"completion_tokens":1}"#,
        TokenUsage(uncachedInput: 100_000_000, output: 1)
      ),
    ])
  func counted(text: String, expected: TokenUsage) throws {
    #expect(try usage(text) == expected)
  }

  @Test(
    "what cannot be is estimated, never free and never negative",
    arguments: [
      "{}", "null", "[]", "7", "\"9\"", #"{"total_tokens":15}"#, #"{"completion_tokens":6}"#,
      #"{"prompt_tokens":9}"#,
      #"{"prompt_tokens":-9,"completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":-6}"#,
      #"{"prompt_tokens":"9","completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":"6"}"#,
      #"{"prompt_tokens":null,"completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":null}"#,
      #"{"prompt_tokens":9,"completion_tokens":null,"total_tokens":15}"#,
      #"{"prompt_tokens":9.5,"completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":6.5}"#,
      #"{"prompt_tokens":true,"completion_tokens":6}"#, #"{"prompt_tokens":[9],"completion_tokens":6}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":14}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":0}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":-15}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":"15"}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15.5}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":10}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":-1}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":"1"}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":5,"cache_write_tokens":5}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"prompt_cache_hit_tokens":10}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"completion_tokens_details":{"reasoning_tokens":7}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"completion_tokens_details":{"reasoning_tokens":-7}}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":16,"completion_tokens_details":{"reasoning_tokens":8}}"#,
      #"{"prompt_tokens":100000001,"completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":1e9}"#,
      #"{"prompt_tokens":9,"completion_tokens":6,"total_tokens":1e99}"#,
      #"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#,
      #"{"prompt_tokens":0,"completion_tokens":6}"#, #"{"prompt_tokens":9,"completion_tokens":0}"#,
      #"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#,
    ])
  func estimated(text: String) throws {
    #expect(try usage(text) == TokenUsage(uncachedInput: 14, output: 2, isEstimated: true))
  }

  @Test("an answer without text may have cost no output")
  func noText() throws {
    #expect(
      try usage(#"{"prompt_tokens":9,"completion_tokens":0}"#, answer: "") == TokenUsage(uncachedInput: 9))
  }

  @Test("the last of two usages of the same name counts, as in a lookup")
  func duplicate() throws {
    let text = #"{"prompt_tokens":1,"completion_tokens":6,"prompt_tokens":9}"#
    #expect(try usage(text) == TokenUsage(uncachedInput: 9, output: 6))
  }
}
