import GatewayTypes
import Health
import Routing
import Testing

/// A provider with short names for what a test changes; prices in 10⁻⁶ USD a token.
func provider(
  _ name: String, model: String = "m", input: Int = 1, output: Int = 1, priority: Int = 0,
  window: Int? = nil, maxOutput: Int? = nil, specialties: [String] = [], quality: Double = 0.5,
  milliseconds: Int? = nil, capabilities: CapabilitySet = [.chat, .streaming], enabled: Bool = true
) -> Candidate {
  let micro = Money(picodollars: 1_000_000)
  return Candidate(
    id: ProviderID(name), name: name, model: model,
    prices: Prices(input: micro * input, output: micro * output), priority: priority,
    contextWindow: window, maxOutputTokens: maxOutput, intents: IntentSet(specialties: specialties),
    qualityScore: quality, latency: milliseconds.map { .milliseconds($0) }, capabilities: capabilities,
    isEnabled: enabled)
}

func request(
  _ model: String? = nil, _ strategy: RankingStrategy = .cost, intent: Intent = .general, input: Int = 100,
  output: Int = 100, needs: CapabilitySet = [.chat], maxCost: Money? = nil, budgetLeft: Money? = nil,
  allowed: [String] = ["*"]
) -> RoutingRequest {
  RoutingRequest(
    model: AskedModel(model), strategy: strategy, intent: intent, inputTokens: input, outputTokens: output,
    needs: needs, maxCost: maxCost, budgetLeft: budgetLeft, allowedModels: allowed)
}

extension RoutePlan {
  func names(in roster: Roster) -> [String] {
    order.map { roster.candidates[$0.index].id.text }
  }
}

private let now = MonotonicTime(nanoseconds: 0)

private func plan(
  _ request: RoutingRequest, _ candidates: [Candidate], aliases: [String: [ProviderID]] = [:],
  standings: [String: ProviderStanding] = [:], boost: Double = 0.5
) -> (names: [String], plan: RoutePlan) {
  let roster = Roster(candidates: candidates, aliases: aliases)
  let plan = Router.plan(request, roster: roster, policy: RoutingPolicy(intentBoost: boost)) {
    standings[candidates[$0].id.text] ?? ProviderStanding()
  }
  return (plan.names(in: roster), plan)
}

@Suite("Router: order")
struct RouterOrderTests {
  @Test("cost: the cheapest for this request comes first")
  func cost() {
    let candidates = [provider("in", input: 1, output: 30), provider("out", input: 20, output: 2)]
    #expect(plan(request(input: 1000, output: 10), candidates).names == ["in", "out"])
    #expect(plan(request(input: 10, output: 1000), candidates).names == ["out", "in"])
    let first = plan(request(input: 1000, output: 10), candidates).plan.order[0]
    #expect(first.expectedCost == Money(picodollars: 1_300_000_000))
  }

  @Test("cost: fees and the prices of long contexts count")
  func rarePrices() {
    let micro = Money(picodollars: 1_000_000)
    var charging = provider("fee", input: 1, output: 1)
    charging.prices.requestFee = micro * 500
    var tiered = provider("tiered", input: 2, output: 2)
    tiered.prices = Prices(
      tiered.prices.tokens,
      tiers: [.init(above: 1000, tokens: TokenPrices(input: micro * 3, output: micro * 4))])
    let short = plan(request(input: 100, output: 10), [charging, tiered])
    #expect(short.names == ["tiered", "fee"])
    #expect(short.plan.order.map(\.expectedCost) == [micro * 220, micro * 610])
    let long = plan(request(input: 1001, output: 10), [charging, tiered])
    #expect(long.names == ["fee", "tiered"])
    #expect(long.plan.order.map(\.expectedCost) == [micro * 1511, micro * 3043])
    // What the input can cost at most is what must be left.
    #expect(plan(request(budgetLeft: micro * 599), [charging, tiered]).names == ["tiered"])
    #expect(plan(request(input: 1001, budgetLeft: micro * 3002), [charging, tiered]).names == ["fee"])
  }

