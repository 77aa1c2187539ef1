import GatewayTypes
import Providers

extension UsageCorpus {
  /// What OpenAI documents: chat, completions, embeddings and responses.
  static let openAI: [UsageCorpus] = [
    UsageCorpus(
      "OpenAI: chat",
      source: "https://platform.openai.com/docs/api-reference/chat/object",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"#
          + #""prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"#
          + #""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
          + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#),
      TokenUsage(uncachedInput: 19, output: 10),
      at: .gpt, costs: "0.0001475"),
    UsageCorpus(
      "OpenAI: chat, cached prefix",
      source: "https://platform.openai.com/docs/guides/prompt-caching",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"#
          + #""prompt_tokens_details":{"cached_tokens":1920},"#
          + #""completion_tokens_details":{"reasoning_tokens":0,"accepted_prediction_tokens":0,"#
          + #""rejected_prediction_tokens":0}}"#),
      TokenUsage(uncachedInput: 86, cacheRead: 1920, output: 300),
      at: .gpt, costs: "0.005615"),
    UsageCorpus(
      "OpenAI: chat, reasoning inside",
      source: "https://platform.openai.com/docs/guides/reasoning",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":75,"completion_tokens":1186,"total_tokens":1261,"#
          + #""prompt_tokens_details":{"cached_tokens":0},"#
          + #""completion_tokens_details":{"reasoning_tokens":1024}}"#),
      TokenUsage(uncachedInput: 75, output: 1186, reasoning: 1024),
      at: .gpt, costs: "0.0120475"),
    UsageCorpus(
      "OpenAI: chat, audio in and out",
      source: "https://platform.openai.com/docs/guides/audio",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":153,"completion_tokens":94,"total_tokens":247,"#
          + #""prompt_tokens_details":{"cached_tokens":0,"audio_tokens":117,"text_tokens":36,"#
          + #""image_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":71,"#
          + #""text_tokens":23}}"#),
      TokenUsage(uncachedInput: 153, output: 94),
      at: .gpt, costs: "0.0013225"),
    UsageCorpus(
      "OpenAI: chat, predicted output that was rejected is in the completion",
      source: "https://platform.openai.com/docs/guides/predicted-outputs",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":640,"completion_tokens":212,"total_tokens":852,"#
          + #""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
          + #""accepted_prediction_tokens":150,"rejected_prediction_tokens":41}}"#),
      TokenUsage(uncachedInput: 640, output: 212),
      at: .small, costs: "0.0012232"),
    UsageCorpus(
      "OpenAI: chat, streamed",
      source: "https://platform.openai.com/docs/api-reference/chat/streaming",
      .openAIChat,
      .events([
        #"{"choices":[],"usage":{"prompt_tokens":2006,"completion_tokens":300,"#
          + #""total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920}}}"#
      ]),
      TokenUsage(uncachedInput: 86, cacheRead: 1920, output: 300),
      at: .gpt, costs: "0.005615"),
    UsageCorpus(
      "OpenAI: chat, streamed, null on every chunk but the last",
      source: "https://platform.openai.com/docs/api-reference/chat/streaming",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{}}],"usage":null}"#,
        #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}}"#,
      ]),
      TokenUsage(uncachedInput: 9, output: 6),
      at: .small, costs: "0.00100495"),
    UsageCorpus(
      "OpenAI: completion",
      source: "https://platform.openai.com/docs/api-reference/completions/object",
      .openAICompletions,
      .answer(
        #""usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}"#),
      TokenUsage(uncachedInput: 5, output: 7),
      at: .small, costs: "0.00100495"),
    UsageCorpus(
      "OpenAI: embeddings",
      source: "https://platform.openai.com/docs/api-reference/embeddings/create",
      .openAIEmbeddings,
      .answer(
        #""usage":{"prompt_tokens":8,"total_tokens":8}"#),
      TokenUsage(uncachedInput: 8),
      at: .prices(input: "0.02", output: "0"), costs: "0.00000016"),
    UsageCorpus(
      "OpenAI: responses",
      source: "https://platform.openai.com/docs/api-reference/responses/object",
      .openAIResponses,
      .answer(
        #""usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},"#
          + #""output_tokens":87,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":123}"#),
      TokenUsage(uncachedInput: 36, output: 87),
      at: .gpt, costs: "0.00096"),
    UsageCorpus(
      "OpenAI: responses, cached and reasoning",
      source: "https://platform.openai.com/docs/api-reference/responses/object",
      .openAIResponses,
      .answer(
        #""usage":{"input_tokens":1540,"input_tokens_details":{"cached_tokens":1408},"#
          + #""output_tokens":651,"output_tokens_details":{"reasoning_tokens":512},"#
          + #""total_tokens":2191}"#),
      TokenUsage(uncachedInput: 132, cacheRead: 1408, output: 651, reasoning: 512),
      at: .gpt, costs: "0.0086"),
    UsageCorpus(
      "OpenAI: responses, streamed",
      source: "https://platform.openai.com/docs/api-reference/responses-streaming/response/completed",
      .openAIResponses,
      .events([
        #"{"input_tokens":1540,"input_tokens_details":{"cached_tokens":1408},"output_tokens":651,"#
          + #""output_tokens_details":{"reasoning_tokens":512},"total_tokens":2191}"#
      ]),
      TokenUsage(uncachedInput: 132, cacheRead: 1408, output: 651, reasoning: 512),
      at: .gpt, costs: "0.0086"),
  ]
}
