import Testing

@testable import Configuration

/// One mistake, where it is found, and a piece of what is said about it.
struct Mistake: CustomTestStringConvertible, Sendable {
  let yaml: String
  let place: String
  let piece: String
  var environment: [String: String] = [:]

  init(_ yaml: String, _ place: String, _ piece: String, _ environment: [String: String] = [:]) {
    self.yaml = yaml
    self.place = place
    self.piece = piece
    self.environment = environment
  }

  var testDescription: String { "\(place) \(piece)" }

  /// The file's errors hold the expected one.
  var isReported: Bool {
    Sample.errors(yaml, environment: environment).contains {
      $0.hasPrefix("providers.yaml:\(place): ") && $0.contains(piece)
    }
  }

  /// What was said instead, for a failed expectation.
  var found: String { Sample.errors(yaml, environment: environment).joined(separator: "\n") }
}

@Suite("A bad providers.yaml")
struct RefusalTests {
  /// A mistake above an otherwise good file.
  private static func above(_ yaml: String, _ place: String, _ piece: String) -> Mistake {
    Mistake(yaml + "\n" + Sample.provider, place, piece)
  }

  /// A mistake on the fifth line, in a provider with a price unless the line is about prices.
  private static func inProvider(_ line: String, _ column: Int, _ piece: String) -> Mistake {
    Mistake(Sample.provider(line, "free: true"), "5:\(column)", piece)
  }

