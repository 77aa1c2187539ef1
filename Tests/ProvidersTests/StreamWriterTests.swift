import JSON
import Providers
import Testing

@Suite("StreamWriter")
struct StreamWriterTests {
  private static let stream =
    #"data: {"choices":[{"delta":{"content":"Hi \"é\""}}]}"# + "\n\n"
    + #"data: {"choices":[{"delta":{"content":"\n"}}]}"# + "\n\n"
    + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"

  @Test("the native surface gets pieces of text, the whole answer and [DONE]")
  func generate() throws {
    #expect(
      translated(Self.stream, .openAIChat, for: try request(#"{"prompt":"x","stream":true}"#))
        == #"data: {"delta":"Hi \"é\""}"# + "\n\n" + #"data: {"delta":"\n"}"# + "\n\n"
        + #"data: {"status":"success"}"# + "\n\ndata: [DONE]\n\n")
  }

  @Test("a stream that broke off ends with an error and without [DONE]")
  func error() throws {
    let stream = String(Self.stream.prefix(60))
    let output = translated(stream, .openAIChat, for: try request(#"{"prompt":"x","stream":true}"#))
    #expect(
      output.hasSuffix(
        #"data: {"error":{"message":"it broke","type":"server_error","code":"x","param":null,"request_id":"req_1"},"status":"error"}"#
          + "\n\n"))
    #expect(!output.contains("[DONE]"))
  }
}
