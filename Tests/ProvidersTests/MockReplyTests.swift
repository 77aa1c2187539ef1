import GatewayTypes
import JSON
import Providers
import Testing

@Suite("MockReply")
struct MockReplyTests {
  private func decoded(_ answer: ChatAnswer) throws -> String? {
    let document = try JSONDocument(parsing: Array("\"".utf8) + answer.escapedText + Array("\"".utf8))
    return document.string(document.root)
  }

  @Test("says that no model was asked and repeats the prompt's start")
  func defaultReply() throws {
    let prompt = String(repeating: "a", count: 300)
    let answer = MockReply.answer(to: try request(#"{"prompt":"\#(prompt)"}"#), reply: nil, maxTokens: nil)
    let reply = try #require(try decoded(answer))
    #expect(reply.contains("demo provider"))
    #expect(reply.contains("no real model was asked"))
    #expect(reply.hasSuffix(String(repeating: "a", count: 200) + "…"))
    #expect(answer.finishReason == "stop")
  }

  @Test("gives the configured reply, with counts of its own")
  func configured() throws {
    let request = try request(#"{"prompt":"abcd"}"#)
    let answer = MockReply.answer(to: request, reply: "say \"é\"\n", maxTokens: 100)
    #expect(try decoded(answer) == "say \"é\"\n")
    #expect(answer.usage.uncachedInput == 5)
    #expect(answer.usage.output == 3)
    #expect(!answer.usage.isEstimated)
  }

  @Test("never passes the bound of tokens", arguments: [1, 2, 3, 7, 20])
  func bounded(maxTokens: Int) throws {
    let request = try request(#"{"prompt":"x"}"#)
    for reply in [nil, "😀😀😀漢字漢字 and so on, and so on", "ééééééééééééééééééééé"] {
      let answer = MockReply.answer(to: request, reply: reply, maxTokens: maxTokens)
      #expect(answer.usage.output <= maxTokens)
      if answer.usage.output == maxTokens || answer.escapedText.isEmpty { continue }
      // An emoji may be three tokens, and none is cut in two.
      #expect(maxTokens - answer.usage.output <= 2 || answer.finishReason == "stop")
    }
    #expect(MockReply.answer(to: request, reply: nil, maxTokens: 3).finishReason == "length")
  }
}
