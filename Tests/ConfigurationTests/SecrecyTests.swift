import GatewayTypes
import Testing

@testable import Configuration

@Suite("Secrets")
struct SecrecyTests {
  /// Every secret in these tests holds this, so one look finds any of them.
  static let marker = "hush"

  static let environment = [
    "OPENAI_API_KEY": "sk-hush-1", "ANTHROPIC_API_KEY": "sk-hush-2", "GEMINI_API_KEY": "hush3",
    "GROQ_API_KEY": "gsk-hush-4",
    "DEEPSEEK_API_KEY": "sk-hush-5", "MISTRAL_API_KEY": "hush6", "TEAM_A_KEY": "hush-team-a",
  ]

  @Test("neither the dump nor the table of a configuration shows a key")
  func neverShown() throws {
    let yaml =
      "keys: [{name: team-a, key: \"${TEAM_A_KEY}\"}, {name: b, key: hush-literal}]\n"
      + Sample.provider("free: true", "api_key: ${GROQ_API_KEY}", "headers: {x-extra: hush-header}")
    let configuration = try Sample.decode(yaml, environment: SecrecyTests.environment)
    #expect(configuration.providers[0].apiKey?.text == "gsk-hush-4")
    var dumped = ""
    dump(configuration, to: &dumped)
    for shown in [
      dumped, "\(configuration)", String(reflecting: configuration), configuration.summaryTable(),
    ] {
      #expect(!shown.contains(SecrecyTests.marker))
    }
    #expect("\(Secret("hush"))" == "<secret>")
    #expect("\([Secret("hush")])" == "[<secret>]")
  }

  @Test("the table shows providers, prices, and why one is disabled")
  func table() throws {
    let yaml =
      "aliases: {fast: [groq]}\n"
      + Sample.provider("cost_per_1k_tokens: 0.0005", "api_key: ${KEY}", "priority: 2")
      + "  - {name: demo, kind: mock, free: true, demo_only: true}\n"
    let table = try Sample.decode(yaml).summaryTable()
    #expect(
      table.hasPrefix(
        """
        PROVIDER  KIND    MODEL  IN $/M  OUT $/M  PRIORITY  KEY          STATE
        groq      openai  llama     0.5      0.5         2  not set      disabled: KEY is not set
        demo      mock    demo        0        0         0  none needed  enabled

        server    http://127.0.0.1:8000, workers auto,
        """), "\(table)")
    let routing = "cost first, timeout 1m, penalty above 0.05 failed in 5m of at least 3 answers"
    #expect(table.contains("\nrouting   \(routing)\n"))
    #expect(table.contains("\nledger    logs/usage.log, fsync interval,"))
    #expect(table.contains("\nalias     fast = groq\n"))
    #expect(
      try Sample.decode(yaml, environment: ["KEY": "k"]).summaryTable().contains("  set          enabled\n"))
  }

  static let careless: [String] = [
    "keys: [sk-hush-12345678]", "keys: {team: sk-hush-12345678}", "keys: sk-hush-12345678",
    "keys: [{name: a, key:sk-hush-12345678}]", "keys: [{name: a, sk-hush-12345678}]",
    "keys: [{name: a, key: [sk-hush]}]",
    "keys: [{name: a, key: 'hush me now'}]", "keys: [{name: a, key: hush}]",
    "keys: [{name: a, key: hush-1234}, {name: b, key: hush-1234}]", "keys: [{name: a, ky: hush-12345678}]",
    "keys: [{name: a, key: &hush hush-12345678}]", "keys: [{name: a, key: *hush}]",
    "keys: [{name: a, key: \"hush\n",
    "server: {port: \"${TEAM_A_KEY}\"}", "server: {host: \"a ${TEAM_A_KEY}\"}",
    "routing: {strategy: \"${TEAM_A_KEY}\"}",
    "routing: {timeout: \"${TEAM_A_KEY}\"}", "budgets: {global_usd: \"${TEAM_A_KEY}\"}",
    "aliases: {a: [\"${TEAM_A_KEY}\"]}",
    "keys: [{name: \"${TEAM_A_KEY} x\", key: hush-1234}]",
    "keys: [{name: a, key: hush-1234, models: [\"${TEAM_A_KEY}\"]}]",
    "server: {allow_open: \"${TEAM_A_KEY}\"}", "ledger: {path: \"${TEAM_A_KEY}/\"}",
  ]

  @Test("no error repeats what may be a key", arguments: careless)
  func carelessFile(yaml: String) {
    let errors = Sample.errors(yaml + "\n" + Sample.provider, environment: SecrecyTests.environment)
    #expect(!errors.isEmpty)
    #expect(errors.allSatisfy { !$0.contains(SecrecyTests.marker) }, "\(errors)")
  }

  static let carelessLines = [
    "api_key: hush hush", "api_key: [hush]", "api_keys: hush", "api_key: {hush: hush}", "key: hush",
    "headers: {host: hush}",
    "headers: {a: \"hush\\n\"}", "headers: {a: [hush]}", "headers: hush", "endpoint: https://hush@a.b",
    "model: \"${TEAM_A_KEY} x\"",
    "cost_per_token: ${TEAM_A_KEY}", "behavior: ${TEAM_A_KEY}", "kind: ${TEAM_A_KEY}", "api_key:hush",
  ]

  @Test("no error about a provider repeats what may be a key", arguments: carelessLines)
  func carelessProvider(line: String) {
    let errors = Sample.errors(Sample.provider("free: true", line), environment: SecrecyTests.environment)
    #expect(!errors.isEmpty)
    #expect(errors.allSatisfy { !$0.contains(SecrecyTests.marker) }, "\(errors)")
  }
}
