import GatewayTypes
import Providers
import Testing

/// One usage object as a provider documents it, what it means, and what it costs.
///
/// The numbers are ours, the shapes are theirs: `source` is where each is documented. The costs were worked
/// out apart from this program, in decimals.
struct UsageCorpus: CustomTestStringConvertible, Sendable {
  /// How the usage comes.
  enum Shape: Sendable {
    /// These members, in the body of a whole answer.
    case answer(String)
    /// These events, in a stream: chunks with OpenAI, the usage of the last events with the others.
    case events([String])
    /// Anthropic's stream: usage at the start, and again at the end.
    case message(start: String, delta: String)
  }

  let name: String
  let source: String
  let format: UpstreamFormat
  let shape: Shape
  let usage: TokenUsage
  let prices: Prices
  /// In US dollars.
  let cost: String

  init(
    _ name: String, source: String, _ format: UpstreamFormat, _ shape: Shape, _ usage: TokenUsage,
    at prices: Prices, costs cost: String
  ) {
    self.name = name
    self.source = source
    self.format = format
    self.shape = shape
    self.usage = usage
    self.prices = prices
    self.cost = cost
  }

  static let all = openAI + anthropic + gemini + compatible

  var testDescription: String { name }
}

extension UsageCorpus {
  /// The usage that the gateway reads from an answer or a stream of this shape.
  func read() throws -> TokenUsage {
    let stream: String
    switch shape {
    case .answer(let members):
      let body = Array("{\(answerStart),\(members)}".utf8)
      return try AnswerReader.answer(from: body, format: format, input: InputSize()).usage
    case .events(let events): stream = self.stream(events)
    case .message(let start, let delta):
      stream = UsageCorpus.stream([
        #"{"type":"message_start","message":{"content":[],"usage":\#(start)}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"abcdefgh"}}"#,
        #"{"type":"content_block_stop","index":0}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":\#(delta)}"#,
        #"{"type":"message_stop"}"#,
      ])
    }
    var reader = StreamReader(format: format, passesThrough: false)
    guard ProvidersTests.read([Array(stream.utf8)], with: &reader).isComplete else { throw BrokenStream() }
    return reader.usage(input: InputSize())
  }

  private struct BrokenStream: Error {}

  /// An answer of some text, but for its usage.
  private var answerStart: String {
    switch format {
    case .openAIChat:
      #""choices":[{"index":0,"message":{"role":"assistant","content":"abcdefgh"},"finish_reason":"stop"}]"#
    case .openAICompletions: #""choices":[{"index":0,"text":"abcdefgh","finish_reason":"stop"}]"#
    case .openAIEmbeddings:
      #""object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.5]}]"#
    case .openAIResponses:
      #""status":"completed","output":[{"type":"message","role":"assistant","content":"#
        + #"[{"type":"output_text","text":"abcdefgh"}]}]"#
    case .anthropicMessages: #""content":[{"type":"text","text":"abcdefgh"}],"stop_reason":"end_turn""#
    case .gemini: #""candidates":[{"content":{"parts":[{"text":"abcdefgh"}]},"finishReason":"STOP"}]"#
    }
  }

  /// A whole stream of some text with these events in it.
  private func stream(_ events: [String]) -> String {
    switch format {
    case .gemini:
      let chunks = events.map { usage in
        #"{"candidates":[{"content":{"parts":[{"text":"abcd"}]},"index":0}],"usageMetadata":\#(usage)}"#
      }
      return UsageCorpus.stream(chunks + [#"{"candidates":[{"finishReason":"STOP","index":0}]}"#])
    case .openAIResponses:
      let text =
        #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"abcdefgh"}"#
      let ends = events.map { usage in
        #"{"type":"response.completed","response":{"status":"completed",\#(answerOutput),"usage":\#(usage)}}"#
      }
      return UsageCorpus.stream([text] + ends)
    case .openAIChat, .openAICompletions, .openAIEmbeddings, .anthropicMessages:
      let text = #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"abcdefgh"}}]}"#
      let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
      return UsageCorpus.stream([text, finish] + events + ["[DONE]"])
    }
  }

  private var answerOutput: String {
    #""output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"abcdefgh"}]}]"#
  }

  private static func stream(_ events: [String]) -> String {
    events.map { "data: \($0)\n\n" }.joined()
  }
}
