import GatewayTypes
import Testing

@testable import Configuration

@Suite("SimulationFile")
struct SimulationFileTests {
  private static let traffic: String = "traffic: {rate: [{from: 0, to: 1h, requests_per_second: 2}]}\n"
  private static let minimal: String = traffic + Sample.provider

  private static func decode(_ yaml: String) throws(ConfigurationErrors) -> SimulationScript {
    try SimulationFile.decode(Array(yaml.utf8), path: "day.yaml", environment: [:])
  }

  private static func errors(_ yaml: String) -> [String] {
    do throws(ConfigurationErrors) {
      _ = try decode(yaml)
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  @Test("the least script has every default")
  func least() throws {
    let script = try Self.decode(Self.minimal)
    #expect(script.seed == 1)
    #expect(script.duration == .seconds(86_400))
    #expect(script.traffic.rate == [.init(from: .zero, to: .seconds(3600), requestsPerSecond: 2)])
    #expect(script.traffic.deadline == nil)
    #expect(script.configuration.providers.map(\.name) == ["demo"])
    #expect(script.behavior(of: script.configuration.providers[0]).tokensPerSecond == 60)
  }

  @Test("everything that can be said is read")
  func everything() throws {
    let script = try Self.decode(
      """
      seed: 7
      duration: 2h
      traffic:
        hourly: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]
        streaming: 0.25
        users: 5
        deadline: 20s
        strategies: {cost: 3, speed: 1}
        requests:
          - {weight: 2, intent: writing, model: demo, prompt_tokens: 50, answer_tokens: [1, 2], max_tokens: 9}
          - {prompt_tokens: {median: 10, p95: 20}}
      behavior:
        demo:
          latency: {median: 200ms, p95: 1s}
          tokens_per_second: 12.5
          requests_per_minute: 30
          events:
            - {kind: rate_limit, at: 1h, for: 10m, retry_after: 20s, share: 0.5}
            - {kind: slow, factor: 3}
            - {kind: price, at: 30m, input_cost_per_million_tokens: 1, output_cost_per_million_tokens: 2}
      """ + "\n" + Sample.provider)
    #expect(script.seed == 7)
    #expect(script.traffic.rate.map(\.requestsPerSecond) == [1, 2])
    #expect(script.traffic.deadline == .seconds(20))
    #expect(script.traffic.strategies.map(\.weight) == [3, 1])
    #expect(script.traffic.sorts[0].promptTokens == .values([50]))
    #expect(script.traffic.sorts[0].answerTokens == .values([1, 2]))
    #expect(script.traffic.sorts[0].model == "demo")
    #expect(script.traffic.sorts[1].promptTokens == .logNormal(median: 10, p95: 20))
    let behavior = script.behavior(of: script.configuration.providers[0])
    #expect(behavior.latency == .logNormal(median: 200e6, p95: 1e9))
    #expect(behavior.requestsPerMinute == 30)
    #expect(behavior.events.map(\.share) == [0.5, 1, 1])
    #expect(behavior.events[0].kind == .rateLimit(retryAfter: .seconds(20)))
    #expect(behavior.events[0].end == .seconds(4200))
    #expect(behavior.events[1].end == .seconds(7200))
    let prices = Prices(input: Money(picodollars: 1_000_000), output: Money(picodollars: 2_000_000))
    #expect(behavior.events[2].kind == .price(prices))
  }

  /// A script, and the first thing that is wrong with it.
  private static let refusals: [(yaml: String, error: String)] = [
    ("", "day.yaml:1:1: the script is empty; it needs 'traffic:' and providers"),
    ("[]", "day.yaml:1:1: the script must be a mapping of keys to values, found a list"),
    (Sample.provider, "day.yaml:1:1: no traffic; add 'traffic:' with a rate or an hourly list"),
    ("\(minimal)sed: 1\n", "day.yaml:3:1: unknown key 'sed'; did you mean 'seed'?"),
    (traffic, "day.yaml:1:1: no providers; add 'providers:' with at least one entry"),
    (
      "\(minimal)config: providers.yaml\n",
      "day.yaml:2:12: 'providers' and 'config' both say who is asked; keep one"
    ),
    (
      "traffic: {users: 3}\n\(Sample.provider)",
      "day.yaml:1:10: traffic has no rate; add 'rate: [{from: 0h, to: 24h, requests_per_second: 2}]' or 'hourly: […]'"
    ),
    (
      "traffic: {hourly: [1, 2]}\n\(Sample.provider)",
      "day.yaml:1:19: hourly needs 24 numbers, one for each hour of the day, found 2"
    ),
    (
      "traffic: {rate: [{from: 1h, to: 1h, requests_per_second: 1}]}\n\(Sample.provider)",
      "day.yaml:1:33: the stretch ends before it begins"
    ),
    (
      "traffic: {rate: [{from: 0h, to: 2h, requests_per_second: 1}, {from: 1h, to: 3h, requests_per_second: 1}]}\n\(Sample.provider)",
      "day.yaml:1:69: the stretch begins before the one above it ends, at 2h"
    ),
    ("\(minimal)behavior: {dem: {}}\n", "day.yaml:3:12: no provider is called 'dem'; did you mean 'demo'?"),
    (
      "\(minimal)behavior: {demo: {events: [{kind: fall}]}}\n",
      "day.yaml:3:35: kind must be fail, stall, cut, rate_limit, slow, price or down, found 'fall'; did you mean 'fail'?"
    ),
    (
      "\(minimal)behavior: {demo: {events: [{at: 1h}]}}\n",
      "day.yaml:3:28: the event has no kind; add 'kind: fail', stall, cut, rate_limit, slow, price or down"
    ),
    (
      "\(minimal)behavior: {demo: {events: [{kind: fail, factor: 2}]}}\n",
      "day.yaml:3:41: unknown key 'factor'; known are at, for, kind, share"
    ),
    (
      "\(minimal)behavior: {demo: {events: [{kind: slow}]}}\n",
      "day.yaml:3:28: a slow event needs 'factor: 3', how many times as long"
    ),
    (
      "\(minimal)behavior: {demo: {latency: fast}}\n",
      "day.yaml:3:28: behavior.demo.latency must be 200ms, [100ms, 200ms] or {median: 200ms, p95: 800ms}, found 'fast'"
    ),
    (
      "\(minimal)behavior: {demo: {latency: {median: 2s, p95: 1s}}}\n",
      "day.yaml:3:46: behavior.demo.latency.p95 must not be less than the median"
    ),
    (
      "traffic: {rate: [{from: 0, to: 1h, requests_per_second: 2}], requests: [{intent: codes}]}\n\(Sample.provider)",
      "day.yaml:1:82: intent must be code_generation, education, writing, translation, summarization, analysis or general, found 'codes'"
    ),
    (
      "traffic: {rate: [{from: 0, to: 1h, requests_per_second: 2}], requests: [{model: dmo}]}\n\(Sample.provider)",
      "day.yaml:1:81: no provider serves the model 'dmo'; did you mean 'demo'?"
    ),
  ]

  @Test("what is wrong is refused with its place and what to do", arguments: refusals)
  func refused(yaml: String, error: String) {
    #expect(Self.errors(yaml).first == error)
  }

  private static let root = String(Sample.shippedPath.dropLast("providers.yaml".count))

  @Test("the shipped day is read, and needs no key")
  func shipped() throws {
    let script = try SimulationFile.load(path: Self.root + "docs/simulation/day.yaml", environment: [:])
    #expect(script.configuration.providers.filter(\.isEnabled).count == 6)
    #expect(script.behaviors.count == 6)
  }

  /// A script for each section, with a key in it that is none; the error lists the section's keys.
  private static let sections: [String] = [
    "\(minimal)zzzzzzzz: 1\n",
    "traffic: {zzzzzzzz: 1, rate: [{from: 0, to: 1h, requests_per_second: 2}]}\n\(Sample.provider)",
    "traffic: {rate: [{from: 0, to: 1h, requests_per_second: 2, zzzzzzzz: 1}]}\n\(Sample.provider)",
    "traffic: {rate: [{from: 0, to: 1h, requests_per_second: 2}], requests: [{zzzzzzzz: 1}]}\n\(Sample.provider)",
    "\(minimal)behavior: {demo: {zzzzzzzz: 1}}\n",
    "\(minimal)behavior: {demo: {events: [{kind: rate_limit, zzzzzzzz: 1}]}}\n",
    "\(minimal)behavior: {demo: {events: [{kind: slow, factor: 2, zzzzzzzz: 1}]}}\n",
  ]

  @Test("docs/routing.md explains every key", arguments: sections)
  func explained(yaml: String) throws {
    let text = String(
      decoding: try TextFile(path: Self.root + "docs/routing.md", limit: 1_000_000).bytes, as: UTF8.self)
    let error = try #require(Self.errors(yaml).first)
    let start = try #require(error.firstRange(of: "known are ")).upperBound
    // The file's own sections are explained in docs/configuration.md.
    let elsewhere = Set([
      "aliases", "breaker", "budgets", "cooldown", "keys", "ledger", "prompt", "routing", "server",
    ])
    for key in error[start...].split(separator: ", ") where !elsewhere.contains(String(key)) {
      #expect(text.contains("`\(key)"), "\(key) is not explained")
    }
  }
}
