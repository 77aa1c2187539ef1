import GatewayTypes
import Providers

extension UsageCorpus {
  /// What servers that speak OpenAI's protocol document, each with its own additions.
  static let compatible: [UsageCorpus] = [
    UsageCorpus(
      "Groq, times beside tokens",
      source: "https://console.groq.com/docs/api-reference#chat-create",
      .openAIChat,
      .answer(
        #""usage":{"queue_time":0.037493756,"prompt_tokens":18,"prompt_time":0.000680594,"#
          + #""completion_tokens":556,"completion_time":0.463333333,"total_tokens":574,"#
          + #""total_time":0.464013927},"usage_breakdown":null,"x_groq":{"id":"req_1"}"#),
      TokenUsage(uncachedInput: 18, output: 556),
      at: .groq, costs: "0.00004538"),
    UsageCorpus(
      "Groq, cached and reasoning",
      source: "https://console.groq.com/docs/prompt-caching",
      .openAIChat,
      .answer(
        #""usage":{"queue_time":0.02,"prompt_tokens":4641,"prompt_time":0.01,"#
          + #""completion_tokens":1817,"completion_time":1.9,"total_tokens":6458,"total_time":1.91,"#
          + #""prompt_tokens_details":{"cached_tokens":4608},"#
          + #""completion_tokens_details":{"reasoning_tokens":1200}}"#),
      TokenUsage(uncachedInput: 33, cacheRead: 4608, output: 1817, reasoning: 1200),
      at: .prices(input: "0.15", output: "0.75", cacheRead: "0.075"), costs: "0.0017133"),
    UsageCorpus(
      "Groq, streamed, in an object of its own",
      source: "https://console.groq.com/docs/api-reference#chat-create",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{}}],"x_groq":{"id":"req_1","usage":{"queue_time":0.03,"#
          + #""prompt_tokens":18,"prompt_time":0.001,"completion_tokens":556,"completion_time":0.4,"#
          + #""total_tokens":574,"total_time":0.401}}}"#
      ]),
      TokenUsage(uncachedInput: 18, output: 556),
      at: .groq, costs: "0.00004538"),
    UsageCorpus(
      "DeepSeek, hits and misses",
      source: "https://api-docs.deepseek.com/api/create-chat-completion",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":1090,"completion_tokens":211,"total_tokens":1301,"#
          + #""prompt_tokens_details":{"cached_tokens":1024},"prompt_cache_hit_tokens":1024,"#
          + #""prompt_cache_miss_tokens":66}"#),
      TokenUsage(uncachedInput: 66, cacheRead: 1024, output: 211),
      at: .deepSeek, costs: "0.0003216"),
    UsageCorpus(
      "DeepSeek, hits without details, reasoning inside",
      source: "https://api-docs.deepseek.com/guides/kv_cache",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":1090,"completion_tokens":900,"total_tokens":1990,"#
          + #""completion_tokens_details":{"reasoning_tokens":720},"prompt_cache_hit_tokens":64,"#
          + #""prompt_cache_miss_tokens":1026}"#),
      TokenUsage(uncachedInput: 1026, cacheRead: 64, output: 900, reasoning: 720),
      at: .deepSeek, costs: "0.0012715"),
    UsageCorpus(
      "DeepSeek, streamed with the last choice",
      source: "https://api-docs.deepseek.com/api/create-chat-completion",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{"content":""}}],"usage":{"prompt_tokens":17,"#
          + #""completion_tokens":9,"total_tokens":26,"prompt_cache_hit_tokens":0,"#
          + #""prompt_cache_miss_tokens":17}}"#
      ]),
      TokenUsage(uncachedInput: 17, output: 9),
      at: .deepSeek, costs: "0.00001449"),
    UsageCorpus(
      "Mistral",
      source: "https://docs.mistral.ai/api/",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":16,"completion_tokens":34,"total_tokens":50,"#
          + #""prompt_audio_seconds":null}"#),
      TokenUsage(uncachedInput: 16, output: 34),
      at: .mistral, costs: "0.0000744"),
    UsageCorpus(
      "Mistral, cached prefix",
      source: "https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":840,"completion_tokens":34,"total_tokens":874,"#
          + #""prompt_tokens_details":{"cached_tokens":768}}"#),
      TokenUsage(uncachedInput: 72, cacheRead: 768, output: 34),
      at: .mistral, costs: "0.00012752"),
    UsageCorpus(
      "Mistral, cached prefix in a field of its own",
      source: "https://docs.mistral.ai/api/",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":840,"completion_tokens":34,"total_tokens":874,"#
          + #""num_cached_tokens":768}"#),
      TokenUsage(uncachedInput: 72, cacheRead: 768, output: 34),
      at: .mistral, costs: "0.00012752"),
    UsageCorpus(
      "Mistral, streamed with the last choice",
      source: "https://docs.mistral.ai/api/",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{"content":""}}],"usage":{"prompt_tokens":16,"#
          + #""completion_tokens":34,"total_tokens":50}}"#
      ]),
      TokenUsage(uncachedInput: 16, output: 34),
      at: .mistral, costs: "0.0000744"),
    UsageCorpus(
      "xAI, reasoning beside the completion",
      source: "https://docs.x.ai/docs/guides/reasoning",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"#
          + #""prompt_tokens_details":{"text_tokens":32,"audio_tokens":0,"image_tokens":0,"#
          + #""cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":94,"audio_tokens":0,"#
          + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"num_sources_used":0}"#),
      TokenUsage(uncachedInput: 26, cacheRead: 6, output: 103, reasoning: 94),
      at: .grok, costs: "0.00005035"),
    UsageCorpus(
      "xAI, reasoning beside the completion, more than it",
      source: "https://docs.x.ai/docs/guides/reasoning",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":2341,"completion_tokens":31,"total_tokens":3108,"#
          + #""prompt_tokens_details":{"text_tokens":2341,"cached_tokens":448},"#
          + #""completion_tokens_details":{"reasoning_tokens":736}}"#),
      TokenUsage(uncachedInput: 1893, cacheRead: 448, output: 767, reasoning: 736),
      at: .grok, costs: "0.0009114"),
    UsageCorpus(
      "xAI, streamed, each chunk counts so far",
      source: "https://docs.x.ai/docs/guides/streaming-response",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":32,"#
          + #""completion_tokens":1,"total_tokens":127,"#
          + #""completion_tokens_details":{"reasoning_tokens":94}}}"#,
        #"{"choices":[],"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"#
          + #""prompt_tokens_details":{"cached_tokens":6},"#
          + #""completion_tokens_details":{"reasoning_tokens":94}}}"#,
      ]),
      TokenUsage(uncachedInput: 26, cacheRead: 6, output: 103, reasoning: 94),
      at: .grok, costs: "0.00005035"),
    UsageCorpus(
      "OpenRouter, costs beside tokens",
      source: "https://openrouter.ai/docs/use-cases/usage-accounting",
      .openAIChat,
      .answer(
        #""usage":{"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":0},"#
          + #""cost":0.95,"cost_details":{"upstream_inference_cost":19},"prompt_tokens":194,"#
          + #""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":100,"audio_tokens":0},"#
          + #""total_tokens":196}"#),
      TokenUsage(uncachedInput: 94, cacheWrite: 100, output: 2),
      at: .openRouter, costs: "0.0001832"),
    UsageCorpus(
      "OpenRouter, streamed",
      source: "https://openrouter.ai/docs/use-cases/usage-accounting",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"#
          + #""finish_reason":null}],"usage":{"prompt_tokens":5194,"completion_tokens":220,"#
          + #""total_tokens":5414,"cost":0.0019,"is_byok":false,"#
          + #""prompt_tokens_details":{"cached_tokens":5000,"audio_tokens":0},"#
          + #""cost_details":{"upstream_inference_cost":null},"#
          + #""completion_tokens_details":{"reasoning_tokens":180,"image_tokens":0}}}"#
      ]),
      TokenUsage(uncachedInput: 194, cacheRead: 5000, output: 220, reasoning: 180),
      at: .openRouter, costs: "0.0014352"),
    UsageCorpus(
      "vLLM, null details",
      source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":38,"total_tokens":63,"completion_tokens":25,"#
          + #""prompt_tokens_details":null},"prompt_logprobs":null,"kv_transfer_params":null"#),
      TokenUsage(uncachedInput: 38, output: 25),
      at: .local, costs: "0.00000088"),
    UsageCorpus(
      "vLLM, prefix cache told",
      source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":38,"total_tokens":63,"completion_tokens":25,"#
          + #""prompt_tokens_details":{"cached_tokens":32}}"#),
      TokenUsage(uncachedInput: 6, cacheRead: 32, output: 25),
      at: .local, costs: "0.00000088"),
    UsageCorpus(
      "vLLM, streamed with usage on every chunk",
      source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
      .openAIChat,
      .events([
        #"{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":38,"#
          + #""total_tokens":40,"completion_tokens":2}}"#,
        #"{"choices":[],"usage":{"prompt_tokens":38,"total_tokens":63,"completion_tokens":25}}"#,
      ]),
      TokenUsage(uncachedInput: 38, output: 25),
      at: .local, costs: "0.00000088"),
    UsageCorpus(
      "llama.cpp, timings beside usage",
      source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
      .openAIChat,
      .answer(
        #""usage":{"completion_tokens":35,"prompt_tokens":237,"total_tokens":272,"#
          + #""prompt_tokens_details":{"cached_tokens":236}},"timings":{"cache_n":236,"prompt_n":1,"#
          + #""prompt_ms":30.958,"prompt_per_token_ms":30.958,"prompt_per_second":32.30,"#
          + #""predicted_n":35,"predicted_ms":661.064,"predicted_per_token_ms":18.88,"#
          + #""predicted_per_second":52.94}"#),
      TokenUsage(uncachedInput: 1, cacheRead: 236, output: 35),
      at: .local, costs: "0.00000307"),
    UsageCorpus(
      "llama.cpp, streamed",
      source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
      .openAIChat,
      .events([
        #"{"choices":[],"usage":{"completion_tokens":35,"prompt_tokens":237,"total_tokens":272},"#
          + #""timings":{"cache_n":236,"prompt_n":1,"predicted_n":35}}"#
      ]),
      TokenUsage(uncachedInput: 237, output: 35),
      at: .local, costs: "0.00000307"),
    UsageCorpus(
      "Ollama",
      source: "https://github.com/ollama/ollama/blob/main/docs/openai.md",
      .openAIChat,
      .answer(
        #""usage":{"prompt_tokens":26,"completion_tokens":298,"total_tokens":324}"#),
      TokenUsage(uncachedInput: 26, output: 298),
      at: .local, costs: "0.00000622"),
    UsageCorpus(
      "Ollama, streamed",
      source: "https://github.com/ollama/ollama/blob/main/docs/openai.md",
      .openAIChat,
      .events([
        #"{"choices":[],"usage":{"prompt_tokens":26,"completion_tokens":298,"total_tokens":324}}"#
      ]),
      TokenUsage(uncachedInput: 26, output: 298),
      at: .local, costs: "0.00000622"),
  ]
}
