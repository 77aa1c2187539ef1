import Foundation
import TestSupport
import Testing

/// Streams from one vendor's form to another's that go wrong at every one of their bytes. Where they end
/// quietly, nothing but what the stream says tells a part from the whole.
@Suite struct TranslatedStreamTests {
  /// The form in which the caller asks and reads.
  enum Surface: String {
    case generate = "/generate"
    case chat = "/v1/chat/completions"
    case responses = "/v1/responses"
    case messages = "/v1/messages"

    func body(_ text: String) -> String {
      let messages = #""messages":[{"role":"user","content":"\#(text)"}]"#
      return switch self {
      case .generate: #"{"stream":true,"prompt":"\#(text)"}"#
      case .chat: #"{"stream":true,"model":"auto",\#(messages)}"#
      case .responses: #"{"stream":true,"model":"auto","input":"\#(text)"}"#
      case .messages: #"{"stream":true,"model":"auto","max_tokens":50,\#(messages)}"#
      }
    }

    /// What only a whole answer has.
    var end: String {
      switch self {
      case .generate, .chat: "data: [DONE]"
      case .responses: "\"type\":\"response.completed\""
      case .messages: "\"type\":\"message_stop\""
      }
    }
  }

  /// The form in which the provider answers.
  enum Kind: String {
    case openai, anthropic, gemini

    /// "Hi you", as short as can be.
    var bytes: [UInt8] {
      switch self {
      case .openai: EventStream.chat(["Hi", " you"]).bytes
      case .gemini:
        EventStream([
          #"{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}"#,
          #"{"candidates":[{"content":{"parts":[{"text":" you"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":6,"totalTokenCount":15}}"#,
        ]).bytes
      case .anthropic:
        EventStream([
          #"{"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":9,"output_tokens":1}}}"#,
          #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
          #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" you"}}"#,
          #"{"type":"content_block_stop","index":0}"#,
          #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":6}}"#,
          #"{"type":"message_stop"}"#,
        ]).bytes
      }
    }

    /// This vendor's way to say in a stream that it failed.
    var errorEvent: String {
      switch self {
      case .openai: StreamBreak.openAIError
      case .anthropic:
        "event: error\n"
          + #"data: {"type":"error","error":{"type":"overloaded_error","message":"oops"}}"#
      case .gemini: #"data: {"error":{"code":503,"message":"oops","status":"UNAVAILABLE"}}"#
      }
    }

    /// With so many bytes the first token is there.
    var tokenEnd: Int {
      let token = bytes.firstRange(of: Array("Hi".utf8))?.lowerBound ?? 0
      return bytes[token...].firstRange(of: Array("\n\n".utf8))?.upperBound ?? 0
    }
  }

  @Test(
    "wherever a stream ends quietly, the caller has the whole answer or an error, and the ledger says which",
    arguments: [
      (Surface.chat, Kind.anthropic), (.chat, .gemini), (.messages, .anthropic), (.messages, .openai),
      (.responses, .openai), (.generate, .openai), (.generate, .gemini),
    ])
  func quietEnds(surface: Surface, kind: Kind) throws {
    try everyPosition(.quietEnd, surface, kind)
  }

  @Test(
    "wherever a stream breaks, the caller has the whole answer or an error, and the ledger says which",
    arguments: [StreamBreak.cut, .garbage, .errorEvent, .badFrame],
    [(Surface.chat, Kind.anthropic), (.responses, .gemini), (.messages, .openai)])
  func breaks(kind: StreamBreak, between: (surface: Surface, kind: Kind)) throws {
    try everyPosition(kind, between.surface, between.kind)
  }

  private func everyPosition(_ fault: StreamBreak, _ surface: Surface, _ kind: Kind) throws {
    let bytes = kind.bytes
    let tokenEnd = kind.tokenEnd
    let gates = bytes.indices.map { _ in Gate() } + [Gate()]
    let first = try FaultyProvider { request in
      // Wherever that form has the question.
      let question = String(decoding: request.body, as: UTF8.self).split(separator: "at position ")
      let position = Int(question.last?.prefix { $0.isNumber } ?? "") ?? 0
      guard position >= tokenEnd else {
        return fault.reply(Array(bytes[..<position]), nil, [], errorEvent: kind.errorEvent)
      }
      // What follows the first token is sent when the caller has that.
      return fault.reply(
        Array(bytes[..<tokenEnd]), gates[position], Array(bytes[tokenEnd..<position]),
        errorEvent: kind.errorEvent)
    }
    let second = try FaultyProvider(always: .stream(.chat(["The second."])))
    let configuration = Configuration.of(
      Configuration.provider("first", first.url, "kind: \(kind.rawValue)"),
      Configuration.provider("second", second.url), sections: BrokenStreamTests.unmoved)
    try withGateway(configuration) { gateway throws in
      let answers = try onThreads(bytes.count + 1, width: 16) { position in
        let client = try gateway.connect()
        let body = surface.body("at position \(position) ")
        try client.send(GatewayProcess.message("POST", surface.rawValue, body))
        return try client.responseOrPart { gates[position].open() }
      }
      let lines = gateway.ledger(waitingFor: answers.count)
      #expect(lines.count == answers.count)
      let linesByID = Dictionary(grouping: lines) { $0["id"].string ?? "" }
      for (position, answer) in answers.enumerated() {
        let own = linesByID[answer.response.header("x-request-id") ?? ""] ?? []
        #expect(own.count == 1, "at \(position)")
        check(answer.response, answer.isComplete, own.first ?? .null, surface, "at \(position)")
      }
      // Gemini's streams have no last word: nothing but the end of the body says that they are whole.
      let isWhole = fault == .quietEnd || kind != .gemini
      #expect(answers.last?.isComplete == isWhole && lines.contains { $0["status"] == "partial" })
      let last = linesByID[answers.last?.response.header("x-request-id") ?? ""]?.first
      #expect(last?["total_tokens"] == 15)
    }
  }

  private func check(
    _ response: RawResponse, _ isComplete: Bool, _ line: JSONValue, _ surface: Surface, _ position: String
  ) {
    let place: Comment = "\(position): \(response.text)"
    #expect(response.status == 200, place)
    #expect(response.text.contains(surface.end) == isComplete, place)
    #expect((line["cost_usd"].amount ?? 0) > 0, place)
    if response.header("x-tollgate-provider") == "second" {
      #expect(isComplete && response.text.contains("The second."), place)
      #expect(line["status"] == "success" && line["fallbacks"] == ["first"], place)
    } else if isComplete {
      #expect(response.text.contains("Hi") && response.text.contains(" you"), place)
      #expect(line["status"] == "success", place)
    } else {
      #expect(response.text.contains("Hi") && response.text.contains("broke off"), place)
      #expect(line["status"] == "partial", place)
    }
  }
}
