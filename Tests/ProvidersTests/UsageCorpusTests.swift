import GatewayTypes
import Testing

@Suite("Usage as providers document it")
struct UsageCorpusTests {
  @Test("is read in the one normal form and priced exactly", arguments: UsageCorpus.all)
  func reads(example: UsageCorpus) throws {
    let usage = try example.read()
    #expect(usage == example.usage, "\(example.source)")
    #expect(example.prices.cost(of: usage).description == example.cost, "\(example.source)")
  }

  @Test("is of every family, whole and streamed, each with its source")
  func isComplete() {
    let names = UsageCorpus.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(UsageCorpus.all.allSatisfy { $0.source.hasPrefix("https://") })
    let families = [
      "OpenAI", "Anthropic", "Gemini", "Groq", "DeepSeek", "Mistral", "xAI", "OpenRouter", "vLLM",
      "llama.cpp",
      "Ollama",
    ]
    for family in families {
      let examples = UsageCorpus.all.filter { $0.name.hasPrefix(family) }
      let streamedCount = examples.count { example in
        switch example.shape {
        case .answer: false
        case .events, .message: true
        }
      }
      #expect(streamedCount > 0 && streamedCount < examples.count, "\(family)")
    }
  }
}