  static let sections: [Mistake] = [
    Mistake("", "1:1", "the file is empty"),
    Mistake("# nothing\n", "1:1", "the file is empty"),
    Mistake("[a]\n", "1:1", "the file must be a mapping of keys to values, found a list"),
    Mistake("hello\n", "1:1", "found a single value"),
    Mistake("server: {port: 1}\n", "1:1", "no providers"),
    Mistake("providers:\n", "1:11", "no providers"),
    Mistake("providers: []\n", "1:12", "at least one entry"),
    Mistake("providers: {a: 1}\n", "1:12", "providers must be a list, found a mapping"),
    Mistake("providers: [groq]\n", "1:13", "the provider must be a mapping"),
    above("sever: {port: 1}", "1:1", "unknown key 'sever'; did you mean 'server'?"),
    above(
      "qqqqq: 1", "1:1",
      "unknown key 'qqqqq'; known are aliases, breaker, budgets, cooldown, keys, ledger, prompt"),
    above("server: 8000", "1:9", "server must be a mapping of keys to values, found a single value"),
    above("server: {Port: 1}", "1:10", "unknown key 'Port' in server; did you mean 'port'?"),
    above("server: {port: 1, port: 2}", "1:19", "key 'port' is written twice, first at 1:10"),
    above(
      "server: {port: 65536}", "1:16", "server.port must be a whole number from 0 to 65535, found '65536'"),
    above("server: {port: -1}", "1:16", "found '-1'"),
    above("server: {port: +1}", "1:16", "found '+1'"),
    above("server: {port: 8_000}", "1:16", "found '8_000'"),
    above("server: {port: 0x10}", "1:16", "found '0x10'"),
    above("server: {port: 80.5}", "1:16", "found '80.5'"),
    above("server: {port: ''}", "1:16", "found an empty text"),
    above("server: {port: }", "1:16", "server.port has no value"),
    above("server: {port: [80]}", "1:16", "server.port must be a single value, found a list"),
    above("server: {port: 99999999999999999999}", "1:16", "from 0 to 65535"),
    above(
      "server: {workers: many}", "1:19",
      "server.workers must be auto or a whole number from 1 to 256, found 'many'"),
    above("server: {workers: 0}", "1:19", "found '0'"),
    above("server: {host: 'a b'}", "1:16", "server.host must be an IP address or host name"),
    above("server: {host: 0.0.0.0}", "1:16", "set 'server.allow_open: true'"),
    above("server: {host: 127.0.0.1.evil.com}", "1:16", "can be reached from other machines"),
    above("server: {host: '::'}", "1:16", "bind 127.0.0.1"),
    above("server: {allow_open: yes}", "1:22", "server.allow_open must be true or false, found 'yes'"),
    above("server: {drain_timeout: 30 s}", "1:25", "must be a duration such as 30s, 500ms, 2m or 1h"),
    above("server: {drain_timeout: -1}", "1:25", "found '-1'"),
    above("server: {max_body_bytes: 32MB}", "1:26", "found '32MB'"),
    above("server: {cors_origins: https://a.b}", "1:24", "server.cors_origins must be a list"),
    above("server: {cors_origins: ['https://a.b/']}", "1:25", "without a path"),
    above("server: {cors_origins: [a.b]}", "1:25", "found 'a.b'"),
    above("routing: {strategy: cheap}", "1:21", "must be cost, speed, quality or weighted, found 'cheap'"),
    above("routing: {strategy: sped}", "1:21", "did you mean 'speed'?"),
    above("routing: {timeout: 0}", "1:20", "from 1ms to 24h, found '0'"),
    above("routing: {timeout: 25h}", "1:20", "found '25h'"),
    above("routing: {timeout: 1d}", "1:20", "found '1d'"),
    above("routing: {timeout: 1e3}", "1:20", "found '1e3'"),
    above("routing: {penalty: {treshold: 1}}", "1:21", "in routing.penalty; did you mean 'threshold'?"),
    above(
      "routing: {penalty: {threshold: 5}}", "1:32",
      "routing.penalty.threshold must be a number from 0 to 1, found '5'"),
    above("routing: {penalty: {threshold: nan}}", "1:32", "found 'nan'"),
    above("routing: {intent_boost: 1.5}", "1:25", "must be a number from 0 to 1"),
    above("routing: {strategy: weigthed}", "1:21", "did you mean 'weighted'?"),
    above("routing: {sticky: true}", "1:19", "routing.sticky must be a duration"),
    above("routing: {penalty: {min_requests: 0}}", "1:35", "a whole number from 1 to 1000000"),
    above(
      "routing: {intents: {writting: [demo]}}", "1:21", "unknown intent 'writting'; did you mean 'writing'?"),
    above("routing: {intents: {writing: demo}}", "1:30", "must be a list, found a single value"),
    above(
      "routing: {intents: {writing: [dmeo]}}", "1:31", "no provider is called 'dmeo'; did you mean 'demo'?"),
    above("routing: {intents: {code: [demo], code_generation: [demo]}}", "1:35", "is listed twice"),
    above("routing: {intents: {code: []}}", "1:21", "names no provider"),
    above("breaker: {failure_threshold: 0}", "1:30", "from 1 to 1000000"),
    above(
      "breaker: {cooldown: 20m, max_cooldown: 10m}", "1:40", "must not be less than breaker.cooldown, 20m"),
    above("cooldown: {window: 60s}", "1:11", "cooldown has no tokens"),
    above("cooldown: {tokens: 0}", "1:20", "from 1 to"),
    above(
      "budgets: {per_user_usd: -1}", "1:25",
      "an amount of US dollars from 0 to 1,000,000,000 such as 1.50, found '-1'"),
    above("budgets: {per_user_usd: $1}", "1:25", "found '$1'"),
    above("budgets: {global_usd: 0.0000000000001}", "1:23", "must be an amount of US dollars"),
    above("budgets: {window: week}", "1:19", "must be total, day or month, found 'week'"),
    above("budgets: {users: {alice: lots}}", "1:26", "the budget of 'alice' must be an amount"),
    above("budgets: {users: [alice]}", "1:18", "budgets.users must be a mapping"),
    above("budgets: {tags: {team: 5}}", "1:18", "'team' must be a tag's name and value, such as team=red"),
    above("budgets: {tags: {=red: 5}}", "1:18", "must be a tag's name and value"),
    above("ledger: {path: ''}", "1:16", "ledger.path must be a text on one line, found an empty text"),
    above("ledger: {path: logs/}", "1:16", "must name a file"),
    above("ledger: {path: \"a\\nb\"}", "1:16", "found control characters"),
    above("ledger: {fsync: sometimes}", "1:17", "must be never, interval or always"),
    above("ledger: {on_error: refse}", "1:20", "did you mean 'refuse'?"),
    above("ledger: {rotate_bytes: 0}", "1:24", "from 1 to"),
    above("prompt: {max_tokens: none}", "1:22", "found 'none'"),
    above(
      "aliases: {fast: [nobody]}", "1:18", "alias 'fast': no provider is called 'nobody'; known are demo"),
    above(
      "aliases: {fast: [demo], best: [fast]}", "1:32",
      "alias 'best': 'fast' is an alias, not a provider"),
    above(
      "routing: {intents: {code: [fast]}}\naliases: {fast: [demo]}", "1:28",
      "intent 'code_generation': 'fast' is an alias, not a provider"),
    above("aliases: {demo: [demo]}", "1:11", "alias 'demo' is also a provider"),
    above("aliases: {auto: [demo]}", "1:11", "must not be 'auto'"),
    above("aliases: {'a b': [demo]}", "1:11", "must be 1 to 64 letters, digits"),
    above("aliases: {fast: }", "1:11", "aliases.fast names no provider"),
    above("aliases: [fast]", "1:10", "aliases must be a mapping"),
  ]

