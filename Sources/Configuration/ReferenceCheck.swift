import GatewayTypes

/// Checks the sections of a file against each other and fills in what depends on more than one.
struct ReferenceCheck {
  private var configuration: GatewayConfiguration
  private let draft: FileDraft
  private let diagnostics: Diagnostics
  /// Name and id → the providers called so, in file order.
  private var called: [String: [ProviderID]] = [:]

  private init(_ draft: FileDraft, _ diagnostics: Diagnostics) {
    configuration = draft.configuration
    self.draft = draft
    self.diagnostics = diagnostics
  }

  /// The finished configuration; what does not fit together is reported.
  static func finish(_ draft: FileDraft, diagnostics: Diagnostics) -> GatewayConfiguration {
    var check = ReferenceCheck(draft, diagnostics)
    check.nameProviders()
    check.restDemonstrations()
    check.resolveAliases()
    check.resolveIntents()
    check.checkKeys()
    check.checkHost()
    return check.configuration
  }

  /// Gives each provider its id: the name, or `name/model` for all entries of a name that repeats.
  private mutating func nameProviders() {
    let counts = Dictionary(configuration.providers.map { ($0.name, 1) }, uniquingKeysWith: +)
    var places: [ProviderID: YAMLMark] = [:]
    for index in configuration.providers.indices {
      let provider = configuration.providers[index]
      // Without a name or model it has been reported already.
      guard !provider.name.isEmpty && !provider.model.isEmpty else { continue }
      let isRepeated = counts[provider.name, default: 1] > 1
      let id = ProviderID(isRepeated ? "\(provider.name)/\(provider.model)" : provider.name)
      configuration.providers[index].id = id
      if let first = places[id] {
        diagnostics.report(
          "provider '\(id)' is listed twice, first at \(first.line):\(first.column); "
            + "give one another name or model", at: draft.providerMarks[index])
      }
      places[id] = places[id] ?? draft.providerMarks[index]
      called[id.text, default: []].append(id)
      if isRepeated { called[provider.name, default: []].append(id) }
    }
  }

  /// Demonstrations serve only while nothing else does.
  private mutating func restDemonstrations() {
    if configuration.providers.contains(where: { $0.isEnabled && !$0.demoOnly }) {
      for index in configuration.providers.indices where configuration.providers[index].demoOnly {
        configuration.providers[index].disabledReason = "demo_only: another provider is enabled"
      }
    }
    if !configuration.providers.isEmpty && configuration.providers.allSatisfy({ !$0.isEnabled }) {
      diagnostics.warn("\(diagnostics.file): every provider is disabled, so no request can be answered")
    }
  }

  private mutating func resolveAliases() {
    for alias in draft.aliases {
      if let problem = Identifier.problem(alias.name) {
        diagnostics.report("alias \(alias.name.quotedForMessage) \(problem)", at: alias.mark)
      } else if called[alias.name] != nil {
        diagnostics.report("alias '\(alias.name)' is also a provider; rename one", at: alias.mark)
      }
      var seen: Set<ProviderID> = []
      configuration.aliases[alias.name] = alias.targets.flatMap { target in
        resolve(target, of: "alias '\(alias.name)'").filter { seen.insert($0).inserted }
      }
    }
  }

  private mutating func resolveIntents() {
    for intent in draft.intents {
      // The short form that `specialties` use as well.
      let name = intent.name == "code" ? "code_generation" : intent.name
      if !RoutingConfiguration.intentNames.contains(name) {
        let names = RoutingConfiguration.intentNames
        let advice = advice(name, names, otherwise: "known are \(names.joinedAsChoice)")
        diagnostics.report("unknown intent \(intent.name.keyForMessage); \(advice)", at: intent.mark)
      } else if configuration.routing.intents[name] != nil {
        diagnostics.report(
          "intent '\(name)' is listed twice: 'code' means 'code_generation'", at: intent.mark)
      }
      for target in intent.targets { _ = resolve(target, of: "intent '\(name)'") }
      configuration.routing.intents[name] = intent.targets.map(\.text)
    }
  }

  /// The providers that `target` names by id or by name; none is reported.
  private func resolve(_ target: Scalar, of owner: String) -> [ProviderID] {
    let found = called[target.text] ?? []
    guard !draft.aliases.contains(where: { $0.name == target.text }) || !found.isEmpty else {
      diagnostics.report(
        "\(owner): \(target.quoted) is an alias, not a provider; name its providers", at: target.mark)
      return []
    }
    if found.isEmpty && !diagnostics.isFull {
      let names = called.keys.sorted()
      let advice = advice(
        target.text, names, otherwise: "known are \(names.prefix(20).joined(separator: ", "))")
      diagnostics.report("\(owner): no provider is called \(target.quoted); \(advice)", at: target.mark)
    }
    return found
  }

  private func checkKeys() {
    var names: [String: YAMLMark] = [:]
    var secrets: [Secret: YAMLMark] = [:]
    let models = Set(called.keys).union(configuration.aliases.keys).union(
      configuration.providers.map(\.model) + ["*"])
    for (key, places) in zip(configuration.keys, draft.keyPlaces) {
      if let first = names[key.name], !key.name.isEmpty {
        diagnostics.report(
          "client key '\(key.name)' is listed twice, first at line \(first.line)", at: places.name)
      }
      if let first = secrets[key.key], !key.key.text.isEmpty {
        diagnostics.report(
          "the key is the same as the one at line \(first.line); each needs its own", at: places.key)
      }
      names[key.name] = names[key.name] ?? places.name
      secrets[key.key] = secrets[key.key] ?? places.key
      for model in places.models { checkModel(model, known: models) }
    }
  }

  private func checkModel(_ written: Scalar, known: Set<String>) {
    guard !known.contains(written.text) && !diagnostics.isFull else { return }
    let advice = advice(
      written.text, known.sorted(), otherwise: "'*' allows all, and other patterns are not supported")
    diagnostics.report(
      "models: no model, provider or alias is called \(written.quoted); \(advice)", at: written.mark)
  }

  private func advice(_ written: String, _ known: [String], otherwise: String) -> String {
    NearestName.find(written, in: known).map { "did you mean '\($0)'?" } ?? otherwise
  }

  private func checkHost() {
    guard let refusal = configuration.refusalToBind(host: configuration.server.host) else { return }
    diagnostics.report(refusal, at: draft.hostMark)
  }
}
