import GatewayTypes
import JSON
import Providers
import Testing

/// Streams of providers that write more than they were told.
@Suite struct StreamLimitTests {
  private static let piece = "abcd"
  private static let limit = 20

  /// A stream of `count` pieces in `format`, without an end.
  private static func stream(_ count: Int, _ format: UpstreamFormat, piece: String = piece) -> String {
    switch format {
    case .openAIChat:
      return String(
        repeating: "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(piece)\"}}]}\n\n",
        count: count)
    case .openAICompletions:
      return String(repeating: "data: {\"choices\":[{\"index\":0,\"text\":\"\(piece)\"}]}\n\n", count: count)
    case .anthropicMessages:
      let start =
        #"data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":9,"output_tokens":1}}}"#
        + "\n\n"
        + #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
      let delta =
        #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(piece)"}}"#
      return start + "\n\n" + String(repeating: delta + "\n\n", count: count)
    case .gemini:
      return String(
        repeating:
          "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\(piece)\"}]}}]}\n\n",
        count: count)
    case .openAIResponses, .openAIEmbeddings: return ""
    }
  }

  /// What the caller of `surface` gets of the stream, and what is charged.
  private func cut(_ stream: String, _ format: UpstreamFormat, for body: String, _ surface: Surface) throws
    -> (text: String, usage: TokenUsage, wasCut: Bool)
  {
    let request = try request(body, surface)
    var reader = StreamReader(
      format: format, passesThrough: format.passesThrough(surface), outputLimit: Self.limit)
    var writer = StreamWriter(
      for: request, format: format, identity: AnswerIdentity(id: "req_1", model: "m", created: 7))
    var events: [StreamEvent] = []
    // All at once, as from a fast provider: no event behind the cut is passed on.
    reader.read(Array(stream.utf8).span, into: &events)
    var output: [UInt8] = []
    for event in events { writer.write(event, to: &output) }
    let usage = reader.usage(input: request.inputSize)
    if reader.isComplete {
      writer.finish(usage: usage, summary: Array(#"{"finish_reason":"length"}"#.utf8), to: &output)
    }
    return (text(output), usage, reader.wasCut)
  }

  private static let chatBody =
    #"{"messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}"#
  private static let messageBody = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#

  @Test(
    "a stream past its bound ends as one that has reached it, in the caller's form",
    arguments: [
      (UpstreamFormat.openAIChat, Surface.openAIChat, chatBody, #""finish_reason":"length""#, "data: [DONE]"),
      (
        .openAICompletions, .openAICompletions, #"{"prompt":"x"}"#, #""finish_reason":"length""#,
        "data: [DONE]"
      ),
      (
        .anthropicMessages, .anthropicMessages, messageBody, #""stop_reason":"max_tokens""#,
        #"data: {"type":"message_stop"}"#
      ),
      (.anthropicMessages, .openAIChat, chatBody, #""finish_reason":"length""#, "data: [DONE]"),
      (
        .openAIChat, .anthropicMessages, messageBody, #""stop_reason":"max_tokens""#,
        #"data: {"type":"message_stop"}"#
      ),
      (.gemini, .openAIChat, chatBody, #""finish_reason":"length""#, "data: [DONE]"),
      (.openAIChat, .generate, #"{"prompt":"x"}"#, #""finish_reason":"length""#, "data: [DONE]"),
    ])
  func everyForm(format: UpstreamFormat, surface: Surface, body: String, reason: String, end: String) throws {
    let (output, usage, wasCut) = try cut(Self.stream(1_000, format), format, for: body, surface)
    #expect(wasCut)
    #expect(output.components(of: Self.piece) == Self.limit + 1)
    #expect(output.components(of: reason) == 1)
    #expect(output.hasSuffix(end + "\n\n"))
    #expect(usage.output == Self.limit)
    #expect(usage.isEstimated)
  }

  @Test("a message that passes through has its open block closed, once")
  func block() throws {
    let (output, _, _) = try cut(
      Self.stream(1_000, .anthropicMessages), .anthropicMessages, for: Self.messageBody, .anthropicMessages)
    #expect(output.components(of: #"{"type":"content_block_stop","index":0}"#) == 1)
    #expect(output.components(of: #""output_tokens":20"#) == 1)
  }

  @Test("a stream that passes through has its usage at the end, and no second role")
  func usage() throws {
    let (output, _, _) = try cut(
      Self.stream(1_000, .openAIChat), .openAIChat, for: Self.chatBody, .openAIChat)
    #expect(output.components(of: #""completion_tokens":20"#) == 1)
    #expect(output.components(of: "role") == 0)
  }

  @Test("a provider that keeps to the bound is not cut, whether its tokens are long or short")
  func honest() throws {
    // Each token is as long as four usual ones.
    let short = Self.stream(Self.limit, .openAIChat, piece: "abcdefghijklmnop")
    #expect(try cut(short, .openAIChat, for: Self.chatBody, .openAIChat).wasCut == false)
    let tiny = Self.stream(3 * Self.limit, .openAIChat, piece: "a")
    #expect(try cut(tiny, .openAIChat, for: Self.chatBody, .openAIChat).wasCut == false)
  }

  @Test("a provider that sends much at once is cut when it is far past the bound")
  func packed() throws {
    let packed = Self.stream(3, .openAIChat, piece: String(repeating: "abcd", count: 100))
    #expect(try cut(packed, .openAIChat, for: Self.chatBody, .openAIChat).wasCut)
  }

  @Test("a provider that says that it has counted more is cut, and charged what it says")
  func stated() throws {
    let chunk =
      #"data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":21,"total_tokens":26}}"#
    let (output, usage, wasCut) = try cut(chunk + "\n\n", .openAIChat, for: Self.chatBody, .openAIChat)
    #expect(wasCut)
    #expect(output.components(of: #""finish_reason":"length""#) == 1)
    #expect(usage == TokenUsage(uncachedInput: 5, output: 21))
  }

  @Test("an answer that has stopped by itself is not cut")
  func finished() throws {
    let finish =
      #"data: {"choices":[{"index":0,"delta":{"content":"\#(String(repeating: "a", count: 900))"},"finish_reason":"stop"}]}"#
    let (output, _, wasCut) = try cut(
      finish + "\n\ndata: [DONE]\n\n", .openAIChat, for: Self.chatBody, .openAIChat)
    #expect(!wasCut)
    #expect(output.components(of: #""length""#) == 0)
  }
}

extension String {
  /// How often `part` is in it.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
