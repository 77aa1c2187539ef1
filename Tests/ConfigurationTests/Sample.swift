import Glibc

@testable import Configuration

/// Configurations in memory, and files in a folder of their own.
enum Sample {
  /// The least that is a configuration.
  static let provider = "providers: [{name: demo, kind: mock, free: true}]\n"

  /// A configuration whose only provider has `lines` besides its name, address and model.
  static func provider(_ lines: String...) -> String {
    let rest = lines.map { "    \($0)\n" }.joined()
    return "providers:\n  - name: groq\n    base_url: https://api.groq.com/v1\n    model: llama\n\(rest)"
  }

  static func decode(
    _ yaml: String, environment: [String: String] = [:]
  ) throws(ConfigurationErrors) -> GatewayConfiguration {
    try decode(bytes: Array(yaml.utf8), environment: environment)
  }

  static func decode(
    bytes: [UInt8], environment: [String: String] = [:]
  ) throws(ConfigurationErrors) -> GatewayConfiguration {
    let context = DecodingContext(
      environment: Environment(process: environment), diagnostics: Diagnostics(file: "providers.yaml"),
      folder: "")
    return try ProvidersFile.decode(bytes, in: context)
  }

  /// The lines of the errors, or nothing when the configuration is good.
  static func errors(_ yaml: String, environment: [String: String] = [:]) -> [String] {
    do throws(ConfigurationErrors) {
      _ = try decode(yaml, environment: environment)
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  /// The `providers.yaml` at the root of the package.
  static let shippedPath =
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/providers.yaml"

  static func shipped() throws -> [UInt8] {
    try TextFile(path: shippedPath, limit: ProvidersFile.sizeLimit).bytes
  }
}

/// A folder that is removed with everything in it when the test is over.
final class TemporaryFolder {
  /// Ends in a slash.
  let path: String

  init() {
    var template = Array("/tmp/tollgate-configuration-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("mkdtemp: \(String(cString: strerror(errno)))") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/"
  }

  deinit {
    for name in written { unlink(path + name) }
    rmdir(path)
  }

  private var written: [String] = []

  func write(_ text: String, to name: String, mode: mode_t = 0o600) {
    let descriptor = open(path + name, O_WRONLY | O_CREAT | O_TRUNC, mode)
    precondition(descriptor >= 0, "cannot write \(path + name)")
    let bytes = Array(text.utf8)
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "a short write")
    fchmod(descriptor, mode)
    close(descriptor)
    written.append(name)
  }
}