  @Test("cost: an answer is not expected to be longer than a provider can make it")
  func maxOutput() {
    let candidates = [provider("long", output: 2), provider("short", output: 3, maxOutput: 10)]
    #expect(plan(request(output: 1000), candidates).names == ["short", "long"])
  }

  @Test("speed: as configured until observed, then as observed")
  func speed() {
    let candidates = [provider("a", milliseconds: 300), provider("b", milliseconds: 200)]
    #expect(plan(request(nil, .speed), candidates).names == ["b", "a"])
    var slow = ProviderStanding()
    slow.latency.record(latency: .milliseconds(400), timeToFirstToken: nil, outputTokens: 5)
    #expect(plan(request(nil, .speed), candidates, standings: ["b": slow]).names == ["a", "b"])
    var streamed = ProviderStanding()
    streamed.latency.record(
      latency: .milliseconds(120), timeToFirstToken: .milliseconds(20), outputTokens: 101)
    let standings = ["a": streamed]
    #expect(plan(request(nil, .speed, output: 100), candidates, standings: standings).names == ["a", "b"])
    #expect(plan(request(nil, .speed, output: 1000), candidates, standings: standings).names == ["b", "a"])
  }

  @Test("speed: one that nothing is known of is taken to need a second")
  func unknownSpeed() {
    let candidates = [
      provider("slow", milliseconds: 1500), provider("new"), provider("fast", milliseconds: 900),
    ]
    #expect(plan(request(nil, .speed), candidates).names == ["fast", "new", "slow"])
  }

  @Test("quality: the best score first, scores above 1 included")
  func quality() {
    let candidates = [
      provider("good", quality: 0.8), provider("nine", quality: 9), provider("worst", quality: -1),
      provider("better", quality: 0.81),
    ]
    #expect(plan(request(nil, .quality), candidates).names == ["nine", "better", "good", "worst"])
  }

  @Test(
    "ties: the lower priority, then the place in the file",
    arguments: [RankingStrategy.cost, .speed, .quality])
  func ties(strategy: RankingStrategy) {
    let candidates = [
      provider("c", priority: 2), provider("a", priority: 1), provider("d", priority: 2),
      provider("b", priority: 1), provider("z", priority: -5),
    ]
    #expect(plan(request(nil, strategy), candidates).names == ["z", "a", "b", "c", "d"])
  }

  @Test("free providers are ranked by priority")
  func free() {
    let candidates = [
      provider("b", input: 0, output: 0, priority: 2), provider("a", input: 0, output: 0, priority: 1),
    ]
    #expect(plan(request(), candidates).names == ["a", "b"])
  }

  @Test("penalized ones go behind all others, in the same order among themselves")
  func penalty() {
    let candidates = [provider("a", input: 1), provider("b", input: 2), provider("c", input: 90)]
    let penalized = ProviderStanding(isPenalized: true)
    let result = plan(request(), candidates, standings: ["a": penalized, "b": penalized])
    #expect(result.names == ["c", "a", "b"])
    #expect(result.plan.order.map(\.isPenalized) == [false, true, true])
  }

  @Test(
    "a provider preferred for the intent wins while it costs no more than the boost makes good",
    arguments: [(19, true), (20, true), (21, false)])
  func boost(price: Int, wins: Bool) {
    let candidates = [
      provider("cheap", input: 10, output: 10),
      provider("coder", input: price, output: price, specialties: ["code"]),
    ]
    let names = plan(request(intent: .codeGeneration), candidates).names
    #expect((names[0] == "coder") == wins)
    #expect(plan(request(intent: .writing), candidates).names[0] == "cheap")
  }

  @Test("the boost works on speed and quality as well, and stays within its class")
  func boostElsewhere() {
    let candidates = [
      provider("plain", quality: 0.9, milliseconds: 100),
      provider("coder", specialties: ["code"], quality: 0.5, milliseconds: 150),
    ]
    #expect(plan(request(nil, .speed, intent: .codeGeneration), candidates).names[0] == "coder")
    #expect(plan(request(nil, .quality, intent: .codeGeneration), candidates).names[0] == "coder")
    let penalized = ["coder": ProviderStanding(isPenalized: true)]
    let behind = plan(request(nil, .speed, intent: .codeGeneration), candidates, standings: penalized)
    #expect(behind.names == ["plain", "coder"])
    #expect(plan(request(nil, .speed, intent: .codeGeneration), candidates, boost: 1).names[0] == "plain")
  }

