/// Why an answer stopped, in Anthropic's words and in OpenAI's.
enum AnthropicWords {
  /// OpenAI's word for a `stop_reason`.
  static func finishReason(of stopReason: String) -> String {
    switch stopReason {
    case "end_turn", "stop_sequence", "pause_turn": "stop"
    case "max_tokens", "model_context_window_exceeded": "length"
    case "tool_use": "tool_calls"
    case "refusal": "content_filter"
    default: stopReason
    }
  }

  /// Anthropic's word for a `finish_reason`.
  static func stopReason(of finishReason: String?, hasStopSequence: Bool = false) -> String {
    switch finishReason {
    case "length": "max_tokens"
    case "tool_calls", "function_call": "tool_use"
    case "content_filter": "refusal"
    default: hasStopSequence ? "stop_sequence" : "end_turn"
    }
  }
}
