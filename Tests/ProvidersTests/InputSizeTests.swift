import JSON
import Providers
import Testing

/// What of a request a provider charges, and what bounds it.
@Suite struct InputSizeTests {
  private static let base64 = String(repeating: "QUJD", count: 25_000)

  private func size(_ body: String, _ surface: Surface) throws -> InputSize {
    try ProvidersTests.request(body, surface).inputSize
  }

  private func chat(_ part: String) throws -> InputSize {
    try size(#"{"messages":[{"role":"user","content":[\#(part)]}]}"#, .openAIChat)
  }

  @Test(
    "an image counts as an image, whatever its encoded size",
    arguments: [
      #"{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}"#,
      #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(base64)"}}"#,
      #"{"type":"input_image","image_url":"data:image/png;base64,\#(base64)"}"#,
      #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"\#(base64)"}}"#,
      #"{"type":"image","source":{"type":"file","file_id":"f"}}"#,
    ])
  func images(part: String) throws {
    let size = try chat(part)
    #expect(size.imageCount == 1)
    #expect(size.openEnds.isEmpty)
    #expect(size.characters.byteCount < 100)
    #expect(TokenEstimate.tokens(in: size) < 1_000)
    #expect(TokenEstimate.upperBound(of: size, tokensPerImage: 1_600) < 2_000)
  }

  @Test("a sound's bytes bound its tokens, and are no text")
  func sounds() throws {
    let size = try chat(#"{"type":"input_audio","input_audio":{"data":"\#(Self.base64)","format":"mp3"}}"#)
    #expect(size.openEnds.isEmpty)
    #expect(TokenEstimate.tokens(in: size) < 200)
    #expect(TokenEstimate.upperBound(of: size) > Self.base64.utf8.count)
  }

  @Test(
    "nothing in the request bounds a file, and its bytes are no text",
    arguments: [
      #"{"type":"file","file":{"file_data":"data:application/pdf;base64,\#(base64)","filename":"a.pdf"}}"#,
      #"{"type":"input_file","file_id":"f"}"#,
      #"{"type":"input_file","file_url":"https://example.org/a.pdf"}"#,
      #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"\#(base64)"}}"#,
      #"{"type":"document","source":{"type":"url","url":"https://example.org/a.pdf"}}"#,
      #"{"type":"something_new","data":"x"}"#, #"{"type":"file","text":"x","file":{"file_id":"f"}}"#,
      #"{"type":"text","text":"x","type":"file","file":{"file_id":"f"}}"#,
    ])
  func files(part: String) throws {
    let size = try chat(part)
    #expect(size.openEnds == .file)
    #expect(size.characters.byteCount < 50)
    #expect(TokenEstimate.tokens(in: size) < 10_000)
  }

  @Test("a document that is text counts as text")
  func plainDocument() throws {
    let part =
      #"{"type":"document","source":{"type":"text","media_type":"text/plain","data":"\#(Self.base64)"}}"#
    let size = try chat(part)
    #expect(size.openEnds.isEmpty)
    #expect(size.characters.byteCount > Self.base64.utf8.count)
  }

  @Test(
    "what is kept at the provider has no bound",
    arguments: [
      #"{"input":"x","previous_response_id":"r"}"#, #"{"input":"x","conversation":"c"}"#,
      #"{"input":"x","prompt":{"id":"p"}}"#, #"{"input":[{"type":"item_reference","id":"i"}]}"#,
    ])
  func stored(body: String) throws {
    #expect(try size(body, .openAIResponses).openEnds == .stored)
  }

  @Test(
    "tools that the provider runs have no bound",
    arguments: [
      (#"{"input":"x","tools":[{"type":"web_search"}]}"#, Surface.openAIResponses),
      (#"{"input":"x","tools":[{"type":"mcp","server_label":"s"}]}"#, .openAIResponses),
      (#"{"messages":[{"role":"user","content":"x"}],"web_search_options":{}}"#, .openAIChat),
      (
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#,
        .anthropicMessages
      ),
      (
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"mcp_servers":[{"type":"url"}]}"#,
        .anthropicMessages
      ),
    ])
  func hosted(body: String, surface: Surface) throws {
    #expect(try size(body, surface).openEnds == .hostedTool)
  }

  @Test(
    "tools that the caller runs are bounded by their definitions, with the text that a vendor puts around them",
    arguments: [
      (
        #"{"input":"x","tools":[{"type":"function","name":"f","parameters":{}}]}"#, Surface.openAIResponses,
        1_024
      ),
      (
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}}]}"#,
        .anthropicMessages, 1_024
      ),
      (
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"type":"text_editor_20250728","name":"e"}]}"#,
        .anthropicMessages, 3_072
      ),
    ])
  func tools(body: String, surface: Surface, least: Int) throws {
    let size = try size(body, surface)
    #expect(size.openEnds.isEmpty)
    #expect(TokenEstimate.upperBound(of: size) > least + size.toolBytes)
  }

  @Test("what Anthropic's own tools found earlier is read as text")
  func serverToolResults() throws {
    let size = try chat(
      #"{"type":"web_search_tool_result","tool_use_id":"t","content":[{"encrypted_content":"abc"}]}"#)
    #expect(size.openEnds.isEmpty)
    #expect(size.characters.byteCount > 20)
  }
}
