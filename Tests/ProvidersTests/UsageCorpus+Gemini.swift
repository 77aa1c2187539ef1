import GatewayTypes
import Providers

extension UsageCorpus {
  /// What Google documents: thoughts beside the candidates, and totals that tell the rest.
  static let gemini: [UsageCorpus] = [
    UsageCorpus(
      "Gemini: text",
      source: "https://ai.google.dev/api/generate-content#UsageMetadata",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":73,"totalTokenCount":84,"#
          + #""promptTokensDetails":[{"modality":"TEXT","tokenCount":11}],"#
          + #""candidatesTokensDetails":[{"modality":"TEXT","tokenCount":73}]}"#),
      TokenUsage(uncachedInput: 11, output: 73),
      at: .gemini, costs: "0.00074375"),
    UsageCorpus(
      "Gemini: thoughts",
      source: "https://ai.google.dev/gemini-api/docs/thinking",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":21,"candidatesTokenCount":340,"#
          + #""totalTokenCount":1393,"thoughtsTokenCount":1032}"#),
      TokenUsage(uncachedInput: 21, output: 1372, reasoning: 1032),
      at: .gemini, costs: "0.01374625"),
    UsageCorpus(
      "Gemini: cached content",
      source: "https://ai.google.dev/gemini-api/docs/caching",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":696219,"cachedContentTokenCount":696190,"#
          + #""candidatesTokenCount":214,"totalTokenCount":696433,"#
          + #""cacheTokensDetails":[{"modality":"TEXT","tokenCount":696190}]}"#),
      TokenUsage(uncachedInput: 29, cacheRead: 696190, output: 214),
      at: .gemini, costs: "0.43840125"),
    UsageCorpus(
      "Gemini: what tools read is input",
      source: "https://ai.google.dev/gemini-api/docs/url-context",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":27,"candidatesTokenCount":45,"#
          + #""totalTokenCount":10482,"toolUsePromptTokenCount":10309,"#
          + #""toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":10309}],"#
          + #""thoughtsTokenCount":101}"#),
      TokenUsage(uncachedInput: 10336, output: 146, reasoning: 101),
      at: .gemini, costs: "0.01438"),
    UsageCorpus(
      "Gemini: just at the long context",
      source: "https://ai.google.dev/gemini-api/docs/pricing",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":200000,"candidatesTokenCount":1,"#
          + #""totalTokenCount":200001}"#),
      TokenUsage(uncachedInput: 200000, output: 1),
      at: .gemini, costs: "0.25001"),
    UsageCorpus(
      "Gemini: beyond the long context",
      source: "https://ai.google.dev/gemini-api/docs/pricing",
      .gemini,
      .answer(
        #""usageMetadata":{"promptTokenCount":200001,"candidatesTokenCount":1,"#
          + #""totalTokenCount":200002}"#),
      TokenUsage(uncachedInput: 200001, output: 1),
      at: .gemini, costs: "0.5000175"),
    UsageCorpus(
      "Gemini: streamed, each chunk counts so far",
      source: "https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent",
      .gemini,
      .events([
        #"{"promptTokenCount":11,"totalTokenCount":11}"#,
        #"{"promptTokenCount":11,"candidatesTokenCount":40,"totalTokenCount":151,"#
          + #""thoughtsTokenCount":100}"#,
      ]),
      TokenUsage(uncachedInput: 11, output: 140, reasoning: 100),
      at: .gemini, costs: "0.00141375"),
    UsageCorpus(
      "Gemini: OpenAI's form, thoughts only in the total",
      source: "https://ai.google.dev/gemini-api/docs/openai",
      .openAIChat,
      .answer(
        #""usage":{"completion_tokens":102,"prompt_tokens":758,"total_tokens":1725}"#),
      TokenUsage(uncachedInput: 758, output: 967, isEstimated: true),
      at: .gemini, costs: "0.0106175"),
  ]
}
