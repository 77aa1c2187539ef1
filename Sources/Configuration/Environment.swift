/// The variables that a configuration may name: the process's own, and those of `.env` beside the file.
struct Environment {
  private var variables: [String: String]

  /// Where a variable is in both, the process's value stands, even an empty one.
  init(process: [String: String], file: [String: String] = [:]) {
    variables = file.merging(process) { _, process in process }
  }

  subscript(name: String) -> String? { variables[name] }
}

extension Environment {
  /// A `.env` is a few lines.
  private static let fileLimit = 65_536

  /// Reads the `.env` in the folder of the configuration file, if there is one.
  init(process: [String: String], folder: String, diagnostics: Diagnostics) {
    let path = folder + ".env"
    do throws(TextFile.Trouble) {
      let file = try TextFile(path: path, limit: Environment.fileLimit)
      var errors: [EnvironmentFile.LineError] = []
      self.init(process: process, file: EnvironmentFile(file.bytes, errors: &errors).variables)
      for error in errors {
        diagnostics.report(
          ConfigurationError(file: path, line: error.line, column: nil, message: error.message))
      }
      if file.isWorldReadable {
        diagnostics.warn(
          "\(path): every account of this machine can read the keys in it; run: chmod 600 \(path)")
      }
    } catch {
      self.init(process: process)
      if case .missing = error { return }
      diagnostics.report(
        ConfigurationError(file: path, line: nil, column: nil, message: "\(error); mend it or move it away"))
    }
  }
}
