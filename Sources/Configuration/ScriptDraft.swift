import GatewayTypes

/// A simulation script as decoded, before it is held against the providers.
struct ScriptDraft {
  /// The path of the providers' file.
  let config: Scalar?
  private let seed: UInt64
  private let duration: Duration
  private let traffic: TrafficScript?
  private let behaviors: [(name: String, mark: YAMLMark, behavior: ProviderBehavior)]
  private let models: [Scalar]

  /// A year and a day: longer tells nothing more, and times stay far from the ends of 64 bits.
  static let longest: Duration = .seconds(366 * 86_400)

  /// Reads the script's own keys; the caller refuses what is unknown.
  init(reading top: inout SectionReader) {
    config = top.text("config")
    seed = UInt64(top.integer("seed", in: 0...Int.max) ?? 1)
    let duration = top.duration("duration", in: .seconds(1)...Self.longest) ?? .seconds(86_400)
    self.duration = duration
    var models: [Scalar] = []
    traffic = top.section("traffic") {
      TrafficScript(reading: &$0, duration: duration, models: &models)
    }
    self.models = models
    if top.node("traffic")?.isNull ?? true {
      top.report("no traffic; add 'traffic:' with a rate or an hourly list", at: top.place(of: "traffic"))
    }
    behaviors =
      top.section("behavior") { section in
        section.allEntries().compactMap { entry in
          let name = "behavior.\(entry.key)"
          guard
            var reader = SectionReader(
              entry.value, name: name, prefix: "\(name).", context: section.context)
          else { return nil }
          let behavior = ProviderBehavior(reading: &reader, duration: duration)
          reader.refuseUnknownKeys()
          return (entry.key, entry.keyMark, behavior)
        }
      } ?? []
  }

  /// The whole script, if it fits the providers.
  func script(
    for configuration: GatewayConfiguration, diagnostics: Diagnostics
  ) throws(ConfigurationErrors) -> SimulationScript {
    var script = SimulationScript(
      configuration: configuration, traffic: traffic ?? TrafficScript(rate: []))
    script.seed = seed
    script.duration = duration
    let providers = Dictionary(
      configuration.providers.map { ($0.id.text, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, mark, behavior) in behaviors {
      guard let provider = providers[name] else {
        let known = providers.keys.sorted()
        let advice =
          NearestName.find(name, in: known).map { "did you mean '\($0)'?" }
          ?? "known are \(known.joined(separator: ", "))"
        diagnostics.report("no provider is called \(name.keyForMessage); \(advice)", at: mark)
        continue
      }
      var behavior = behavior
      behavior.requestsPerMinute = behavior.requestsPerMinute ?? provider.rateLimitRequestsPerMinute
      script.behaviors[provider.id] = behavior
    }
    let askable = Set(
      configuration.providers.flatMap { [$0.id.text, $0.name, $0.model, "\($0.name)/\($0.model)"] }
        + configuration.aliases.keys + ["auto"])
    for model in models where !askable.contains(model.text) {
      let advice = NearestName.find(model.text, in: askable.sorted()).map { "; did you mean '\($0)'?" } ?? ""
      diagnostics.report("no provider serves the model \(model.quoted)\(advice)", at: model.mark)
    }
    try diagnostics.throwIfAny()
    return script
  }
}