  @Test("the strongest boost still ranks the preferred ones by cost")
  func strongestBoost() {
    let candidates = [
      provider("cheap"), provider("dear", input: 60, specialties: ["code"]),
      provider("less", input: 40, specialties: ["code"]),
    ]
    let names = plan(request(intent: .codeGeneration), candidates, boost: 0).names
    #expect(names == ["less", "dear", "cheap"])
  }

  @Test("costs past 64 bits are still told apart")
  func largeCosts() {
    let candidates = [provider("more", input: 1_000_001), provider("less", input: 1_000_000)]
    #expect(plan(request(input: 100_000_000_000, output: 0), candidates).names == ["less", "more"])
  }
}

@Suite("Router: candidates")
struct RouterCandidateTests {
  private static let candidates = [
    Candidate(id: ProviderID("groq/llama"), name: "groq", model: "llama", prices: .free),
    Candidate(id: ProviderID("groq/gemma"), name: "groq", model: "gemma", prices: .free),
    Candidate(id: ProviderID("openai"), name: "openai", model: "gpt", prices: .free),
    Candidate(id: ProviderID("other"), name: "other", model: "llama", prices: .free),
  ]
  private static let aliases = [
    "fast": [ProviderID("other"), ProviderID("groq/gemma")], "gpt": [ProviderID("other")],
    "all-groq": [ProviderID("groq")],
  ]

  @Test(
    "a name reaches the providers it names",
    arguments: [
      (nil, ["groq/llama", "groq/gemma", "openai", "other"]),
      ("auto", ["groq/llama", "groq/gemma", "openai", "other"]),
      ("", ["groq/llama", "groq/gemma", "openai", "other"]),
      ("llama", ["groq/llama", "other"]), ("groq", ["groq/llama", "groq/gemma"]),
      ("groq/gemma", ["groq/gemma"]), ("openai/gpt", ["openai"]), ("openai", ["openai"]),
      ("fast", ["groq/gemma", "other"]), ("all-groq", ["groq/llama", "groq/gemma"]),
      // The alias hides the model of the same name.
      ("gpt", ["other"]),
    ] as [(String?, [String])])
  func reaches(name: String?, expected: [String]) {
    let result = plan(request(name), Self.candidates, aliases: Self.aliases)
    #expect(result.names == expected)
    #expect(result.plan.modelIsKnown)
    #expect(result.plan.refusal == nil)
  }

  @Test("an unknown name reaches nobody", arguments: ["Llama", "llama ", "groq/", "gpt-5", "*", "groq/gpt"])
  func unknown(name: String) {
    let result = plan(request(name), Self.candidates, aliases: Self.aliases).plan
    #expect(!result.modelIsKnown)
    #expect(result.refusal == .modelNotFound)
  }

  @Test(
    "a key reaches only what it may ask for",
    arguments: [
      (nil, ["llama"], ["groq/llama", "other"]), (nil, ["fast"], ["groq/gemma", "other"]),
      ("fast", ["fast"], ["groq/gemma", "other"]), ("llama", ["other"], ["other"]),
      (nil, ["openai", "unknown"], ["openai"]), ("llama", ["openai"], []), (nil, [], []),
      (nil, ["gemma", "*"], ["groq/llama", "groq/gemma", "openai", "other"]),
    ] as [(String?, [String], [String])])
  func allowance(name: String?, allowed: [String], expected: [String]) {
    let result = plan(request(name, allowed: allowed), Self.candidates, aliases: Self.aliases)
    #expect(result.names == expected)
    #expect(result.plan.refusal == (expected.isEmpty ? .notAllowed : nil))
  }

