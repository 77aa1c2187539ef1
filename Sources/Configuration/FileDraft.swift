import GatewayTypes

/// The file as decoded, section by section, before the sections are checked against each other.
struct FileDraft {
  var configuration = GatewayConfiguration()
  var aliases: [NameList] = []
  var intents: [NameList] = []
  /// Where each provider's entry starts, in file order.
  var providerMarks: [YAMLMark] = []
  /// Where each client key's name, secret and models stand, in file order.
  var keyPlaces: [KeyPlaces] = []
  var hostMark = YAMLMark(line: 1, column: 1)

  struct KeyPlaces {
    var name: YAMLMark
    var key: YAMLMark
    var models: [Scalar]
  }

  init(reading top: inout SectionReader) {
    configuration.server =
      top.section("server") { section in
        hostMark = section.place(of: "host")
        return ServerConfiguration(reading: &section)
      } ?? configuration.server
    readKeys(&top)
    configuration.routing = top.section("routing") { readRouting(&$0) } ?? configuration.routing
    configuration.breaker = top.section("breaker") { .init(reading: &$0) } ?? configuration.breaker
    configuration.cooldown = top.section("cooldown") { .init(reading: &$0) }
    configuration.budgets = top.section("budgets") { .init(reading: &$0) } ?? configuration.budgets
    configuration.ledger = top.section("ledger") { .init(reading: &$0) } ?? configuration.ledger
    configuration.prompt = top.section("prompt") { .init(reading: &$0) } ?? configuration.prompt
    aliases = top.nameLists("aliases")
    configuration.providers = top.sections("providers", each: "provider") { section in
      providerMarks.append(section.mark)
      return ProviderConfiguration(reading: &section)
    }
    if FileDraft.isEmpty(top.node("providers")) {
      top.report("no providers; add 'providers:' with at least one entry", at: top.place(of: "providers"))
    }
    if configuration.providers.count > FileDraft.providerLimit {
      let first = providerMarks[FileDraft.providerLimit]
      top.report(
        "more than \(FileDraft.providerLimit) providers; remove this one and those after it", at: first)
    }
    top.refuseUnknownKeys()
  }

  /// Each is a candidate of every request, so there are no more than can be weighed in passing.
  static let providerLimit = 1000

  private static func isEmpty(_ list: YAMLNode?) -> Bool {
    guard let list else { return true }
    if case .sequence(let elements) = list.content { return elements.isEmpty }
    return list.isNull
  }

  private mutating func readRouting(_ section: inout SectionReader) -> RoutingConfiguration {
    var routing = RoutingConfiguration()
    routing.strategy = section.choice("strategy", of: RoutingStrategy.self) ?? routing.strategy
    routing.timeout = section.duration("timeout") ?? routing.timeout
    let penalty = section.section("penalty") { section in
      (
        window: section.duration("window"), threshold: section.number("threshold", in: 0...1),
        minimum: section.integer("min_requests", in: 1...1_000_000)
      )
    }
    routing.penaltyWindow = penalty?.window ?? routing.penaltyWindow
    routing.penaltyThreshold = penalty?.threshold ?? routing.penaltyThreshold
    routing.penaltyMinimumRequests = penalty?.minimum
    routing.sticky = section.duration("sticky")
    routing.intentBoost = section.number("intent_boost", in: 0...1) ?? routing.intentBoost
    routing.hedge = section.section("hedge") { HedgeConfiguration(reading: &$0) }
    intents = section.nameLists("intents")
    return routing
  }

  private mutating func readKeys(_ top: inout SectionReader) {
    configuration.keys = top.sections("keys", each: "client key") { section in
      let name = section.identifier("name")
      let keyMark = section.place(of: "key")
      var key = ClientKeyConfiguration(name: name.text, key: FileDraft.clientSecret(&section))
      key.budget = section.amount("budget_usd")
      key.budgetWindow = section.choice("budget_window", of: BudgetWindow.self) ?? key.budgetWindow
      key.rateLimitPerMinute = section.integer("rate_limit_rpm", in: 1...1_000_000_000)
      let models = section.texts("models")
      key.models = models?.map(\.text) ?? key.models
      if let models, models.isEmpty {
        section.report(
          "models allows nothing; name some, or remove it to allow all", at: section.place(of: "models"))
      }
      key.isAdmin = section.flag("admin") ?? key.isAdmin
      keyPlaces.append(KeyPlaces(name: name.mark, key: keyMark, models: models ?? []))
      return key
    }
  }

  /// Fewer characters than this are found by trying.
  static let shortestKey = 8

  /// A client key must be there: an empty one would let in whoever sends none.
  private static func clientSecret(_ section: inout SectionReader) -> Secret {
    let none = Secret("")
    guard section.entry("key") != nil else {
      section.report("the client key has no key; add 'key: ${NAME}'", at: section.mark)
      return none
    }
    let mark = section.place(of: "key")
    switch section.secret("key") {
    case .none:
      return none
    case .missing(let reason):
      section.report(
        "key: environment variable \(reason); export it, add it to .env beside this file, or remove this client key",
        at: mark)
      return none
    case .set(let secret):
      if secret.text.utf8.count < shortestKey {
        section.report(
          "key must have at least \(shortestKey) characters, because a shorter one is found by trying; "
            + "make one with: openssl rand -hex 24", at: mark)
      }
      return secret
    }
  }
}
