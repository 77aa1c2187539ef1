import JSON
import Providers
import Testing

/// Bodies with a byte changed here and there: whatever is read of them, what is written is JSON.
@Suite("Translation of damaged bodies")
struct TranslationMutationTests {
  private static let requests: [(surface: Surface, body: String)] = [
    (
      .openAIChat,
      #"{"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"a\n"},{"type":"image_url","image_url":{"url":"data:image\/png;base64,AA=="}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"4"}],"stop":["x"],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"tool_choice":"auto","temperature":0.5}"#
    ),
    (
      .anthropicMessages,
      #"{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"a\"b"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":"\u00e9"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"4"}]}],"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"any"},"max_tokens":9}"#
    ),
    (
      .openAIResponses,
      #"{"instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"4"}],"text":{"format":{"type":"json_object"}},"reasoning":{"effort":"low"}}"#
    ),
    (.openAICompletions, #"{"prompt":["a"],"stop":"b","seed":1}"#),
  ]

  private static let answers: [(format: UpstreamFormat, body: String)] = [
    (
      .openAIChat,
      #"{"choices":[{"message":{"content":"a\n","reasoning_content":"b","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":6}}"#
    ),
    (
      .anthropicMessages,
      #"{"content":[{"type":"text","text":"a\n"},{"type":"tool_use","id":"t","name":"f","input":{"a":"\u00e9"}}],"stop_reason":"stop_sequence","stop_sequence":"x","usage":{"input_tokens":9,"output_tokens":6}}"#
    ),
    (
      .gemini,
      #"{"candidates":[{"content":{"parts":[{"text":"a\n"},{"functionCall":{"name":"f","args":{"a":"b"}},"thoughtSignature":"s"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":6},"responseId":"r"}"#
    ),
  ]

  private static let replacements = Array(#"\"{}[],:0 x"#.utf8) + [0x00, 0xC3]

  /// Every byte of `body`, changed to one of the replacements after the other.
  private func mutations(of body: String) -> [[UInt8]] {
    let bytes = Array(body.utf8)
    return bytes.indices.map { index in
      var mutation = bytes
      mutation[index] = Self.replacements[index % Self.replacements.count]
      return mutation
    }
  }

  private func request(_ body: [UInt8], _ surface: Surface) -> ChatRequest? {
    try? ProvidersTests.request(String(decoding: body, as: UTF8.self), surface)
  }

  @Test("requests", arguments: 0..<4)
  func requests(index: Int) throws {
    let (surface, body) = Self.requests[index]
    var count = 0
    for mutation in mutations(of: body) {
      guard let request = request(mutation, surface) else { continue }
      for format in [UpstreamFormat(for: surface, family: .openAI), .anthropicMessages, .gemini] {
        let body = try? UpstreamBody.bytes(
          for: request, format: format, model: "gemini-3", maxTokens: 5, isStreaming: true)
        guard let body else { continue }
        _ = try JSONDocument(parsing: body)
        count += 1
      }
    }
    #expect(count > 10)
  }

  @Test("answers, whole and streamed", arguments: 0..<3)
  func answers(index: Int) throws {
    let (format, body) = Self.answers[index]
    var count = 0
    for mutation in mutations(of: body) {
      guard let answer = try? AnswerReader.answer(from: mutation, format: format, input: InputSize()) else {
        continue
      }
      for surface in [Surface.openAIChat, .anthropicMessages, .openAIResponses, .openAICompletions] {
        let text = surface == .openAICompletions ? #"{"prompt":"x"}"# : #"{"messages":[{}],"input":"x"}"#
        let request = try ProvidersTests.request(text, surface)
        let body = AnswerWriter.body(
          of: answer, for: request, identity: AnswerIdentity(id: "r", model: "m", created: 7))
        _ = try JSONDocument(parsing: body)
        count += 1
      }
    }
    #expect(count > 10)
  }
}
