import GatewayTypes
import Testing

@testable import Configuration

@Suite("PriceReader")
struct PriceReaderTests {
  private func prices(_ lines: [String], environment: [String: String] = [:]) throws -> Prices {
    let yaml = "providers:\n  - name: a\n    kind: mock\n" + lines.map { "    \($0)\n" }.joined()
    return try Sample.decode(yaml, environment: environment).providers[0].prices
  }

  private func errors(_ lines: [String]) -> [String] {
    Sample.errors("providers:\n  - name: a\n    kind: mock\n" + lines.map { "    \($0)\n" }.joined())
  }

  static let spellings: [(lines: [String], input: Int, output: Int, cacheRead: Int, cacheWrite: Int)] = [
    (["cost_per_token: 0.0000005"], 500_000, 500_000, 500_000, 500_000),
    (["cost_per_token: 5e-7"], 500_000, 500_000, 500_000, 500_000),
    (["cost_per_1k_tokens: 0.0005"], 500_000, 500_000, 500_000, 500_000),
    (["cost_per_1k_tokens: '0.0005'"], 500_000, 500_000, 500_000, 500_000),
    (["cost_per_1k_tokens: 1"], 1_000_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_000),
    (["cost_per_1k_tokens: 0"], 0, 0, 0, 0),
    (
      ["input_cost_per_1k_tokens: 0.003", "output_cost_per_1k_tokens: 0.015"], 3_000_000, 15_000_000,
      3_000_000, 3_000_000
    ),
    (
      ["input_cost_per_million_tokens: 3", "output_cost_per_million_tokens: 15.00"], 3_000_000, 15_000_000,
      3_000_000, 3_000_000
    ),
    (["input_cost_per_million_tokens: 0.000001", "output_cost_per_1k_tokens: 0.000000001"], 1, 1, 1, 1),
    (
      [
        "input_cost_per_million_tokens: 3", "output_cost_per_million_tokens: 15",
        "cached_input_cost_per_million_tokens: 0.30", "cache_write_cost_per_million_tokens: 3.75",
      ], 3_000_000, 15_000_000, 300_000, 3_750_000
    ),
    (
      ["cost_per_1k_tokens: 0.003", "cached_input_cost_per_million_tokens: 0.3"], 3_000_000, 3_000_000,
      300_000, 3_000_000
    ),
    (
      ["cost_per_1k_tokens: 1.5", "allow_unusual_price: true"], 1_500_000_000, 1_500_000_000, 1_500_000_000,
      1_500_000_000
    ),
    (["free: true"], 0, 0, 0, 0),
    (["free: true", "cost_per_token: 0"], 0, 0, 0, 0),
    (["free: false", "cost_per_token: 0"], 0, 0, 0, 0),
  ]

  @Test("reads every spelling exactly", arguments: spellings)
  func reads(lines: [String], input: Int, output: Int, cacheRead: Int, cacheWrite: Int) throws {
    let expected = Prices(
      input: Money(picodollars: Int128(input)), output: Money(picodollars: Int128(output)),
      cacheRead: Money(picodollars: Int128(cacheRead)), cacheWrite: Money(picodollars: Int128(cacheWrite)))
    #expect(try prices(lines) == expected)
  }

