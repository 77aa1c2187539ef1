import Providers
import Testing

@Suite("UpstreamPath")
struct UpstreamPathTests {
  @Test(
    "leads to each form's endpoint",
    arguments: [
      (.openAIChat, false, "/chat/completions"), (.openAIChat, true, "/chat/completions"),
      (.openAICompletions, true, "/completions"), (.openAIResponses, true, "/responses"),
      (.openAIEmbeddings, false, "/embeddings"), (.gemini, false, "/models/gemini-x:generateContent"),
      (.gemini, true, "/models/gemini-x:streamGenerateContent?alt=sse"),
    ] as [(UpstreamFormat, Bool, String)])
  func paths(format: UpstreamFormat, isStreaming: Bool, path: String) {
    #expect(UpstreamPath.path(format, base: "https://x", model: "gemini-x", isStreaming: isStreaming) == path)
  }

  @Test("takes Anthropic's base with and without the version", arguments: ["https://x/v1", "https://x/v1/"])
  func anthropicBase(base: String) {
    #expect(UpstreamPath.path(.anthropicMessages, base: base, model: "m", isStreaming: true) == "/messages")
    #expect(
      UpstreamPath.path(.anthropicMessages, base: "https://x", model: "m", isStreaming: true)
        == "/v1/messages")
  }

  @Test(
    "keeps a model's name within its segment",
    arguments: [
      ("models/a-b.c_1~", "a-b.c_1~"), ("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("a b\n", "a%20b%0A"),
      ("é", "%C3%A9"),
      ("a%2F", "a%252F"), ("tuned:x", "tuned%3Ax"),
    ])
  func models(model: String, segment: String) {
    #expect(
      UpstreamPath.path(.gemini, base: "", model: model, isStreaming: false)
        == "/models/\(segment):generateContent")
  }

  @Test("names the key as each family wants it")
  func fields() {
    func fields(_ family: ProviderFamily, _ key: String?) -> [String] {
      UpstreamPath.fields(family, key: key).map { "\($0.name): \($0.value)" }
    }
    #expect(fields(.openAI, "k") == ["Authorization: Bearer k"])
    #expect(fields(.anthropic, "k") == ["x-api-key: k", "anthropic-version: 2023-06-01"])
    #expect(fields(.gemini, "k") == ["x-goog-api-key: k"])
    #expect(fields(.openAI, nil) == [])
    #expect(fields(.anthropic, nil) == ["anthropic-version: 2023-06-01"])
  }

  @Test("each surface is served by each family in one form, its own where there is one")
  func formats() {
    for surface in Surface.allCases {
      #expect(UpstreamFormat(for: surface, family: .anthropic) == .anthropicMessages)
      #expect(UpstreamFormat(for: surface, family: .gemini) == .gemini)
      #expect(!UpstreamFormat.gemini.passesThrough(surface))
      #expect(UpstreamFormat.anthropicMessages.passesThrough(surface) == (surface == .anthropicMessages))
    }
    for surface in [Surface.openAIChat, .openAICompletions, .openAIEmbeddings] {
      #expect(UpstreamFormat(for: surface, family: .openAI).passesThrough(surface))
    }
    for surface in [Surface.generate, .chatPrompt, .anthropicMessages, .openAIResponses] {
      #expect(UpstreamFormat(for: surface, family: .openAI) == .openAIChat)
      #expect(!UpstreamFormat.openAIChat.passesThrough(surface))
    }
  }
}
