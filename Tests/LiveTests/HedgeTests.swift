import Foundation
import TestSupport
import Testing

/// A second provider beside a slow one.
@Suite struct HedgeTests {
  /// The first has answered often and quickly before it is slow.
  private static let samples = 5

  private static func configuration(
    _ first: FaultyProvider, _ second: FaultyProvider?, after: String = "50ms", firstKeys: String = "",
    secondKeys: String = "", sections: String = ""
  ) -> String {
    let providers =
      Configuration.provider("first", first.url, firstKeys.isEmpty ? "retries: 0" : firstKeys)
      + (second.map {
        Configuration.provider("second", $0.url, secondKeys.isEmpty ? "retries: 0" : secondKeys)
      } ?? "")
    return "routing: {hedge: {after: \(after), min_samples: \(samples)}}\n\(sections)\nproviders:\n"
      + providers
  }

  /// What `attempts` says of each, and whether it was one of two.
  private func marks(_ response: RawResponse) -> [String] {
    response.json["attempts"].elements.map {
      "\($0["provider"].string ?? "?"): \($0["outcome"].string ?? "?")\($0["hedge"] == true ? ", hedge" : "")"
    }
  }

  /// The cost of a good answer of either provider: 9 tokens in, 6 out.
  private static let answerCost = Decimal(string: "0.0000237")!