  @Test("with no providers at all any model is unavailable, and a named one unknown")
  func none() {
    #expect(plan(request(), []).plan.refusal == .unavailable(retryAt: nil))
    #expect(plan(request("m"), []).plan.refusal == .modelNotFound)
  }
}

@Suite("Router: left out")
struct RouterLeftOutTests {
  struct Case: Sendable {
    var request: RoutingRequest
    var candidate: Candidate
    var reason: LeftOutReason?
  }

  private static let cent = Money(picodollars: 10_000_000_000)

  @Test(
    "a provider that cannot do the request is left out with the reason",
    arguments: [
      Case(request: request(), candidate: provider("p", enabled: false), reason: .disabled),
      Case(request: request(allowed: ["x"]), candidate: provider("p"), reason: .notAllowedForKey),
      Case(
        request: request(needs: [.chat, .tools, .images]), candidate: provider("p"),
        reason: .lacks([.tools, .images])),
      Case(
        request: request(needs: [.embeddings]), candidate: provider("p"), reason: .lacks([.embeddings])),
      Case(
        request: request(input: 4096), candidate: provider("p", window: 4096),
        reason: .contextTooSmall(inputTokens: 4096, contextWindow: 4096)),
      Case(request: request(input: 4095), candidate: provider("p", window: 4096), reason: nil),
      // 100 tokens in and 100 out at 50 millionths of a dollar make a cent.
      Case(
        request: request(maxCost: cent), candidate: provider("p", input: 50, output: 51),
        reason: .aboveMaxCost(expected: Money(picodollars: 10_100_000_000), maximum: cent)),
      Case(request: request(maxCost: cent), candidate: provider("p", input: 50, output: 50), reason: nil),
      Case(
        request: request(budgetLeft: cent), candidate: provider("p", input: 101),
        reason: .overBudget(inputCost: Money(picodollars: 10_100_000_000), left: cent)),
      Case(request: request(budgetLeft: cent), candidate: provider("p", input: 100), reason: nil),
      Case(
        request: request(input: 0, budgetLeft: .zero), candidate: provider("p"),
        reason: .overBudget(inputCost: .zero, left: .zero)),
      Case(request: request(budgetLeft: .zero), candidate: provider("p", input: 0, output: 0), reason: nil),
    ])
  func reasons(_ example: Case) {
    let result = plan(example.request, [example.candidate]).plan
    #expect(result.leftOut.first?.reason == example.reason)
    #expect(result.order.isEmpty == (example.reason != nil))
  }

