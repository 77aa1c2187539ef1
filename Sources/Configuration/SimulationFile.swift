/// A script for `tollgate simulate`, and how it is read: as strictly as `providers.yaml`.
package enum SimulationFile {
  /// Reads and checks the script and the providers that it names; it is good, or every error is thrown.
  ///
  /// Paths in it start at its own folder. Blocks on the disk.
  package static func load(
    path: String, environment: [String: String]
  ) throws(ConfigurationErrors) -> SimulationScript {
    let bytes: [UInt8]
    do throws(TextFile.Trouble) {
      bytes = try TextFile(path: path, limit: ProvidersFile.sizeLimit).bytes
    } catch {
      throw ConfigurationErrors([
        ConfigurationError(
          file: path, line: nil, column: nil, message: "\(error); give the path of a simulation script")
      ])
    }
    return try decode(bytes, path: path, environment: environment)
  }

  /// As `load`, of bytes that are already there.
  package static func decode(
    _ bytes: [UInt8], path: String, environment: [String: String]
  ) throws(ConfigurationErrors) -> SimulationScript {
    let diagnostics = Diagnostics(file: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let context = DecodingContext(
      environment: Environment(process: environment, folder: folder, diagnostics: diagnostics),
      diagnostics: diagnostics, folder: folder)
    var root: YAMLNode?
    do throws(ConfigurationError) {
      var reader = YAMLReader(bytes, diagnostics: diagnostics)
      root = try reader.read()
    } catch {
      throw ConfigurationErrors([error])
    }
    guard let root, !root.isNull else {
      throw ConfigurationErrors([
        ConfigurationError(
          file: path, line: 1, column: 1, message: "the script is empty; it needs 'traffic:' and providers")
      ])
    }
    guard var top = SectionReader(root, name: "the script", prefix: "", context: context) else {
      try diagnostics.throwIfAny()
      preconditionFailure("an error was just reported")
    }
    let draft = ScriptDraft(reading: &top)
    let configuration = try configuration(&top, draft, environment: environment)
    try diagnostics.throwIfAny()
    return try draft.script(for: configuration, diagnostics: diagnostics)
  }

  /// The providers: of the file that `config` names, else of the script itself.
  private static func configuration(
    _ top: inout SectionReader, _ draft: ScriptDraft, environment: [String: String]
  ) throws(ConfigurationErrors) -> GatewayConfiguration {
    var configuration: GatewayConfiguration
    if let named = draft.config {
      if top.node("providers") != nil {
        top.report(
          "'providers' and 'config' both say who is asked; keep one", at: top.place(of: "providers"))
      }
      top.refuseUnknownKeys()
      let path = named.text.hasPrefix("/") ? named.text : top.context.folder + named.text
      configuration = try ProvidersFile.load(path: path, environment: environment)
    } else {
      configuration = ReferenceCheck.finish(
        FileDraft(reading: &top), diagnostics: top.context.diagnostics)
      CooldownVariables.apply(to: &configuration, in: top.context)
    }
    configuration.enableWhatOnlyLacksAKey()
    return configuration
  }
}

extension GatewayConfiguration {
  /// Nobody is really called, so nobody needs a key.
  fileprivate mutating func enableWhatOnlyLacksAKey() {
    for index in providers.indices where providers[index].needsKey { providers[index].disabledReason = nil }
    guard providers.contains(where: { $0.isEnabled && !$0.demoOnly }) else { return }
    for index in providers.indices where providers[index].demoOnly {
      providers[index].disabledReason = "demo_only: another provider is enabled"
    }
  }
}