  @Test("a slow first is joined by the next, whose answer is taken; the first is cancelled and paid for")
  func secondWins() throws {
    let first = try FaultyProvider(always: .silence)
    let second = try FaultyProvider(always: .answer("The second."))
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["response"] == "The second.")
      #expect(response.json["provider"] == "second")
      #expect(marks(response) == ["first: cancelled, hedge", "second: success, hedge"])
      #expect(eventually { first.hangUpCount == 1 })
      let lines = gateway.ledger()
      #expect(lines.count == 1)
      #expect(lines[0]["status"] == "success")
      #expect(lines[0]["provider"] == "second")
      #expect(lines[0]["attempts"] == 2)
      // A restart would take it for a failure of the first.
      #expect(lines[0]["fallbacks"] == [])
      let cost = try #require(lines[0]["cost_usd"].amount)
      #expect(cost > Self.answerCost, "what the first had read is charged as well")
      #expect(response.json["cost"].amount == cost)
      #expect(lines[0]["estimated"] == true)
      let entry = try gateway.provider("first")
      #expect(entry["circuit_status"] == "CLOSED")
      #expect(entry["in_flight"] == 0)
      #expect(entry["success_rate"] == 1)
    }
  }

  @Test("the first that answers after all is taken, and the second cancelled and paid for")
  func firstWins() throws {
    let gate = Gate()
    let first = try FaultyProvider(always: ProviderReply.answer("The first.").held(by: gate))
    let second = try FaultyProvider(always: ProviderReply([.open(gate), .silence]))
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["response"] == "The first.")
      #expect(response.header("x-tollgate-provider") == "first")
      #expect(marks(response) == ["first: success", "second: cancelled, hedge"])
      #expect(eventually { second.hangUpCount == 1 })
      #expect(try #require(gateway.ledger()[0]["cost_usd"].amount) > Self.answerCost)
      #expect(gateway.ledger()[0]["provider"] == "first")
      #expect(try gateway.provider("second")["in_flight"] == 0)
    }
  }

  @Test("one that answers in time is alone")
  func inTime() throws {
    let first = try FaultyProvider(always: .answer())
    let second = try FaultyProvider(always: .answer())
    try withGateway(Self.configuration(first, second, after: "30s")) { gateway throws in
      #expect(marks(try gateway.generate()) == ["first: success"])
      #expect(second.requests.isEmpty)
      #expect(gateway.ledger()[0]["cost_usd"].amount == Self.answerCost)
    }
  }

  @Test("nobody is hedged before there are enough of the provider's own times, and after that by those")
  func quantile() throws {
    let gate = Gate()
    let first = try FaultyProvider { request in
      switch request.index {
      case 0: ProviderReply.answer("Waited for.").held(by: gate)
      case 1...Self.samples: .answer()
      default: .silence
      }
    }
    let second = try FaultyProvider(always: .answer("The second."))
    try withGateway(Self.configuration(first, second, after: "p50")) { gateway throws in
      let waiting = try gateway.connect()
      try waiting.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      #expect(eventually { first.requests.count == 1 })
      for _ in 1...Self.samples { #expect(marks(try gateway.generate()) == ["first: success"]) }
      gate.open()
      #expect(try waiting.response().json["response"] == "Waited for.")
      let tries = marks(try gateway.generate())
      #expect(tries == ["first: cancelled, hedge", "second: success, hedge"])
    }
  }

  @Test("a failure of one while the other runs waits for the other", arguments: [true, false])
  func failure(isFirst: Bool) throws {
    let gate = Gate()
    let late = ProviderReply.answer("The late one.").held(by: gate)
    // The first fails only when the second is asked.
    let secondAsked = Gate()
    let first = try FaultyProvider(
      always: isFirst ? ProviderReply.error(500).held(by: secondAsked) : late)
    let second = try FaultyProvider(
      always: isFirst ? ProviderReply([.open(secondAsked)] + late.steps) : .error(500))
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let client = try gateway.connect()
      try client.send(GatewayProcess.message("POST", "/generate", GatewayProcess.body()))
      let hasFailed = try eventually {
        let entry = try gateway.provider(isFirst ? "first" : "second")
        return entry["requests"] == 1 && entry["in_flight"] == 0
      }
      #expect(hasFailed)
      gate.open()
      let response = try client.response()
      #expect(response.status == 200)
      #expect(response.json["response"] == "The late one.")
      #expect(
        marks(response)
          == (isFirst
            ? ["first: transient", "second: success, hedge"]
            : ["first: success", "second: transient, hedge"]))
    }
  }

  @Test("when both fail the next in the plan is asked, and the second not again")
  func bothFail() throws {
    let asked = Gate()
    let first = try FaultyProvider(always: ProviderReply.error(500).held(by: asked))
    let second = try FaultyProvider(always: ProviderReply([.open(asked)] + ProviderReply.error(503).steps))
    let third = try FaultyProvider(always: .answer("The third."))
    let configuration =
      Self.configuration(first, second) + Configuration.provider("third", third.url)
    try withGateway(configuration) { gateway throws in
      let response = try gateway.generate()
      #expect(response.json["response"] == "The third.")
      #expect(response.tries == ["first: transient", "second: transient", "third: success"])
      #expect(second.requests.count == 1)
    }
  }

  @Test("a budget that does not pay for both pays for one: there is no hedge")
  func budget() throws {
    let gate = Gate()
    let first = try FaultyProvider { _ in ProviderReply.answer().held(by: gate) }
    let second = try FaultyProvider(always: .answer())
    // 100 tokens at 2.30 USD a million and the input: 0.00025 USD or so for each.
    let configuration = Self.configuration(
      first, second, firstKeys: "max_output_tokens: 100", secondKeys: "max_output_tokens: 100",
      sections: "budgets: {per_user_usd: 0.0004}")
    try withGateway(configuration) { gateway throws in
      let waiting = try gateway.connect()
      let body = GatewayProcess.body("What?", #""user_id":"u","max_tokens":100"#)
      try waiting.send(GatewayProcess.message("POST", "/generate", body))
      #expect(eventually { first.requests.count == 1 })
      // The other caller's hedge comes after this one's would have come.
      let other = GatewayProcess.body("What?", #""max_tokens":100"#)
      #expect(try gateway.send("POST", "/generate", other).json["provider"] == "second")
      #expect(second.requests.count == 1)
      gate.open()
      #expect(marks(try waiting.response()) == ["first: success"])
    }
  }

  @Test("max_cost_per_request holds for both together")
  func maxCost() throws {
    let gate = Gate()
    let first = try FaultyProvider { _ in ProviderReply.answer().held(by: gate) }
    let second = try FaultyProvider(always: .answer())
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let waiting = try gateway.connect()
      let limit = #""max_tokens":100,"preferences":{"max_cost_per_request":0.0003}"#
      try waiting.send(
        GatewayProcess.message("POST", "/generate", GatewayProcess.body("What?", limit)))
      #expect(eventually { first.requests.count == 1 })
      #expect(try gateway.generate().json["provider"] == "second")
      gate.open()
      #expect(marks(try waiting.response()) == ["first: success"])
    }
  }

  @Test("a caller that hangs up ends both", arguments: [false, true])
  func hangUp(isStream: Bool) throws {
    let first = try FaultyProvider(always: .silence)
    let second = try FaultyProvider(always: .silence)
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let client = try gateway.connect()
      try client.send(
        GatewayProcess.message("POST", GatewayProcess.chatPath, GatewayProcess.chatBody(isStream: isStream)))
      #expect(eventually { second.requests.count == 1 })
      client.hangUp()
      #expect(eventually { first.hangUpCount == 1 && second.hangUpCount == 1 })
      let line = try #require(gateway.ledger(waitingFor: 1).first)
      #expect(line["status"] == "cancelled")
      #expect(line["attempts"] == 2)
      for name in ["first", "second"] { #expect(try gateway.provider(name)["in_flight"] == 0) }
    }
  }

  @Test("the deadline ends both", arguments: [false, true])
  func deadline(isStream: Bool) throws {
    let first = try FaultyProvider(always: .silence)
    let second = try FaultyProvider(always: .silence)
    let configuration = Self.configuration(first, second).replacing(
      "routing: {", with: "routing: {timeout: 500ms, ")
    try withGateway(configuration) { gateway throws in
      let response = try gateway.send(
        "POST", GatewayProcess.chatPath, GatewayProcess.chatBody(isStream: isStream))
      #expect(response.status == 504)
      #expect(eventually { first.hangUpCount == 1 && second.hangUpCount == 1 })
      #expect(gateway.ledger()[0]["attempts"] == 2)
    }
  }

  @Test("the first token takes a stream, and the caller gets that one alone, whole")
  func stream() throws {
    let first = try FaultyProvider(always: .silence)
    let second = try FaultyProvider(always: .stream())
    try withGateway(Self.configuration(first, second)) { gateway throws in
      let (response, isComplete) = try gateway.chatStream()
      #expect(isComplete && response.hasDone)
      #expect(response.text == String(decoding: EventStream.chat().bytesWithoutUsage, as: UTF8.self))
      #expect(response.header("x-tollgate-provider") == "second")
      #expect(response.header("x-tollgate-attempts") == "2")
      #expect(eventually { first.hangUpCount == 1 })
      #expect(gateway.ledger(waitingFor: 1)[0]["attempts"] == 2)
      #expect(gateway.ledger()[0]["ttft_ms"].number != nil)
    }
  }

  @Test("two streams at the same moment never mix")
  func streamsAtOnce() throws {
    let rounds = 60
    let gates = (0..<rounds).map { _ in Gate() }
    func stream(_ name: String) -> ProviderReply {
      // In one packet, so that what the loser has sent may be there when the winner begins.
      .chunked([EventStream.chat((0..<40).map { "\(name)\($0) " }).bytes])
    }
    let (firstReply, secondReply) = (stream("a"), stream("b"))
    let first = try FaultyProvider { firstReply.held(by: gates[$0.index]) }
    let second = try FaultyProvider { ProviderReply([.open(gates[$0.index])] + secondReply.steps) }
    try withGateway(Self.configuration(first, second, after: "5ms")) { gateway throws in
      for round in 1...rounds {
        let (response, isComplete) = try gateway.chatStream()
        #expect(isComplete && response.hasDone)
        let hasA = response.text.contains("a39 ")
        #expect(hasA != response.text.contains("b39 "))
        #expect(!response.text.contains(hasA ? "b0 " : "a0 "))
        #expect(gateway.ledger(waitingFor: round).count == round)
      }
      // One that is cancelled while it still connects is not seen by its provider, which is then a round behind.
      #expect(second.requests.count > rounds / 2)
      for name in ["first", "second"] { #expect(try gateway.provider(name)["in_flight"] == 0) }
    }
  }

  @Test("what the first is cancelled at counts as one of its times, so that slow ones are not forgotten")
  func censoring() throws {
    let first = try FaultyProvider { request in request.index < Self.samples ? .answer() : .silence }
    let second = try FaultyProvider(always: .answer())
    try withGateway(Self.configuration(first, second, after: "p50")) { gateway throws in
      for _ in 0..<Self.samples { _ = try gateway.generate() }
      for _ in 0..<3 { #expect(try gateway.generate().json["provider"] == "second") }
      let entry = try gateway.provider("first")
      #expect(entry["requests"].number == Decimal(Self.samples + 3))
      #expect(entry["success_rate"] == 1)
    }
  }
}
