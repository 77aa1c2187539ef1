/// One thing wrong with the configuration: where it is, what was found, what is allowed.
package struct ConfigurationError: Error, Hashable, Sendable {
  /// The path as it was given, or the name of an environment variable.
  package let file: String
  /// From 1; nil when the file as a whole is meant.
  package let line: Int?
  /// From 1, in characters; nil when the line or the file as a whole is meant.
  package let column: Int?
  package let message: String
}

extension ConfigurationError: CustomStringConvertible {
  /// `providers.yaml:12:5: unknown key 'modle'; did you mean 'model'?`
  package var description: String {
    let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
    return "\(file)\(place): \(message)"
  }
}

/// Everything found wrong in one reading of the configuration, so that it is mended in one go.
package struct ConfigurationErrors: Error, Sendable {
  /// In file order, at most `ConfigurationErrors.limit`, never empty.
  package let errors: [ConfigurationError]
  /// How many more there are.
  package let omittedCount: Int

  /// A screenful: whoever has more to mend starts with these.
  package static let limit = 20

  init(_ all: [ConfigurationError]) {
    precondition(!all.isEmpty, "a reading without an error does not fail")
    errors = Array(all.prefix(ConfigurationErrors.limit))
    omittedCount = all.count - errors.count
  }
}

extension ConfigurationErrors: CustomStringConvertible {
  /// One error a line.
  package var description: String {
    let lines = errors.map(\.description)
    let rest = omittedCount > 0 ? ["and \(omittedCount) more"] : []
    return (lines + rest).joined(separator: "\n")
  }
}
