import GatewayTypes
import Providers

extension UsageCorpus {
  /// What Anthropic documents: the cache beside the input, and counts that come in two events.
  static let anthropic: [UsageCorpus] = [
    UsageCorpus(
      "Anthropic: message",
      source: "https://docs.anthropic.com/en/api/messages",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":2095,"output_tokens":503}"#),
      TokenUsage(uncachedInput: 2095, output: 503),
      at: .claude, costs: "0.01383"),
    UsageCorpus(
      "Anthropic: message, null caches",
      source: "https://docs.anthropic.com/en/api/messages",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":2095,"cache_creation_input_tokens":null,"#
          + #""cache_read_input_tokens":null,"output_tokens":503,"service_tier":"standard","#
          + #""server_tool_use":null}"#),
      TokenUsage(uncachedInput: 2095, output: 503),
      at: .claude, costs: "0.01383"),
    UsageCorpus(
      "Anthropic: cache written",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":21,"cache_creation_input_tokens":188086,"#
          + #""cache_read_input_tokens":0,"output_tokens":393}"#),
      TokenUsage(uncachedInput: 21, cacheWrite: 188086, output: 393),
      at: .claude, costs: "0.7112805"),
    UsageCorpus(
      "Anthropic: cache read",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":21,"cache_creation_input_tokens":0,"#
          + #""cache_read_input_tokens":188086,"output_tokens":393}"#),
      TokenUsage(uncachedInput: 21, cacheRead: 188086, output: 393),
      at: .claude, costs: "0.0623838"),
    UsageCorpus(
      "Anthropic: cache written for both times",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#1-hour-cache-duration",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":2048,"cache_read_input_tokens":1800,"#
          + #""cache_creation_input_tokens":248,"output_tokens":503,"#
          + #""cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100}}"#),
      TokenUsage(uncachedInput: 2048, cacheRead: 1800, cacheWrite: 248, cacheWriteOneHour: 100, output: 503),
      at: .claude, costs: "0.015384"),
    UsageCorpus(
      "Anthropic: web search counts tool uses beside tokens",
      source: "https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/web-search-tool",
      .anthropicMessages,
      .answer(
        #""usage":{"input_tokens":6039,"output_tokens":931,"#
          + #""server_tool_use":{"web_search_requests":1}}"#),
      TokenUsage(uncachedInput: 6039, output: 931),
      at: .claude, costs: "0.032082"),
    UsageCorpus(
      "Anthropic: streamed",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
      .anthropicMessages,
      .message(
        start: #"{"input_tokens":25,"output_tokens":1}"#,
        delta: #"{"output_tokens":15}"#),
      TokenUsage(uncachedInput: 25, output: 15),
      at: .claude, costs: "0.0003"),
    UsageCorpus(
      "Anthropic: streamed, caches at the start",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
      .anthropicMessages,
      .message(
        start: #"{"input_tokens":472,"cache_creation_input_tokens":248,"cache_read_input_tokens":1800,"#
          + #""cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":248},"#
          + #""output_tokens":2}"#,
        delta: #"{"output_tokens":89}"#),
      TokenUsage(uncachedInput: 472, cacheRead: 1800, cacheWrite: 248, cacheWriteOneHour: 248, output: 89),
      at: .claude, costs: "0.004779"),
    UsageCorpus(
      "Anthropic: streamed, the input grown by a search",
      source: "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
      .anthropicMessages,
      .message(
        start: #"{"input_tokens":2679,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
          + #""output_tokens":3}"#,
        delta: #"{"input_tokens":10682,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
          + #""output_tokens":510,"server_tool_use":{"web_search_requests":1}}"#),
      TokenUsage(uncachedInput: 10682, output: 510),
      at: .claude, costs: "0.039696"),
  ]
}
