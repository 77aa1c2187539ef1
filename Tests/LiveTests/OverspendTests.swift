import Foundation
import TestSupport
import Testing

/// Many callers at once on one budget, with providers that fail. `scripts/soak overspend` is the long form.
@Suite struct OverspendTests {
  private static let budget = Decimal(1)
  private static let callerCount = 40
  /// An answer of this many tokens costs 0.005 USD, a two-hundredth of the budget.
  private static let mostTokens = 500

  @Test(
    "callers at once, with failures and fallbacks, never pass the budget, and nearly all of it is usable",
    arguments: ["per_user_usd: 1.00", "global_usd: 1.00", "tags: {team=red: 1.00}"], [false, true])
  func budgetHolds(budget: String, isHedged: Bool) throws {
    let flaky = try FaultyProvider { request in
      let reply: ProviderReply =
        switch request.index % 4 {
        case 0: .error(500)
        case 1: .cutBody
        case 2: .answer("", usage: Self.usage(request))
        default: .answer(usage: Self.usage(request))
        }
      // Slow enough for the other provider to be asked too, and sometimes to answer later than that one.
      return isHedged ? ProviderReply([.note { usleep(4_000) }] + reply.steps) : reply
    }
    let good = try FaultyProvider { .answer(usage: Self.usage($0)) }
    let configuration = Configuration.of(
      Self.provider("flaky", flaky, priority: 1), Self.provider("good", good, priority: 2),
      sections: """
        server: {workers: 2}
        routing: {penalty: {threshold: 1}\(isHedged ? ", hedge: {after: 2ms}" : "")}
        breaker: {failure_threshold: 100000}
        budgets: {\(budget)}
        """)
    try withGateway(configuration) { gateway throws in
      var hedged = 0
      while let served = try storm(gateway) { hedged += served.hedged }
      #expect((hedged > 0) == isHedged)
      let sum = gateway.ledger().reduce(Decimal(0)) { $0 + ($1["cost_usd"].amount ?? 1_000) }
      #expect(sum <= Self.budget)
      #expect(sum >= Self.budget * 95 / 100)
      let entries = try gateway.get("/budgets").json["budgets"].elements.filter { $0["limit"].number == 1 }
      #expect(entries.map { $0["reserved"] } == [0])
      #expect(entries.map { $0["spent"].number } == [sum])
    }
  }

  /// How many answers callers had, and with how many of them two providers were asked at once.
  fileprivate typealias Served = (answers: Int, hedged: Int)

  /// Every caller asks until it is refused. Nil when nobody was served.
  private func storm(_ gateway: GatewayProcess) throws -> Served? {
    let storm = Storm()
    for _ in 0..<Self.callerCount {
      Thread.detachNewThread {
        storm.ended(after: Result { try Self.askUntilRefused(gateway) })
      }
    }
    #expect(eventually { storm.results.count == Self.callerCount })
    let sum = try storm.results.reduce((0, 0)) { sum, result in
      let served = try result.get()
      return (sum.0 + served.answers, sum.1 + served.hedged)
    }
    return sum.0 > 0 ? sum : nil
  }

  private static func askUntilRefused(_ gateway: GatewayProcess) throws -> Served {
    let client = try gateway.connect()
    let body = GatewayProcess.body("What?", #""user_id":"shared","tags":{"team":"red"}"#)
    var served: Served = (0, 0)
    while true {
      try client.send(GatewayProcess.message("POST", "/generate", body))
      let answer = try client.response()
      guard answer.status != 402 else { return served }
      // 502: a failed answer was paid for with the last of the budget, and nothing was left for another try.
      guard answer.status == 200 || answer.status == 502 else { throw RawClient.Failure.notHTTP(answer.text) }
      served.answers += 1
      if answer.text.contains(#""hedge":true"#) { served.hedged += 1 }
    }
  }

  /// Another usage for each request, and never more than it allows.
  private static func usage(_ request: FaultyProvider.Request) -> String {
    let limit = request.json["max_tokens"].number.map { NSDecimalNumber(decimal: $0).intValue } ?? mostTokens
    let output = 1 + request.index * 7_919 % limit
    return #"{"prompt_tokens":9,"completion_tokens":\#(output),"total_tokens":\#(9 + output)}"#
  }

  private static func provider(_ name: String, _ provider: FaultyProvider, priority: Int) -> String {
    """
      - name: \(name)
        base_url: \(provider.url)
        api_key: ${PROVIDER_KEY}
        model: \(name)-model
        input_cost_per_million_tokens: 1
        output_cost_per_million_tokens: 10
        max_output_tokens: \(mostTokens)
        priority: \(priority)

    """
  }
}

/// How often each caller of a storm was served.
private final class Storm: @unchecked Sendable {
  // @unchecked: `ended` is touched under the lock only.
  private let lock = NSLock()
  private var ended: [Result<OverspendTests.Served, any Error>] = []

  func ended(after result: Result<OverspendTests.Served, any Error>) {
    lock.withLock { ended.append(result) }
  }

  var results: [Result<OverspendTests.Served, any Error>] { lock.withLock { ended } }
}
