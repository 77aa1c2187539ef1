import Foundation
import TestSupport
import Testing

/// Budgets and streams: what is set aside, what is settled, and who is refused.
@Suite struct StreamBudgetTests {
  /// A provider that uses as many tokens as it may, up to 40, and always 9 of the prompt's.
  private static func frugalProvider() throws -> FaultyProvider {
    try FaultyProvider { request in
      let bound = request.json["max_tokens"].number.map { NSDecimalNumber(decimal: $0).intValue } ?? 100_000
      let used = min(bound, 40)
      let usage =
        #"{"prompt_tokens":9,"completion_tokens":\#(used),"total_tokens":\#(9 + used)}"#
      guard request.json["stream"] == true else { return .answer(usage: usage) }
      let stream = EventStream.chat(usage: usage)
      // Every fifth breaks off.
      return request.index % 5 == 4
        ? .chunked(Array(stream.packets[..<3]), isComplete: false) : .stream(stream)
    }
  }

  @Test(
    "under a budget a stream is given a bound that the budget pays for", arguments: [nil, 30, 100_000_000])
  func bound(asked: Int?) throws {
    let provider = try FaultyProvider(always: .stream())
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "budgets: {per_user_usd: 0.01}")
    try withGateway(configuration) { gateway throws in
      let members = #""user":"u""# + (asked.map { #","max_tokens":\#($0)"# } ?? "")
      #expect(try gateway.chatStream("What?", members).isComplete)
      let bound = try #require(provider.requests.first?.json["max_tokens"].number)
      // 0.01 USD at 2.30 USD per million.
      #expect(bound > 0 && bound <= 4_347)
      if asked == 30 { #expect(bound == 30) }
    }
  }

  @Test("a stream that no budget is for goes as it is")
  func noBudget() throws {
    let provider = try FaultyProvider(always: .stream())
    try withGateway(Configuration.of(Configuration.provider("first", provider.url))) { gateway throws in
      #expect(try gateway.chatStream().isComplete)
      #expect(provider.requests.first?.json.keys == ["model", "stream", "stream_options", "messages"])
    }
  }

  @Test("a budget that is used up is 402, for streams too, and only for its user")
  func usedUp() throws {
    let provider = try Self.frugalProvider()
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url), sections: "budgets: {per_user_usd: 0.002}")
    try withGateway(configuration) { gateway throws in
      var statuses: [Int] = []
      while statuses.last != 402, statuses.count < 100 {
        statuses.append(try gateway.chatStream("What?", #""user":"alice""#).response.status)
      }
      #expect(statuses.count > 1 && statuses.last == 402)
      let asked = provider.requests.count
      let (refusal, _) = try gateway.chatStream("What?", #""user":"alice""#)
      #expect(refusal.status == 402)
      #expect(refusal.errorCode == "budget_exceeded")
      #expect(refusal.json["error"]["type"] == "insufficient_quota")
      #expect(provider.requests.count == asked)
      #expect(try gateway.chatStream("What?", #""user":"bob""#).response.status == 200)
    }
  }

  @Test("fifty callers at once, streamed and not, never pass the budget together")
  func neverPassed() throws {
    let provider = try Self.frugalProvider()
    let budget = Decimal(string: "0.004")!
    let configuration = Configuration.of(
      Configuration.provider("first", provider.url),
      sections: BrokenStreamTests.unmoved + "\nbudgets: {per_user_usd: 0.004}")
    try withGateway(configuration) { gateway throws in
      let ask: @Sendable (Int) throws -> (response: RawResponse, isComplete: Bool) = { index in
        let client = try gateway.connect()
        // Some leave the bound to the gateway, which then sets everything aside that is left.
        let members = #""user":"u""# + (index % 10 == 9 ? "" : #","max_tokens":50"#)
        let body = GatewayProcess.chatBody("What?", members, isStream: index % 2 == 0)
        try client.send(GatewayProcess.message("POST", GatewayProcess.chatPath, body))
        return try client.responseOrPart()
      }
      var answers = try onThreads(200, width: 50, ask)
      // 502: a stream that broke off in the packet of its first token.
      #expect(Set(answers.map(\.response.status)).union([502]) == [200, 402, 502])
      // What was set aside and not used is there again: one after the other may use it up.
      repeat {
        answers.append(try ask(answers.count))
      } while answers.last?.response.status != 402 && answers.count < 400
      let lines = gateway.ledger(waitingFor: answers.count)
      #expect(lines.count == answers.count)
      let sum = lines.reduce(Decimal(0)) { $0 + ($1["cost_usd"].amount ?? 1_000) }
      #expect(sum <= budget)
      // The bound of one call is what may be left over.
      #expect(sum > budget - Decimal(string: "0.0015")!)
      #expect(lines.count { $0["status"] == "partial" } == answers.count { !$0.isComplete })
      #expect(lines.count { $0["http_status"] == 402 } == answers.count { $0.response.status == 402 })
      #expect(try gateway.get("/stats").json["total_cost"].amount == sum)
      #expect(try gateway.provider("first")["in_flight"] == 0)
    }
  }
}