  @Test("names the place and the way out", arguments: sections)
  func refusesSection(_ mistake: Mistake) {
    #expect(mistake.isReported, "\(mistake.found)")
  }

  static let keys: [Mistake] = [
    above("keys: {a: b}", "1:7", "keys must be a list, found a mapping"),
    above("keys: [{key: 'long-enough'}]", "1:8", "the client key has no name; add 'name: …'"),
    above("keys: [{name: a}]", "1:8", "the client key has no key"),
    above("keys: [{name: a, key: }]", "1:23", "key has no value"),
    above("keys: [{name: a, key: ''}]", "1:23", "key is empty"),
    above("keys: [{name: a, key: 'short'}]", "1:23", "at least 8 characters, because"),
    above("keys: [{name: a, key: 'has a space'}]", "1:23", "without spaces inside"),
    above("keys: [{name: a, key: \"${TEAM_KEY}\"}]", "1:23", "environment variable TEAM_KEY is not set"),
    Mistake(
      "keys: [{name: a, key: \"${K}\"}]\n" + Sample.provider, "1:23", "environment variable K is empty",
      ["K": ""]),
    Mistake("keys: [{name: a, key: \"${K}\"}]\n" + Sample.provider, "1:23", "key is empty", ["K": "  \n"]),
    above(
      "keys: [{name: a, key: '12345678'}, {name: a, key: '87654321'}]", "1:43",
      "client key 'a' is listed twice"),
    above(
      "keys: [{name: a, key: '12345678'}, {name: b, key: '12345678'}]", "1:51",
      "the key is the same as the one"),
    above("keys: [{name: 'a/b', key: '12345678'}]", "1:15", "must be 1 to 64 letters"),
    above(
      "keys: [{name: a, key: '12345678', models: [gtp]}]", "1:44",
      "no model, provider or alias is called 'gtp'"),
    above("keys: [{name: a, key: '12345678', models: [deno]}]", "1:44", "did you mean 'demo'?"),
    above("keys: [{name: a, key: '12345678', models: []}]", "1:43", "models allows nothing"),
    above("keys: [{name: a, key: '12345678', admin: maybe}]", "1:42", "admin must be true or false"),
    above("keys: [{name: a, key: '12345678', budget: 1}]", "1:35", "did you mean 'budget_usd'?"),
  ]

  @Test("names what is wrong with a client key", arguments: keys)
  func refusesKey(_ mistake: Mistake) {
    #expect(mistake.isReported, "\(mistake.found)")
  }

