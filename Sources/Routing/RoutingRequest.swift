package import GatewayTypes
package import Health

/// Which model the caller asked for.
package enum AskedModel: Hashable, Sendable {
  /// `auto`, or nothing: the gateway chooses.
  case any
  /// A model, a provider id or name, `name/model`, or an alias.
  case named(String)

  package init(_ text: String?) {
    switch text {
    case nil, "", "auto": self = .any
    case .some(let name): self = .named(name)
    }
  }
}

/// What the router needs to know of a request.
package struct RoutingRequest: Sendable {
  package var model: AskedModel
  package var strategy: RankingStrategy
  package var intent: Intent
  /// The tokens that the input probably has: ranks costs and is held against context windows.
  package var inputTokens: Int
  /// The tokens that the input cannot pass: held against the budget.
  package var inputTokenBound: Int
  /// The tokens that an answer probably has, where nothing is known of such requests.
  package var outputTokens: Int
  /// What is known of such requests, whichever model answers.
  package var usualAnswer: ExpectedAnswer
  /// The most tokens that the caller lets one answer have; nil is no bound.
  package var maxOutputTokens: Int?
  /// How many answers are asked for.
  package var choiceCount: Int
  package var needs: CapabilitySet
  /// `max_cost_per_request`.
  package var maxCost: Money?
  /// What the budgets that apply still allow; nil is no budget.
  package var budgetLeft: Money?
  /// What the client's key may ask for: models, provider ids or names, aliases; `*` is all.
  package var allowedModels: [String]
  /// The index of the provider that has this user's prompts in its cache, if any.
  package var warmProvider: Int?
  /// Evenly spread bits, another for each request: what `weighted` draws by.
  package var random: UInt64

  package init(
    model: AskedModel = .any, strategy: RankingStrategy = .cost, intent: Intent = .general,
    inputTokens: Int, inputTokenBound: Int? = nil, outputTokens: Int,
    usualAnswer: ExpectedAnswer = ExpectedAnswer(), maxOutputTokens: Int? = nil,
    choiceCount: Int = 1,
    needs: CapabilitySet = [.chat], maxCost: Money? = nil, budgetLeft: Money? = nil,
    allowedModels: [String] = ["*"], warmProvider: Int? = nil, random: UInt64 = 0
  ) {
    self.model = model
    self.strategy = strategy
    self.intent = intent
    self.inputTokens = inputTokens
    self.inputTokenBound = inputTokenBound ?? inputTokens
    self.outputTokens = outputTokens
    self.usualAnswer = usualAnswer
    self.maxOutputTokens = maxOutputTokens
    self.choiceCount = choiceCount
    self.needs = needs
    self.maxCost = maxCost
    self.budgetLeft = budgetLeft
    self.allowedModels = allowedModels
    self.warmProvider = warmProvider
    self.random = random
  }

  /// Bits for drawing by chance: those of the request's id, so that the draw can be repeated from it.
  package static func drawBits(of id: String) -> UInt64 {
    // `req_` and 24 hexadecimal digits.
    id.utf8.dropFirst(4).prefix(16).reduce(0) { bits, byte in
      bits << 4 | UInt64(byte < UInt8(ascii: "a") ? byte & 15 : byte &- (UInt8(ascii: "a") - 10))
    }
  }
}
