import GatewayTypes
import Testing

@testable import Configuration

@Suite("ProvidersFile")
struct ProvidersFileTests {
  @Test("fills in every default of the least file")
  func defaults() throws {
    let configuration = try Sample.decode(Sample.provider)
    #expect(configuration.server.host == "127.0.0.1")
    #expect(configuration.server.port == 8000)
    #expect(configuration.server.workers == nil)
    #expect(configuration.server.corsOrigins == ["null"])
    #expect(configuration.routing.strategy == .cost)
    #expect(configuration.routing.timeout == .seconds(60))
    #expect(configuration.cooldown == nil)
    #expect(configuration.prompt.maxTokens == nil)
    #expect(configuration.budgets.perUser == nil)
    #expect(configuration.ledger.path == "logs/usage.log")
    let demo = try #require(configuration.providers.first)
    #expect(demo.id == ProviderID("demo"))
    #expect(demo.model == "demo")
    #expect(demo.kind == .mock)
    #expect(demo.prices == .free)
    #expect(demo.isEnabled)
    #expect(configuration.warnings.isEmpty)
  }

  @Test("reads every key of every section")
  func everything() throws {
    let configuration = try Sample.decode(
      """
      server: {host: 0.0.0.0, port: 9000, workers: 4, max_body_bytes: 2048, cors_origins: [null, "*", "https://a.b:8443"], drain_timeout: 0, allow_open: false}
      keys:
        - {name: team-a, key: "${TEAM_A_KEY}", budget_usd: 5, budget_window: month, rate_limit_rpm: 600, models: ["*", fast, llama, groq, groq/llama], admin: true}
        - {name: team-b, key: 'literal-key'}
      routing: {strategy: speed, timeout: 1.5m, penalty: {window: 10m, threshold: 0.25, min_requests: 20}, sticky: 10m, intents: {code: [groq], writing: [demo]}, intent_boost: 0.7}
      breaker: {failure_threshold: 5, cooldown: 30s, half_open_trials: 2, max_cooldown: 1h}
      cooldown: {tokens: 5000, window: 30, duration: 500ms}
      budgets: {per_user_usd: 1.00, window: day, users: {alice: 5.00}, tags: {team=red: 20}, global_usd: 100}
      ledger: {path: /var/log/usage.log, fsync: always, rotate_bytes: 4096, on_error: serve, content: true}
      prompt: {max_tokens: 4000}
      aliases: {fast: [groq, demo]}
      providers:
        - name: groq
          kind: openai
          base_url: https://api.groq.com/openai/v1//
          api_key: ${GROQ_API_KEY}
          model: llama
          cost_per_1k_tokens: 0.0005
          priority: 1
          weight: 2.5
          timeout: 30s
          first_token_timeout: 10
          idle_timeout: 2m
          retries: 1
          rate_limit_rpm: 100
          rate_limit_tpm: 200000
          max_concurrency: 64
          context_window: 131072
          max_output_tokens: 8192
          specialties: [code, analysis]
          quality_score: 0.8
          latency_ms: 200
          headers: {X-Extra: "value ${TEAM_A_KEY}", x-b: ''}
        - {name: groq, model: qwen/q3, endpoint: "https://x.y/chat/completions?api-version=1", cost_per_token: 0.000001}
        - {name: demo, kind: mock, free: true, behavior: rate_limit, weight: 0, reply: "a\\nb", latency_ms: 0}
      """, environment: ["TEAM_A_KEY": "secret-a", "GROQ_API_KEY": " gsk-1\n"])

    #expect(configuration.server.workers == 4)
    #expect(configuration.server.corsOrigins == ["null", "*", "https://a.b:8443"])
    #expect(configuration.server.drainTimeout == .zero)
    #expect(configuration.keys.map(\.key) == [Secret("secret-a"), Secret("literal-key")])
    #expect(configuration.keys[0].budget == Money.dollar * 5)
    #expect(configuration.keys[0].budgetWindow == .month)
    #expect(configuration.keys[0].isAdmin)
    #expect(configuration.keys[1].models == ["*"])
    #expect(configuration.routing.strategy == .speed)
    #expect(configuration.routing.timeout == .seconds(90))
    #expect(configuration.routing.penaltyWindow == .seconds(600))
    #expect(configuration.routing.penaltyThreshold == 0.25)
    #expect(configuration.routing.penaltyMinimumRequests == 20)
    #expect(configuration.routing.sticky == .seconds(600))
    #expect(configuration.routing.intentBoost == 0.7)
    #expect(configuration.routing.intents == ["code_generation": ["groq"], "writing": ["demo"]])
    #expect(configuration.breaker.failureThreshold == 5)
    #expect(configuration.breaker.maxCooldown == .seconds(3600))
    #expect(configuration.cooldown?.window == .seconds(30))
    #expect(configuration.cooldown?.duration == .milliseconds(500))
    #expect(configuration.budgets.users == ["alice": Money.dollar * 5])
    #expect(configuration.budgets.tags == ["team=red": Money.dollar * 20])
    #expect(configuration.budgets.window == .day)
    #expect(configuration.ledger.fsync == .always)
    #expect(configuration.ledger.onError == .serve)
    #expect(configuration.ledger.content)
    #expect(configuration.prompt.maxTokens == 4000)
    #expect(configuration.aliases["fast"]?.map(\.text) == ["groq/llama", "groq/qwen/q3", "demo"])
    #expect(configuration.providers.map(\.id.text) == ["groq/llama", "groq/qwen/q3", "demo"])

    let groq = configuration.providers[0]
    #expect(groq.baseURL == "https://api.groq.com/openai/v1")
    #expect(groq.apiKey == Secret("gsk-1"))
    #expect(groq.prices == Prices(input: Money(picodollars: 500_000), output: Money(picodollars: 500_000)))
    #expect(groq.firstTokenTimeout == .seconds(10))
    #expect(groq.idleTimeout == .seconds(120))
    #expect(groq.specialties == ["code", "analysis"])
    #expect(groq.headers.map(\.name) == ["x-extra", "x-b"])
    #expect(groq.headers.map(\.value) == [Secret("value secret-a"), Secret("")])
    #expect(groq.rateLimitTokensPerMinute == 200_000)
    #expect(configuration.providers.map(\.weightThousandths) == [2_500, 1_000, 0])
    #expect(configuration.providers[1].endpoint == "https://x.y/chat/completions?api-version=1")
    #expect(configuration.providers[2].mockBehavior == .rateLimit)
    #expect(configuration.providers[2].mockReply == "a\nb")
  }

