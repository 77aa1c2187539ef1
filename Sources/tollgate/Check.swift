import ArgumentParser
import Configuration

/// `tollgate check`: reads the file and shows what it comes to.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the configuration file and show the resolved table; exit 1 on an error.")

  @OptionGroup var options: ConfigurationOptions

  func run() throws {
    let configuration = try options.load()
    print(configuration.summaryTable(), terminator: "")
    for warning in configuration.warnings { printError("warning: \(warning)") }
    print("\(options.config) is fine.")
  }
}