  static let providers: [Mistake] = [
    Mistake("providers:\n  - {kind: mock, free: true}\n", "2:5", "the provider has no name"),
    Mistake(
      "providers:\n  - {name: a, base_url: http://a, free: true}\n", "2:5", "the provider has no model"),
    Mistake("providers:\n  - {name: a, model: m, free: true}\n", "2:5", "the provider has no address"),
    Mistake("providers:\n  - {name: a/b, kind: mock, free: true}\n", "2:12", "name must be 1 to 64 letters"),
    Mistake("providers:\n  - {name: auto, kind: mock, free: true}\n", "2:12", "must not be 'auto'"),
    Mistake(
      "providers:\n  - {name: a, kind: mock, free: true}\n  - {name: a, kind: mock, free: true}\n", "3:5",
      "provider 'a/a' is listed twice, first at 2:5"),
    Mistake(
      "providers:\n  - {name: a, kind: mock, free: true, modle: m}\n", "2:39",
      "unknown key 'modle'; did you mean 'model'?"),
    Mistake(
      "providers:\n  - {name: a, kind: mok, free: true}\n", "2:21",
      "must be openai, anthropic, gemini or mock, found 'mok'; did you mean 'mock'?"),
    Mistake(
      "providers:\n  - {name: a, kind: gemini, model: m, endpoint: http://a/b, free: true}\n", "2:49",
      "endpoint is not for kind gemini"),
    Mistake(
      "providers:\n  - {name: a, kind: mock, free: true, model: 'a b'}\n", "2:46",
      "without spaces, found 'a b'"),
    inProvider("api_kyes: x", 5, "unknown key 'api_kyes'; did you mean 'api_keys'?"),
    inProvider("url: x", 5, "unknown key 'url'; did you mean 'base_url'?"),
    inProvider("rpm: 5", 5, "unknown key 'rpm'; did you mean 'rate_limit_rpm'?"),
    inProvider("endpoint: https://a.b/c", 15, "endpoint and base_url are both given"),
    inProvider("api_key: $GROQ_API_KEY", 14, "written with braces"),
    inProvider("api_key: ''", 14, "api_key is empty"),
    inProvider("api_key: a b", 14, "without spaces inside"),
    inProvider("api_key: [a]", 14, "must be a single value, found a list"),
    inProvider("api_key: ${GROQ_API_KEY", 14, "has no closing '}'"),
    inProvider("api_key: ${GROQ-API-KEY}", 14, "expected ${NAME} or ${NAME:-default}"),
    inProvider("behavior: slow", 5, "behavior is only for 'kind: mock'"),
    inProvider("reply: hello", 5, "reply is only for 'kind: mock'"),
    inProvider("timeout: 30sec", 14, "timeout must be a duration"),
    inProvider(
      "timeout: ${PROVIDER_TIMEOUT}", 14,
      "add PROVIDER_TIMEOUT=… to .env beside this file, or write ${PROVIDER_TIMEOUT:-default}"),
    inProvider("retries: 11", 14, "from 0 to 10"),
    inProvider("max_concurrency: 0", 22, "from 1 to"),
    inProvider("weight: -1", 13, "weight must be a number from 0 to 1000000"),
    inProvider("weight: all", 13, "found 'all'"),
    inProvider("quality_score: high", 20, "must be a number from 0 to 100"),
    inProvider("specialties: code", 18, "must be a list, found a single value"),
    inProvider("specialties: [[code]]", 19, "must be a single value, found a list"),
    inProvider("headers: {content-length: 5}", 15, "written by the gateway itself"),
    inProvider("headers: {Host: a}", 15, "written by the gateway itself"),
    inProvider("headers: {Transfer-Encoding: chunked}", 15, "written by the gateway itself"),
    inProvider("headers: {'a b': c}", 15, "is not a header name"),
    inProvider("headers: {'': c}", 15, "is not a header name"),
    inProvider("headers: {a: \"b\\r\\nc: d\"}", 15, "holds a line break"),
    inProvider("headers: {a: \"b\\0\"}", 15, "holds a line break or another control character"),
    inProvider("headers: {a: b, A: c}", 21, "is written twice"),
    inProvider("headers: {a: }", 18, "headers.a has no value"),
    inProvider("headers: [a]", 14, "headers must be a mapping"),
    Mistake(
      Sample.provider("free: true", "api_key: k", "headers: {Authorization: x}"), "7:15",
      "'Authorization' and api_key both carry the key"),
    inProvider("colour: 5", 5, "unknown key 'colour'"),
    inProvider("demo_only: 1", 16, "must be true or false"),
  ]

  @Test("more providers than can be weighed for each request are refused")
  func tooManyProviders() {
    let entries = (0...FileDraft.providerLimit).map { "- {name: p\($0), kind: mock, free: true}\n" }
    let errors = Sample.errors("providers:\n" + entries.joined())
    #expect(errors == ["providers.yaml:1002:3: more than 1000 providers; remove this one and those after it"])
  }

  @Test("names what is wrong with a provider", arguments: providers)
  func refusesProvider(_ mistake: Mistake) {
    #expect(mistake.isReported, "\(mistake.found)")
  }

  static let addresses: [(String, String)] = [
    ("api.groq.com", "must start with https://"), ("ftp://a.b", "must start with https://"),
    ("https://", "no well-formed host"),
    ("https:///v1", "no well-formed host"), ("https://user:pass@a.b/v1", "must not hold a user or password"),
    ("https://a.b/v1?key=1", "must not have a '?' query"),
    ("https://a.b/v1#x", "must not have a '#' fragment"),
    ("https://a.b:0/v1", "a port"), ("https://a.b:x/v1", "a port"), ("https://a.b:70000", "a port"),
    ("https://a.b:", "a port"),
    ("https://a b/v1", "percent-encoded"), ("https://a.b/<x>", "percent-encoded"),
    ("https://é.com", "percent-encoded"),
    ("https://[::1/v1", "no well-formed host"), ("https://a.b:+1/", "a port"),
  ]

  @Test("names what is wrong with an address", arguments: addresses)
  func refusesAddress(address: String, piece: String) {
    let yaml = "providers:\n  - {name: a, model: m, free: true, base_url: '\(address)'}\n"
    let mistake = Mistake(yaml, "2:47", piece)
    #expect(mistake.isReported, "\(mistake.found)")
    #expect(!mistake.found.contains("user:pass"), "a password is not repeated")
  }

  @Test(
    "takes an address as written, less the slashes at its end",
    arguments: [
      ("https://a.b/v1/", "https://a.b/v1"), ("HTTP://127.0.0.1:80", "HTTP://127.0.0.1:80"),
      ("http://[::1]:9/", "http://[::1]:9"), ("https://a-b_c.d", "https://a-b_c.d"),
    ])
  func takesAddress(written: String, text: String) throws {
    #expect(try ProviderAddress(written, allowsQuery: false).text == text)
  }
}
