package import GatewayTypes

/// Everything that `providers.yaml` says, checked and with every default filled in.
package struct GatewayConfiguration: Sendable {
  package var server = ServerConfiguration()
  package var keys: [ClientKeyConfiguration] = []
  package var routing = RoutingConfiguration()
  package var breaker = BreakerConfiguration()
  /// Absent: tokens never cool a provider down.
  package var cooldown: CooldownConfiguration?
  package var budgets = BudgetConfiguration()
  package var ledger = LedgerConfiguration()
  package var prompt = PromptConfiguration()
  /// Alias → provider ids, in the order written.
  package var aliases: [String: [ProviderID]] = [:]
  /// In file order. Disabled ones are kept, with the reason.
  package var providers: [ProviderConfiguration] = []
}

package struct ServerConfiguration: Sendable {
  package var host = "127.0.0.1"
  package var port = 8000
  /// The number of event loops; nil is `auto`: one a core.
  package var workers: Int?
  package var maxBodyBytes = 33_554_432
  package var corsOrigins = ["null"]
  package var drainTimeout: Duration = .seconds(30)
  /// Serve a non-loopback address although no client key is set.
  package var allowOpen = false
}

package struct ClientKeyConfiguration: Sendable {
  package var name: String
  /// The secret itself. Never shown.
  package var key: String
  package var budget: Money?
  package var budgetWindow: BudgetWindow = .total
  package var rateLimitPerMinute: Int?
  /// Model names, provider ids and aliases this key may ask for; `*` is all.
  package var models = ["*"]
  package var isAdmin = false
}

package enum BudgetWindow: String, Sendable, CaseIterable {
  case total, day, month
}

package enum RoutingStrategy: String, Sendable, CaseIterable {
  case cost, speed, quality
}

package struct RoutingConfiguration: Sendable {
  package var strategy: RoutingStrategy = .cost
  /// The deadline of a whole request, all attempts included.
  package var timeout: Duration = .seconds(60)
  package var penaltyWindow: Duration = .seconds(300)
  /// The share of failures in the window above which a provider goes behind the others.
  package var penaltyThreshold = 0.05
  /// Intent → provider ids or names that are preferred for it.
  package var intents: [String: [String]] = [:]
  /// What a matching intent multiplies the rank value by; 0 … 1, smaller is a stronger boost.
  package var intentBoost = 0.5
}

package struct BreakerConfiguration: Sendable {
  package var failureThreshold = 3
  package var cooldown: Duration = .seconds(60)
  package var halfOpenTrials = 1
  package var maxCooldown: Duration = .seconds(600)
}

package struct CooldownConfiguration: Sendable {
  package var tokens: Int
  package var window: Duration = .seconds(60)
  package var duration: Duration = .seconds(300)
}

package struct BudgetConfiguration: Sendable {
  package var perUser: Money?
  package var window: BudgetWindow = .total
  package var users: [String: Money] = [:]
  /// `name=value` → budget of all requests that carry this tag.
  package var tags: [String: Money] = [:]
  package var global: Money?
}

package enum FsyncMode: String, Sendable, CaseIterable {
  case never, interval, always
}

package enum LedgerErrorPolicy: String, Sendable, CaseIterable {
  case refuse, serve
}

package struct LedgerConfiguration: Sendable {
  /// As written; relative to the folder of the configuration file.
  package var path = "logs/usage.log"
  package var fsync: FsyncMode = .interval
  package var rotateBytes = 1_073_741_824
  package var onError: LedgerErrorPolicy = .refuse
  /// Write prompts and answers into the ledger.
  package var content = false
}

package struct PromptConfiguration: Sendable {
  /// Prompts longer than this many tokens are trimmed; nil is off.
  package var maxTokens: Int?
}

package enum ProviderKind: String, Sendable, CaseIterable {
  case openai, anthropic, gemini, mock
}

package enum MockBehavior: String, Sendable, CaseIterable {
  case success, failure
  case rateLimit = "rate_limit"
  case slow, cut
}

package struct ProviderConfiguration: Sendable {
  /// `name`, or `name/model` where the name repeats.
  package var id: ProviderID
  package var name: String
  package var model: String
  package var kind: ProviderKind = .openai
  /// Without a trailing slash. Nil for mocks and where `endpoint` is given.
  package var baseURL: String?
  /// The full URL of the chat completions call, in place of `baseURL`.
  package var endpoint: String?
  /// The provider's key. Never shown; nil when the provider needs none.
  package var apiKey: String?
  /// Why this provider is not used, for example `GROQ_API_KEY is not set`; nil when it is.
  package var disabledReason: String?
  package var demoOnly = false
  package var prices: Prices
  package var priority = 0
  package var timeout: Duration?
  package var firstTokenTimeout: Duration?
  package var idleTimeout: Duration?
  package var retries = 0
  package var rateLimitRequestsPerMinute: Int?
  package var rateLimitTokensPerMinute: Int?
  package var maxConcurrency: Int?
  package var contextWindow: Int?
  package var maxOutputTokens: Int?
  package var specialties: [String] = []
  package var qualityScore = 0.5
  package var latencyMilliseconds: Int?
  /// Extra request headers, in file order.
  package var headers: [(name: String, value: String)] = []
  package var mockBehavior: MockBehavior = .success
  package var mockReply: String?
}
