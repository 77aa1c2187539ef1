import GatewayTypes
import HTTP
import HTTPServer
import JSON
import Reactor

/// A streamed chat completion with the chunks that OpenAI sends, at an even pace.
///
/// A request asks for it with `"stream": true` and says with `"mock": {"chunks", "interval_us"}` how many
/// chunks of text are to come and how many microseconds apart. The role and the first text come at once,
/// then each text by itself, then what closes the stream. A chunk with the usage is sent when the request
/// asks for it.
struct MockStream {
  private let count: Int
  private let interval: Duration
  private let hasUsage: Bool

  /// Nil when the request does not ask for a stream.
  init?(askedFor body: [UInt8]) {
    guard let document = try? JSONDocument(parsing: body),
      let isStream = document.member("stream", of: document.root), document.kind(of: isStream) == .true
    else { return nil }
    let pace = document.member("mock", of: document.root)
    func number(_ name: StaticString) -> Int? {
      pace.flatMap { document.member(name, of: $0) }.flatMap { document.int($0) }
    }
    count = max(1, number("chunks") ?? 16)
    interval = .microseconds(max(0, number("interval_us") ?? 0))
    let options = document.member("stream_options", of: document.root)
    let asked = options.flatMap { document.member("include_usage", of: $0) }
    hasUsage = asked.map { document.kind(of: $0) == .true } ?? false
  }

  func play(to writer: ResponseWriter, on loop: EventLoop) async {
    let began = MonotonicTime.now()
    var fields = ResponseFields()
    fields.add("Content-Type", "text/event-stream; charset=utf-8" as StaticString)
    fields.add("Cache-Control", "no-cache" as StaticString)
    await writer.beginStream(status: 200, fields: fields)
    let text = hasUsage ? Self.textBesideUsage : Self.text
    await writer.write(Self.role + text)
    for index in 1..<max(2, count) where index < count {
      // Counted from the beginning, so that a late chunk does not delay the ones behind it.
      if interval > .zero { await Pause(on: loop).wait(until: began + interval * index) }
      guard !writer.isClientGone else { return await writer.endStream(isComplete: false) }
      await writer.write(text)
    }
    await writer.write(Self.finish + (hasUsage ? usage : []) + Self.done)
    await writer.endStream()
  }

  /// A chunk's bytes: what all have, and the rest.
  private static func chunk(_ choices: String, _ rest: String = "") -> [UInt8] {
    Array(
      """
      data: {"id":"chatcmpl-CfXyZ0123456789abcdefghij","object":"chat.completion.chunk","created":1763715600,\
      "model":"mock-model","service_tier":"default","system_fingerprint":"fp_0123456789",\
      "choices":[\(choices)]\(rest)}\n\n
      """.utf8)
  }

  private static func delta(_ delta: String, finish: String = "null") -> String {
    #"{"index":0,"delta":{\#(delta)},"logprobs":null,"finish_reason":\#(finish)}"#
  }

  private static let role = chunk(delta(#""role":"assistant","content":"","refusal":null"#))
  private static let text = chunk(delta(#""content":" breaker""#))
  private static let textBesideUsage = chunk(delta(#""content":" breaker""#), #","usage":null"#)
  private static let finish = chunk(delta("", finish: #""stop""#))
  private static let done = Array("data: [DONE]\n\n".utf8)

  private var usage: [UInt8] {
    Self.chunk(
      "",
      #","usage":{"prompt_tokens":19,"completion_tokens":\#(count),"total_tokens":\#(19 + count),"#
        + #""prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}"#)
  }
}