  @Test("sections that are written but empty keep their defaults")
  func emptySections() throws {
    let configuration = try Sample.decode(
      "server:\nkeys:\ncooldown:\nbudgets: ~\naliases:\n" + Sample.provider)
    #expect(configuration.keys.isEmpty)
    #expect(configuration.cooldown == nil)
  }

  @Test("a provider whose key is missing is kept, with the reason")
  func missingKey() throws {
    let yaml = Sample.provider("free: true", "api_key: ${GROQ_API_KEY}")
    let unset = try Sample.decode(yaml)
    #expect(unset.providers[0].disabledReason == "GROQ_API_KEY is not set")
    #expect(unset.providers[0].needsKey)
    #expect(unset.warnings.contains { $0.contains("every provider is disabled") })
    #expect(
      try Sample.decode(yaml, environment: ["GROQ_API_KEY": ""]).providers[0].disabledReason
        == "GROQ_API_KEY is empty")
    #expect(try Sample.decode(yaml, environment: ["GROQ_API_KEY": "k"]).providers[0].isEnabled)
  }

  @Test("a demonstration rests while another provider is enabled")
  func demonstration() throws {
    let yaml =
      Sample.provider("free: true", "api_key: ${KEY}")
      + "  - {name: demo, kind: mock, free: true, demo_only: true}\n"
    #expect(try Sample.decode(yaml).providers.map(\.isEnabled) == [false, true])
    let keyed = try Sample.decode(yaml, environment: ["KEY": "k"])
    #expect(keyed.providers.map(\.isEnabled) == [true, false])
    #expect(keyed.providers[1].disabledReason == "demo_only: another provider is enabled")
  }

  @Test("all errors are reported in one pass, in file order, twenty at most")
  func allErrors() throws {
    let lines = Sample.errors(
      "server: {port: x, hots: 1}\nbreaker: {cooldown: soon}\n" + Sample.provider + "zzz: 1\n")
    #expect(
      lines.map { $0.prefix { $0 != " " } } == [
        "providers.yaml:1:16:", "providers.yaml:1:19:", "providers.yaml:2:21:", "providers.yaml:4:1:",
      ])
    let many = (0..<50).map { "key_\($0): 1\n" }.joined() + Sample.provider
    let errors = try #require(throws: ConfigurationErrors.self) { try Sample.decode(many) }
    #expect(errors.errors.count == 20)
    #expect(errors.omittedCount == 30)
    #expect(errors.description.hasSuffix("\nand 30 more"))
  }

  @Test("the shipped file is sound and answers at once without any key")
  func shipped() throws {
    let bytes = try Sample.shipped()
    let fresh = try Sample.decode(bytes: bytes)
    #expect(fresh.providers.filter(\.isEnabled).map(\.name) == ["demo"])
    #expect(fresh.budgets.perUser == .dollar)
    #expect(fresh.warnings.isEmpty)
    let keyed = try Sample.decode(
      bytes: bytes, environment: ["GROQ_API_KEY": "gsk-1", "ANTHROPIC_API_KEY": "sk-2"])
    #expect(keyed.providers.filter(\.isEnabled).map(\.name) == ["anthropic", "groq"])
  }
}
