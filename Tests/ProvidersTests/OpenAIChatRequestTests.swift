import JSON
import Providers
import Testing

@Suite("ChatRequest of OpenAI's chat completions")
struct OpenAIChatRequestTests {
  private func chat(_ body: String) throws(RequestError) -> ChatRequest {
    try ChatRequest(openAIChat: RequestBody.object(from: Array(body.utf8)))
  }

  @Test("reads what the gateway acts on")
  func everything() throws {
    let request = try chat(
      #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream":true,"n":3,"user":"u","#
        + #""stream_options":{"include_usage":true},"max_tokens":7,"max_completion_tokens":9,"tools":[{"type":"function"}]}"#
    )
    #expect(request.surface == .openAIChat)
    #expect(request.model == "gpt-4o")
    #expect(request.isStreaming)
    #expect(request.wantsUsageInStream)
    #expect(request.choiceCount == 3)
    #expect(request.userID == "u")
    #expect(request.maxTokens == 9)
    #expect(request.needs == .tools)
    #expect(text(request.lastUserText()) == "Hi")
    // The definitions of the tools are read by the model too.
    #expect(request.inputSize.characters.byteCount == 2)
    #expect(request.inputSize.toolBytes == #"[{"type":"function"}]"#.utf8.count)
  }

  @Test("leaves open what is absent, and does not judge what it does not act on")
  func lenient() throws {
    let request = try chat(
      #"{"messages":[{"role":"new role","content":7}],"tools":[],"temperature":"hot","stop":{},"safety_identifier":"s"}"#
    )
    #expect(request.model == "auto")
    #expect(!request.isStreaming)
    #expect(request.maxTokens == nil)
    #expect(request.choiceCount == 1)
    #expect(request.needs == [])
    #expect(request.userID == "s")
  }

  @Test("an image needs a provider that sees", arguments: ["image_url", "input_image", "image"])
  func images(type: String) throws {
    let request = try chat(
      #"{"messages":[{"role":"user","content":[{"type":"\#(type)","image_url":{"url":"u"}}]}]}"#)
    #expect(request.needs == .images)
    #expect(request.inputSize.imageCount == 1)
  }

  @Test(
    "names the field that is wrong",
    arguments: [
      ("{}", "messages"), (#"{"messages":"x"}"#, "messages"), (#"{"messages":[]}"#, "messages"),
      (#"{"messages":["x"]}"#, "messages[0]"), (#"{"messages":[{},null]}"#, "messages[1]"),
      (#"{"messages":[{}],"model":7}"#, "model"), (#"{"messages":[{}],"stream":"yes"}"#, "stream"),
      (#"{"messages":[{}],"stream_options":true}"#, "stream_options"),
      (#"{"messages":[{}],"stream_options":{"include_usage":1}}"#, "stream_options.include_usage"),
      (#"{"messages":[{}],"max_tokens":0}"#, "max_tokens"),
      (#"{"messages":[{}],"max_tokens":1.5}"#, "max_tokens"),
      (#"{"messages":[{}],"max_completion_tokens":"9"}"#, "max_completion_tokens"),
      (#"{"messages":[{}],"n":0}"#, "n"), (#"{"messages":[{}],"n":129}"#, "n"),
      (#"{"messages":[{}],"user":{}}"#, "user"),
      (#"{"messages":[{}],"tools":{}}"#, "tools"), (#"{"messages":[{}],"functions":1}"#, "functions"),
    ])
  func refused(body: String, param: String) {
    #expect { try chat(body) } throws: { ($0 as? RequestError)?.param == param }
  }
}
