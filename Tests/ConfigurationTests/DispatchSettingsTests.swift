import Testing

@testable import Configuration

@Suite("Keys, queue and hedging in the file")
struct DispatchSettingsTests {
  private static let keys = #"api_keys: ["${A}", "${B}", literal]"#

  @Test("several keys are taken in the order of the file")
  func keys() throws {
    let configuration = try Sample.decode(
      Sample.provider("free: true", Self.keys), environment: ["A": "one", "B": "two"])
    let provider = configuration.providers[0]
    #expect(provider.apiKeys.map(\.text) == ["one", "two", "literal"])
    #expect(provider.isEnabled && provider.needsKey)
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.summaryTable().contains("  3 set  "))
  }

  @Test("a key whose variable is not set is left out with a warning")
  func missingKey() throws {
    let configuration = try Sample.decode(
      Sample.provider("free: true", Self.keys), environment: ["A": "", "B": "two"])
    #expect(configuration.providers[0].apiKeys.map(\.text) == ["two", "literal"])
    #expect(configuration.providers[0].isEnabled)
    #expect(configuration.warnings.count == 1)
    #expect(
      configuration.warnings[0].hasSuffix("api_keys of 'groq': A is empty; it goes without that key"))
  }

  @Test("without any of its keys a provider is disabled, and says why")
  func noKey() throws {
    let provider = try Sample.decode(Sample.provider("free: true", #"api_keys: ["${A}", "${B}"]"#)).providers[
      0]
    #expect(provider.disabledReason == "A is not set, B is not set")
    #expect(provider.needsKey && provider.apiKeys.isEmpty)
  }

  @Test(
    "keys that cannot be meant so are errors",
    arguments: [
      ("api_keys: []", "has no key"), ("api_keys: hush", "must be a list"),
      ("api_keys: [same, same]", "the same key twice"), ("api_keys: [a, [b]]", "must be a single value"),
      ("api_keys: ['$NAME']", "with braces"), ("api_keys: ['a b']", "without spaces"),
      ("api_keys: [a]\n    api_key: b", "api_key and api_keys are both given"),
      ("api_keys: [a]\n    api_key_file: b", "api_key_file and api_keys are both given"),
      ("api_keys: [\((0...64).map { "k\($0)" }.joined(separator: ", "))]", "more than 64"),
    ])
  func badKeys(line: String, message: String) {
    let errors = Sample.errors(Sample.provider("free: true", line))
    #expect(errors.count == 1)
    #expect(errors.first?.contains(message) == true, "\(errors)")
  }

  @Test("a queue has a hundred places unless the file says otherwise")
  func queue() throws {
    func queue(_ lines: String...) throws -> Int {
      try Sample.decode(Sample.provider("free: true") + lines.map { "    \($0)\n" }.joined()).providers[0]
        .maxQueue
    }
    #expect(try queue() == 100)
    #expect(try queue("max_concurrency: 1", "max_queue: 0") == 0)
    #expect(try queue("max_concurrency: 1", "max_queue: 10000") == 10_000)
    let idle = try Sample.decode(Sample.provider("free: true", "max_queue: 1"))
    #expect(idle.warnings.count == 1)
    #expect(idle.warnings[0].hasSuffix("max_queue has no effect without max_concurrency"))
    #expect(Sample.errors(Sample.provider("free: true", "max_concurrency: 1", "max_queue: -1")).count == 1)
  }

  @Test("hedging is off until it is written")
  func hedge() throws {
    func hedge(_ text: String) throws -> HedgeConfiguration? {
      try Sample.decode("routing: {\(text)}\n" + Sample.provider).routing.hedge
    }
    #expect(try hedge("strategy: cost") == nil)
    var expected = HedgeConfiguration()
    #expect(try hedge("hedge: {min_samples: 20}") == expected)
    #expect(expected.after == .quantile(perThousand: 950))
    #expect(try hedge("hedge: {after: p95, min_samples: 20}") == expected)
    expected.after = .quantile(perThousand: 500)
    expected.minSamples = 1
    #expect(try hedge("hedge: {after: p50, min_samples: 1}") == expected)
    expected.after = .fixed(.milliseconds(800))
    #expect(try hedge("hedge: {after: 800ms, min_samples: 1}") == expected)
    let table = try Sample.decode("routing: {hedge: {after: p90}}\n" + Sample.provider).summaryTable()
    #expect(table.contains(", hedged after p90\n"))
  }

  @Test(
    "a wait that is none is an error",
    arguments: ["p49", "p100", "p9", "p095", "p", "P95", "0ms", "25h", "p-5", "p95.5", "never"])
  func badHedge(after: String) {
    let errors = Sample.errors("routing: {hedge: {after: \(after)}}\n" + Sample.provider)
    #expect(errors.count == 1)
    #expect(errors.first?.contains("routing.hedge.after must be a quantile") == true, "\(errors)")
  }
}
