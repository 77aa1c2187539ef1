/// The file `providers.yaml` and how it becomes a configuration.
package enum ProvidersFile {
  /// Larger by far than any configuration a person writes.
  package static let sizeLimit = 1_048_576

  /// Reads, expands, decodes and checks the file; the whole of it is good, or every error is thrown.
  ///
  /// Looks at the file, at a `.env` in the same folder, and at the files that `api_key_file` names.
  /// `environment` is the process's own; it stands above `.env`. Blocks on the disk: not for a loop's thread.
  package static func load(
    path: String, environment: [String: String]
  ) throws(ConfigurationErrors) -> GatewayConfiguration {
    let bytes: [UInt8]
    do throws(TextFile.Trouble) {
      bytes = try TextFile(path: path, limit: sizeLimit).bytes
    } catch {
      throw ConfigurationErrors([
        ConfigurationError(file: path, line: nil, column: nil, message: message(for: error))
      ])
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let diagnostics = Diagnostics(file: path)
    let context = DecodingContext(
      environment: Environment(process: environment, folder: folder, diagnostics: diagnostics),
      diagnostics: diagnostics, folder: folder)
    return try decode(bytes, in: context)
  }

  /// Decodes the bytes of a file.
  static func decode(
    _ bytes: [UInt8], in context: DecodingContext
  ) throws(ConfigurationErrors) -> GatewayConfiguration {
    let diagnostics = context.diagnostics
    let start = YAMLMark(line: 1, column: 1)
    var root: YAMLNode?
    do throws(ConfigurationError) {
      var reader = YAMLReader(bytes, diagnostics: diagnostics)
      root = try reader.read()
    } catch {
      // Behind a syntax error nothing has a meaning that could be checked.
      throw ConfigurationErrors([error])
    }
    guard let root, !root.isNull else {
      diagnostics.report("the file is empty; it needs 'providers:' with at least one entry", at: start)
      try diagnostics.throwIfAny()
      preconditionFailure("an error was just reported")
    }
    var configuration = GatewayConfiguration()
    if var top = SectionReader(root, name: "the file", prefix: "", context: context) {
      configuration = ReferenceCheck.finish(FileDraft(reading: &top), diagnostics: diagnostics)
    }
    CooldownVariables.apply(to: &configuration, in: context)
    try diagnostics.throwIfAny()
    configuration.warnings = diagnostics.warnings
    return configuration
  }

  private static func message(for trouble: TextFile.Trouble) -> String {
    switch trouble {
    case .missing: "\(trouble); give its path with --config, or start in the folder that holds it"
    case .notRegular: "\(trouble); give the path of a providers.yaml with --config"
    case .tooLarge: "\(trouble), the most that is read; is it the right file?"
    case .refused: "\(trouble); check the permissions of the file and of its folders"
    }
  }
}