  @Test("one that may not be called now is left out with the time")
  func unavailable() {
    let later = ProviderStanding(unavailability: .circuitOpen(.timeout), retryAt: now + .seconds(42))
    let sooner = ProviderStanding(unavailability: .coolingDown, retryAt: now + .seconds(7))
    let result = plan(
      request(), [provider("a"), provider("b"), provider("c")], standings: ["a": later, "b": sooner])
    #expect(result.names == ["c"])
    #expect(result.plan.retryAt == now + .seconds(7))
    #expect(
      result.plan.leftOut.map(\.reason) == [
        .unavailable(.circuitOpen(.timeout)), .unavailable(.coolingDown),
      ])
  }

  @Test("health is not asked of a provider that cannot do the request anyway")
  func asksHealthOnlyWhenNeeded() {
    let roster = Roster(candidates: [provider("a", enabled: false), provider("b"), provider("c", model: "x")])
    var asked: [Int] = []
    _ = Router.plan(request("m"), roster: roster) { index in
      asked.append(index)
      return ProviderStanding()
    }
    #expect(asked == [1])
  }

  /// Who stands in the way, and what the caller is told.
  static let refusals: [([Unavailability?], RouteRefusal)] = [
    (
      [.heldAfterRateLimit, .requestLimitReached, .tokenLimitReached],
      .rateLimited(retryAt: now + .seconds(1))
    ),
    ([.heldAfterRateLimit, .setDown], .unavailable(retryAt: now + .seconds(1))),
    ([.circuitOpen(.timeout)], .unavailable(retryAt: now + .seconds(1))),
    ([.coolingDown, .trialsTaken], .unavailable(retryAt: now + .seconds(1))),
    // nil: disabled in the file.
    ([nil, .heldAfterRateLimit], .rateLimited(retryAt: now + .seconds(2))),
    ([nil, nil], .unavailable(retryAt: nil)),
  ]

  @Test("what the caller is told follows from who could have answered", arguments: refusals)
  func refusal(unavailabilities: [Unavailability?], expected: RouteRefusal) {
    let candidates = unavailabilities.enumerated().map {
      provider("p\($0.offset)", enabled: $0.element != nil)
    }
    let roster = Roster(candidates: candidates)
    let plan = Router.plan(request(), roster: roster) {
      ProviderStanding(unavailability: unavailabilities[$0], retryAt: now + .seconds(Double($0 + 1)))
    }
    #expect(plan.refusal == expected)
  }

  @Test("what the caller can change is named before what nobody can")
  func callerRefusals() {
    let small = provider("small", window: 10)
    let blind = provider("blind")
    let needs: CapabilitySet = [.chat, .images]
    let seeing = provider("seeing", window: 50, capabilities: [.chat, .images])
    #expect(plan(request(needs: needs), [blind]).plan.refusal == .unsupported(.images))
    #expect(plan(request(needs: needs), [blind, seeing]).plan.refusal == .contextTooLong(largest: 50))
    #expect(
      plan(request(), [small, provider("less", window: 20)]).plan.refusal == .contextTooLong(largest: 20))
    let tooDear = plan(request(maxCost: .zero), [provider("p"), provider("q", input: 0), small]).plan.refusal
    #expect(tooDear == .aboveMaxCost(cheapest: Money(picodollars: 100_000_000)))
    #expect(plan(request(budgetLeft: .zero), [provider("p")]).plan.refusal == .overBudget(left: .zero))
  }

  @Test("every reason is a sentence that says what to do or when")
  func sentences() {
    let reasons: [(LeftOutReason, String)] = [
      (.disabled, "disabled_reason"), (.notAllowedForKey, "models"),
      (.lacks([.tools, .images]), "tools, images"),
      (.contextTooSmall(inputTokens: 9, contextWindow: 8), "context_window of 8"),
      (.aboveMaxCost(expected: .dollar, maximum: Self.cent), "max_cost_per_request 0.01 USD"),
      (.overBudget(inputCost: .dollar, left: Self.cent), "0.01 USD left"),
      (.unavailable(.setDown), "/simulate/failure"), (.unavailable(.circuitOpen(.credential)), "auth"),
      (.unavailable(.circuitOpen(.quotaExceeded)), "quota"),
      (.unavailable(.circuitOpen(nil)), "circuit open"),
      (.unavailable(.trialsTaken), "half-open"), (.unavailable(.heldAfterRateLimit), "429"),
      (.unavailable(.coolingDown), "cooling"), (.unavailable(.requestLimitReached), "rate_limit_rpm"),
      (.unavailable(.tokenLimitReached), "rate_limit_tpm"),
      (.unavailable(.aboveTokenLimit), "rate_limit_tpm"),
      (.unavailable(.concurrencyLimitReached), "max_concurrency"),
    ]
    for (reason, part) in reasons {
      #expect(reason.sentence(retryAt: nil, now: now).contains(part))
    }
    let waiting = LeftOutReason.unavailable(.coolingDown).sentence(retryAt: now + .seconds(41.2), now: now)
    #expect(waiting.hasSuffix("next try in 42 s"))
  }

  @Test("a rank explains itself")
  func explains() {
    let candidates = [provider("coder", specialties: ["code"])]
    let standings = ["coder": ProviderStanding(isPenalized: true)]
    let first = plan(request(intent: .codeGeneration), candidates, standings: standings).plan.order[0]
    let reasons = first.reasons(strategy: .cost, intent: .codeGeneration)
    #expect(reasons.count == 3)
    #expect(reasons[0].contains("0.0002 USD"))
    #expect(reasons[1].contains("code_generation"))
    #expect(first.reasons(strategy: .speed, intent: .general)[0].contains("unknown"))
  }
}