  @Test("reads what only some providers charge for")
  func rarePrices() throws {
    func perMillion(_ text: String) throws -> Money { try Money(decimal: text, scaledDownBy: 6) }
    let tokens = [
      "input_cost_per_million_tokens: 1.25", "output_cost_per_million_tokens: 10",
      "cache_write_1h_cost_per_million_tokens: 2.5", "reasoning_cost_per_million_tokens: 3",
    ]
    let expected = TokenPrices(
      input: try perMillion("1.25"), output: try perMillion("10"), cacheWriteOneHour: try perMillion("2.5"),
      reasoning: try perMillion("3"))
    let tiers = [
      "above_tokens:", "  - threshold: 1000000", "    cost_per_token: 0.00002", "  - threshold: 200000",
    ]
    let tierTokens = tokens.map { "    " + $0.replacing("1.25", with: "2.50") }
    let high = Prices.ContextTier(
      above: 1_000_000, tokens: TokenPrices(input: try perMillion("20"), output: try perMillion("20")))
    var middle = Prices.ContextTier(above: 200_000, tokens: expected)
    middle.tokens = TokenPrices(
      input: try perMillion("2.50"), output: expected.output, cacheWriteOneHour: expected.cacheWriteOneHour,
      reasoning: expected.reasoning)
    let read = try prices(tokens + ["cost_per_request: 0.005"] + tiers + tierTokens)
    #expect(
      read
        == Prices(expected, requestFee: try Money(decimal: "0.005"), tiers: [high, middle]))
    #expect(read.tiers.map(\.threshold) == [200_000, 1_000_000])
    #expect(try prices(tokens + ["above_tokens: []"]) == Prices(expected))
    #expect(try prices(["free: true", "cost_per_request: 0", "above_tokens:"]) == .free)
  }

  static let badRarePrices: [(lines: [String], place: String, piece: String)] = [
    (["cost_per_token: 0", "cost_per_request: 1.5"], "5:23", "above the usual 1 USD per request"),
    (["cost_per_token: 0", "cost_per_request: -1"], "5:23", "must not be negative"),
    (
      ["cost_per_token: 0", "cost_per_request: 1e-13"], "5:23",
      "smallest step, 0.000000000001 USD per request; round it"
    ),
    (
      ["cost_per_token: 0", "cost_per_request: 1001", "allow_unusual_price: true"], "5:23",
      "above 1,000 USD per request"
    ),
    (["cost_per_request: 0.01"], "2:5", "has no price"),
    (["free: true", "cost_per_request: 0.01"], "5:23", "gives a price but 'free' is true"),
    (
      ["cost_per_token: 0", "reasoning_cost_per_million_tokens: free"], "5:40",
      "must be a number of US dollars"
    ),
    (
      ["cost_per_token: 0", "cache_write_1h_cost_per_million_tokens: 2000"], "5:45",
      "2,000 USD per million tokens is 2 USD per 1,000 tokens, above the usual"
    ),
    (["cost_per_token: 0", "reasonning_cost_per_million_tokens: 1"], "5:5", "did you mean"),
    (["cost_per_token: 0", "above_tokens: 200000"], "5:19", "above_tokens must be a list"),
    (
      ["cost_per_token: 0", "above_tokens: {threshold: 1, cost_per_token: 0}"], "5:19",
      "above_tokens must be a list"
    ),
    (
      ["cost_per_token: 0", "above_tokens: [200000]"], "5:20",
      "the tier of above_tokens must be a mapping"
    ),
    (["cost_per_token: 0", "above_tokens: [{cost_per_token: 0}]"], "5:20", "has no threshold"),
    (
      ["cost_per_token: 0", "above_tokens: [{threshold: 9}]"], "5:20",
      "the tier of above_tokens has no price; write input_cost_per_million_tokens and output_cost_per_million_tokens"
    ),
    (
      ["cost_per_token: 0", "above_tokens: [{threshold: 0, cost_per_token: 0}]"], "5:32",
      "threshold must be a whole number from 1"
    ),
    (
      ["cost_per_token: 0", "above_tokens: [{threshold: 200k, cost_per_token: 0}]"], "5:32",
      "threshold must be a whole number"
    ),
    (
      [
        "cost_per_token: 0",
        "above_tokens: [{threshold: 9, cost_per_token: 0}, {threshold: 9, cost_per_token: 1e-6}]",
      ], "5:67", "threshold 9 is given twice"
    ),
    (
      ["cost_per_token: 0", "above_tokens: [{threshold: 9, input_cost_per_1k_tokens: 0}]"], "5:61",
      "no output price"
    ),
    (
      ["cost_per_token: 0", "above_tokens: [{threshold: 9, cost_per_token: 0, cost_per_request: 1}]"],
      "5:54", "unknown key 'cost_per_request'; known are"
    ),
    (
      ["free: true", "above_tokens: [{threshold: 9, cost_per_token: 1e-6}]"], "5:19",
      "above_tokens gives prices but 'free' is true"
    ),
  ]

  @Test("refuses rarer prices that are not exact, usual and complete", arguments: badRarePrices)
  func refusesRare(lines: [String], place: String, piece: String) {
    refuses(lines: lines, place: place, piece: piece)
  }

  @Test("a price in a variable is as exact as one in the file")
  func variable() throws {
    #expect(
      try prices(["cost_per_1k_tokens: ${P}"], environment: ["P": "0.0005"]).input
        == Money(picodollars: 500_000))
  }

  static let bad: [(lines: [String], place: String, piece: String)] = [
    ([], "2:5", "the provider has no price"), (["free: false"], "2:5", "or 'free: true' if it costs nothing"),
    (["input_cost_per_1k_tokens: 1"], "4:31", "no output price"),
    (["output_cost_per_million_tokens: 1"], "4:37", "no input price"),
    (["cached_input_cost_per_million_tokens: 1"], "2:5", "has no price"),
    (
      ["cost_per_token: 0", "cost_per_1k_tokens: 0"], "5:25",
      "cost_per_1k_tokens and cost_per_token give the same price twice"
    ),
    (
      ["cost_per_1k_tokens: 0.1", "input_cost_per_1k_tokens: 0.1"], "5:31",
      "both give a price for the same tokens"
    ),
    (
      ["output_cost_per_million_tokens: 1", "cost_per_token: 0"], "4:37",
      "both give a price for the same tokens"
    ),
    (
      [
        "input_cost_per_1k_tokens: 0.1", "input_cost_per_million_tokens: 100", "output_cost_per_1k_tokens: 0",
      ], "5:36",
      "give the same price twice"
    ),
    (["free: true", "cost_per_token: 0.0001"], "5:21", "gives a price but 'free' is true"),
    (["cost_per_token: -0.1"], "4:21", "must not be negative"),
    (["cost_per_token: -0.1", "allow_unusual_price: true"], "4:21", "must not be negative"),
    (["cost_per_1k_tokens: cheap"], "4:25", "must be a number of US dollars such as 0.15, found 'cheap'"),
    (["cost_per_1k_tokens: $0.5"], "4:25", "found '$0.5'"),
    (["cost_per_1k_tokens: 0,5"], "4:25", "found '0,5'"),
    (["cost_per_1k_tokens: .nan"], "4:25", "found '.nan'"),
    (["cost_per_1k_tokens: .inf"], "4:25", "found '.inf'"),
    (["cost_per_1k_tokens: 1e999999"], "4:25", "too large to be a price"),
    (["cost_per_1k_tokens: 1e30", "allow_unusual_price: true"], "4:25", "too large"),
    (["cost_per_1k_tokens: 1e7", "allow_unusual_price: true"], "4:25", "above 1,000 USD per token"),
    (
      ["cost_per_token: 0.0000000000001"], "4:21",
      "finer than the smallest step, 0.000000000001 USD per token"
    ),
    (["cost_per_1k_tokens: 1e-10"], "4:25", "smallest step, 0.000000001 USD per 1,000 tokens"),
    (
      ["input_cost_per_million_tokens: 0.0000001", "output_cost_per_million_tokens: 0"], "4:36",
      "smallest step, 0.000001 USD per million tokens"
    ),
    (
      ["input_cost_per_1k_tokens: 3.00", "output_cost_per_1k_tokens: 0"], "4:31",
      "3 USD per 1,000 tokens is 3,000 USD per million tokens, above the usual 1 USD per 1,000 tokens; "
        + "did you mean input_cost_per_million_tokens?"
    ),
    (
      ["cost_per_1k_tokens: 2.5"], "4:25",
      "did you mean input_cost_per_million_tokens and output_cost_per_million_tokens?"
    ),
    (["cost_per_token: 0.5"], "4:21", "0.5 USD per token is 500,000 USD per million tokens, above the usual"),
    (
      ["cost_per_token: 0.5"], "4:21",
      "did you mean cost_per_1k_tokens? If it is right, add 'allow_unusual_price: true'"
    ),
    (
      ["cost_per_token: 15"], "4:21",
      "did you mean input_cost_per_million_tokens and output_cost_per_million_tokens?"
    ),
    (
      ["input_cost_per_million_tokens: 5000", "output_cost_per_million_tokens: 0"], "4:36",
      "5,000 USD per million tokens is 5 USD per 1,000 tokens, above the usual 1 USD per 1,000 tokens; if it is right"
    ),
    (["cost_per_million_tokens: 5"], "4:5", "unknown key 'cost_per_million_tokens'; did you mean"),
  ]

  @Test("refuses what is not one exact, usual price", arguments: bad)
  func refuses(lines: [String], place: String, piece: String) {
    let found = errors(lines)
    let isReported = found.contains { $0.hasPrefix("providers.yaml:\(place): ") && $0.contains(piece) }
    #expect(isReported, "\(found.joined(separator: "\n"))")
  }
}
