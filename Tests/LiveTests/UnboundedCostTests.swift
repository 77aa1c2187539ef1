import Foundation
import TestSupport
import Testing

/// Requests whose cost nothing bounds, under a budget and without.
@Suite struct UnboundedCostTests {
  private static let image = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}"#
  private static let file = #"{"type":"file","file":{"file_id":"f"}}"#
  private static let budget = "budgets: {per_user_usd: 1.00}"

  private static func body(_ part: String, _ more: String = "") -> String {
    #"{"user":"u","max_tokens":10,"messages":[{"role":"user","content":[{"type":"text","text":"What?"},\#(part)]}]\#(more)}"#
  }

  private func ask(_ body: String, _ sections: String, _ keys: String...) throws -> (RawResponse, asked: Int)
  {
    let provider = try FaultyProvider(always: .answer())
    let entry = Configuration.provider("first", provider.url) + keys.map { "    \($0)\n" }.joined()
    return try withGateway(Configuration.of(entry, sections: sections)) { gateway throws in
      (try gateway.send("POST", GatewayProcess.chatPath, body), provider.requests.count)
    }
  }

  @Test(
    "under a budget it is 402 with the key that mends it, and nobody is asked",
    arguments: [
      (body(image), "max_image_tokens"), (body(file), "context_window"),
      (body(image, #","web_search_options":{}"#), "leave it out"),
    ])
  func refused(body: String, words: String) throws {
    let (response, asked) = try ask(body, Self.budget)
    #expect(response.status == 402)
    #expect(response.errorCode == "cost_unbounded")
    #expect(response.errorMessage.contains(words))
    #expect(asked == 0)
  }

  @Test(
    "with that key it is served",
    arguments: [
      (body(image), "max_image_tokens: 1500"), (body(image), "context_window: 100000"),
      (body(file), "context_window: 100000"),
    ])
  func served(body: String, key: String) throws {
    let (response, asked) = try ask(body, Self.budget, key)
    #expect(response.status == 200)
    #expect(asked == 1)
  }

  @Test("what the key says is what is reserved")
  func reserved() throws {
    // 1.10 USD per million: a million tokens do not fit into 1.00.
    let (response, asked) = try ask(Self.body(Self.image), Self.budget, "max_image_tokens: 1000000")
    #expect(response.status == 402)
    #expect(response.errorCode == "budget_exceeded")
    #expect(asked == 0)
  }

  @Test("without a budget it is served as it is", arguments: [image, file])
  func noBudget(part: String) throws {
    let (response, asked) = try ask(Self.body(part), "")
    #expect(response.status == 200)
    #expect(asked == 1)
  }

  @Test("a provider at which it is bounded is asked in place of one at which it is not")
  func another() throws {
    let first = try FaultyProvider(always: .answer())
    let second = try FaultyProvider(always: .answer())
    let configuration = Configuration.of(
      Configuration.provider("first", first.url),
      Configuration.provider("second", second.url, "max_image_tokens: 1500"), sections: Self.budget)
    try withGateway(configuration) { gateway throws in
      #expect(try gateway.send("POST", GatewayProcess.chatPath, Self.body(Self.image)).status == 200)
      #expect(first.requests.isEmpty)
      #expect(second.requests.count == 1)
    }
  }
}
