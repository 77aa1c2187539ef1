import ArgumentParser
import Configuration
import Glibc

/// Which file, and how it is read: shared by every command that needs one.
struct ConfigurationOptions: ParsableArguments {
  @Option(name: .long, help: "The configuration file.")
  var config = "providers.yaml"

  /// Reads and checks the file; on an error says what is wrong and ends with 1.
  func load() throws -> GatewayConfiguration {
    do throws(ConfigurationErrors) {
      return try ProvidersFile.load(path: config, environment: Self.environment)
    } catch {
      printError(error.description)
      throw ExitCode(1)
    }
  }

  /// The folder that relative paths of the file start from.
  var folder: String {
    guard let slash = config.lastIndex(of: "/") else { return "." }
    return slash == config.startIndex ? "/" : String(config[..<slash])
  }

  /// `path`, from the folder of the file unless it is absolute.
  func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
  }

  /// The process's environment.
  static let environment: [String: String] = {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }()
}
